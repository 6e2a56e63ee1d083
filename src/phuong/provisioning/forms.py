"""What is agreed with a system."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from phuong.provisioning.actions.clients import System
from phuong.provisioning.rules.roles import SCHOOL_ROLES, parse_role_map
from phuong.records.api import Day, Words

MOST_RATE = 60_000
_EXAMPLE = "GV = teacher\nGVCN = homeroom_teacher"


class SystemForm(forms.Form):
    """A new system that keeps the accounts of a unit."""

    name = Words(label=_("Tên phần mềm"), max_length=120)
    unit = Words(
        label=_("Mã đơn vị"),
        max_length=40,
        help_text=_("Phần mềm chỉ thấy tài khoản của đơn vị này và các đơn vị bên dưới."),
    )
    role_map = forms.CharField(
        label=_("Bảng vai trò, mỗi dòng «từ của phần mềm = vai trò»"),
        help_text=format_lazy(
            "{} {}", _("Từ không có trong bảng thì không cấp quyền gì. Vai trò là một trong:"), ", ".join(SCHOOL_ROLES)
        ),
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": _EXAMPLE}),
        required=False,
        max_length=4000,
    )
    rate = forms.IntegerField(label=_("Số lần gọi mỗi phút"), min_value=1, max_value=MOST_RATE, initial=600)
    valid_until = Day(label=_("Dùng đến ngày"))
    contact = Words(label=_("Người phụ trách, điện thoại"), max_length=200, required=False)

    def clean_role_map(self) -> dict[str, str]:
        """Take the map; a line that cannot be read is named."""
        try:
            return parse_role_map(self.cleaned_data["role_map"])
        except ValueError as error:
            raise forms.ValidationError(
                _("Dòng %(line)s chưa đúng: ghi «từ = vai trò», vai trò có trong danh sách bên trên.") % {"line": error}
            ) from error

    def clean_valid_until(self) -> dt.date:
        """Take a day to come."""
        day: dt.date = self.cleaned_data["valid_until"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Ngày này đã qua."))
        return day

    def system(self) -> System:
        """Give what is agreed."""
        facts = self.cleaned_data
        return System(facts["name"], facts["valid_until"], facts["role_map"], facts["contact"], facts["rate"])
