"""Checks what people type at the desk of roles, in emergencies, for support and for caps."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.identity.api import Account, Grant, Kind, account_named, roles_by_code, seat_of
from phuong.oversight.declarations import limits
from phuong.records.api import Day, Words
from phuong.registry.api import Organisation

MOST_REASON, MOST_ROWS, MOST_UNITS = 500, 1_000_000, 10_000
LENT = (Kind.OWN, Kind.DELEGATED, Kind.SUBSTITUTE)


def _reason(label: Any) -> Words:
    return Words(
        label=label,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Ghi lí do: người duyệt, người kiểm tra sau này đọc dòng này.")},
    )


def _hours(most: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Trong mấy giờ"), coerce=int, choices=[(hour, str(hour)) for hour in range(1, most + 1)]
    )


class GiveRole(forms.Form):
    """A role for an account at one unit."""

    username = Words(label=_("Tên đăng nhập của người nhận"), max_length=150)
    role = forms.ChoiceField(label=_("Vai trò"))
    kind = forms.ChoiceField(label=_("Giao thế nào"), choices=[(each.value, each.label) for each in LENT])
    starts_on = Day(label=_("Từ ngày"))
    ends_on = Day(
        label=_("Đến hết ngày"),
        required=False,
        help_text=_("Ủy quyền, làm thay phải có ngày kết thúc, dài nhất một năm."),
    )
    reason = _reason(_("Lí do, theo văn bản nào"))

    def __init__(self, *args: Any, unit: Organisation, **kwargs: Any) -> None:
        """Offer the roles that exist at the level of ``unit``; which of them may be given is decided by the action."""
        super().__init__(*args, **kwargs)
        self.unit = unit
        seat = seat_of(unit)
        self.offered = [role for role in roles_by_code().values() if role.seat and role.seat == seat]
        self.fields["role"].choices = [(role.code, role.title) for role in self.offered]  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = f"{timezone.localdate():%d/%m/%Y}"

    def clean_username(self) -> Account:
        """Find the account within one's own place."""
        account = account_named(self.cleaned_data["username"])
        if account is None:
            raise forms.ValidationError(_("Trong phạm vi của anh/chị không có tài khoản nào tên như vậy."))
        return account

    def grant(self) -> Grant:
        """Give what is to be given."""
        facts: dict[str, Any] = self.cleaned_data
        return Grant(
            account_id=facts["username"].pk,
            unit=self.unit,
            role=facts["role"],
            starts_on=facts["starts_on"],
            ends_on=facts["ends_on"],
            kind=facts["kind"],
            reason=facts["reason"],
        )


class Because(forms.Form):
    """Why something is ended or let go on."""

    because = _reason(_("Lí do"))


class Emergency(forms.Form):
    """A wide role for some hours."""

    role = forms.ChoiceField(label=_("Cần quyền của"))
    hours = _hours(limits().emergency_hours)
    reason = _reason(_("Chuyện gì đang xảy ra"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the roles of the catalog."""
        super().__init__(*args, **kwargs)
        roles = roles_by_code()
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (code, roles[code].title) for code in limits().emergency_roles
        ]


class AskAccess(forms.Form):
    """A stay at one school."""

    school_code = Words(label=_("Mã trường"), max_length=50)
    hours = _hours(limits().support_hours)
    reason = _reason(_("Sửa giúp việc gì, theo yêu cầu nào"))


class SetCap(forms.Form):
    """What a role may take away in a day."""

    role = forms.CharField(max_length=50)
    rows = forms.IntegerField(label=_("Số dòng một ngày"), min_value=0, max_value=MOST_ROWS)
    units = forms.IntegerField(label=_("Số đơn vị một ngày"), min_value=0, max_value=MOST_UNITS)
