"""What is registered of a site, and what a person agrees to."""

import secrets
from typing import Any

from allauth.idp.oidc.forms import AuthorizationForm
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.records.api import Day, Words
from phuong.signon.actions.sites import Site
from phuong.signon.rules import is_safe_address, sector_of

SUBJECT = "openid"


class Agree(AuthorizationForm):  # type: ignore[misc]
    """What a site will know. The subject is what signing in is: told with it, never a choice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the rest only."""
        super().__init__(*args, **kwargs)
        self.always = [label for scope, label in self.fields["scopes"].choices if scope == SUBJECT]
        self.fields["scopes"].required = not self.always

    def choosable(self) -> list[Any]:
        """Give the boxes of what may be left out."""
        return [box for box in self["scopes"] if box.data["value"] != SUBJECT]

    def clean_scopes(self) -> list[str]:
        """Add the subject where the site asked for it, ticked or not."""
        chosen = [scope for scope in self.cleaned_data["scopes"] if scope != SUBJECT]
        return [SUBJECT, *chosen] if self.always else chosen


class SiteForm(forms.Form):
    """A new site that signs people in through this house."""

    name = Words(label=_("Tên trang"), max_length=100)
    purpose = Words(label=_("Dùng để làm gì, theo văn bản nào"), max_length=500)
    contact = Words(label=_("Người phụ trách, điện thoại"), max_length=200)
    redirect_uris = forms.CharField(
        label=_("Địa chỉ nhận người dùng về, mỗi dòng một địa chỉ"), widget=forms.Textarea(attrs={"rows": 3})
    )
    logout_uri = forms.CharField(label=_("Địa chỉ nhận tin phiên đã hết"), max_length=300, required=False)
    valid_until = Day(label=_("Dùng đến ngày"))
    is_outside = forms.BooleanField(
        label=_("Trang của đơn vị ngoài ngành (mỗi người một mã riêng tại trang)"), required=False, initial=True
    )
    has_secret = forms.BooleanField(label=_("Trang có máy chủ giữ được bí mật"), required=False)

    def clean_redirect_uris(self) -> tuple[str, ...]:
        """Take the addresses, all safe and of one host."""
        lines = tuple(line.strip() for line in self.cleaned_data["redirect_uris"].splitlines() if line.strip())
        for line in lines:
            if not is_safe_address(line):
                raise forms.ValidationError(_("Dòng «%s»: cần https://, không có dấu * và #.") % line[:80])
        if not sector_of(list(lines)):
            raise forms.ValidationError(_("Các địa chỉ phải cùng một tên máy chủ."))
        return lines

    def clean_logout_uri(self) -> str:
        """Take a safe address, or none."""
        address = str(self.cleaned_data["logout_uri"]).strip()
        if address and not is_safe_address(address):
            raise forms.ValidationError(_("Cần https://, không có dấu * và #."))
        return address

    def clean_valid_until(self) -> Any:
        """Take a day to come."""
        day = self.cleaned_data["valid_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Ngày này đã qua."))
        return day

    def site(self) -> Site:
        """Give the site with a fresh secret where it keeps one."""
        secret = secrets.token_urlsafe(32) if self.cleaned_data["has_secret"] else ""
        return Site(secret=secret, **self.cleaned_data)
