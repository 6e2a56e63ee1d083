"""What the desk of differences asks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from phuong.kernel.attachments import ENDINGS
from phuong.kernel.text import search_key
from phuong.records.api import Words
from phuong.registry.api import IdentityState
from phuong.verification.rules import FIELDS, OPEN

TITLES = {
    "full_name": _("Họ và tên"),
    "birth_date": _("Ngày sinh"),
    "sex": _("Giới tính"),
    "number": _("Số định danh cá nhân"),
}
OURS, THEIRS = "ours", "theirs"
_ANY = ("", _("Tất cả"))


class CaseFilter(forms.Form):
    """Which cases to list."""

    q = forms.CharField(label=_("Họ và tên"), required=False, max_length=80)
    field = forms.ChoiceField(
        label=_("Khác ở"), required=False, choices=[_ANY, *((name, TITLES[name]) for name in FIELDS)]
    )
    state = forms.ChoiceField(
        label=_("Kết quả"), required=False, choices=[_ANY, *((one.value, IdentityState(one).label) for one in OPEN)]
    )
    decided = forms.ChoiceField(
        label=_("Rà soát"), required=False, choices=[_ANY, ("no", _("Chưa rà soát")), ("yes", _("Đã rà soát"))]
    )

    def chosen(self) -> dict[str, Any]:
        """Give the filters in force; nonsense is ignored."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" in found:
            found["q"] = search_key(found["q"])
        return found


class Decision(forms.Form):
    """Which side is right in each field, why, and what proves it."""

    check_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, differing: Mapping[str, tuple[str, str]], data: Any = None, files: Any = None, **options: Any
    ) -> None:
        """Ask for each field that differs (field: our value, theirs); nothing is chosen beforehand."""
        super().__init__(data, files, **options)
        self.differing = list(differing)
        for name, (ours, theirs) in differing.items():
            self.fields[f"side_{name}"] = forms.ChoiceField(
                label=TITLES[name],
                choices=[
                    (THEIRS, format_lazy("{}: {}", _("Lấy theo CSDL dân cư"), theirs)),
                    (OURS, format_lazy("{}: {}", _("Giữ của trường"), ours)),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("Chọn bên đúng.")},
            )
        self.fields["reason"] = Words(
            label=_("Lí do"), max_length=300, help_text=_("Ví dụ: đã đối chiếu giấy khai sinh bản chính.")
        )
        self.fields["file"] = forms.FileField(
            label=_("Tệp minh chứng"),
            required=False,
            help_text=_("PDF, ảnh JPG, PNG, Word hoặc Excel, nặng nhất 10 MB."),
            widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
        )

    def taken(self) -> list[str]:
        """Give the fields in which the other side is right (call when valid)."""
        return [name for name in self.differing if self.cleaned_data[f"side_{name}"] == THEIRS]
