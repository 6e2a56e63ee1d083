"""Filters of the journal; nonsense in an address is ignored, never an error."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.journal.declarations import REFUSED


class JournalFilter(forms.Form):
    """A form read from the address; ``chosen`` holds what could be understood."""

    person = forms.CharField(label=_("Hồ sơ của (tên hoặc mã)"), required=False, max_length=80)
    who = forms.CharField(label=_("Người làm (tên hoặc tài khoản)"), required=False, max_length=80)
    act = forms.ChoiceField(
        label=_("Việc"),
        required=False,
        choices=[
            ("", _("Tất cả")),
            ("reading", _("Mở hồ sơ, danh sách")),
            ("writing", _("Tạo, sửa, kết thúc hồ sơ")),
            ("taking", _("Xuất ra tệp")),
            ("entering", _("Đăng nhập")),
            (REFUSED, _("Bị từ chối")),
        ],
    )
    record = forms.CharField(label=_("Mã bản ghi"), required=False, max_length=200)
    first = forms.DateField(label=_("Từ ngày"), required=False, widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=_("Đến ngày"), required=False, widget=forms.DateInput({"type": "date"}))

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value and "\0" not in str(value)}
