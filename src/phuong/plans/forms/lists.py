"""Filters of indicators and tasks, and the settlement of a doubt."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.refusals import BadInput
from phuong.plans.models import Indicator

_ANY = ("", gettext_lazy("Tất cả"))


class IndicatorFilter(forms.Form):
    """Filters of the list of indicators."""

    plan = forms.SlugField(required=False, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label=gettext_lazy("Tình trạng"),
        required=False,
        choices=[
            _ANY,
            ("behind", gettext_lazy("Chậm")),
            ("attention", gettext_lazy("Cần chú ý")),
            ("on_track", gettext_lazy("Đúng tiến độ")),
            ("met", gettext_lazy("Đạt")),
            ("no_data", gettext_lazy("Chưa có số liệu")),
        ],
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("Số liệu có từ"), required=False, choices=[_ANY, *Indicator.Decision.choices]
    )

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TaskFilter(forms.Form):
    """Filters of the list of tasks."""

    lead = forms.ChoiceField(label=gettext_lazy("Đơn vị chủ trì"), required=False)

    def __init__(self, data: Any, *, units: list[str]) -> None:
        """Offer the units that lead any task."""
        super().__init__(data)
        self.fields["lead"].choices = [_ANY, *((unit, unit) for unit in units)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Settlement(forms.Form):
    """What the original says."""

    settlement = forms.CharField(max_length=500)

    def words(self) -> str:
        """Give the words.

        :raises BadInput: nothing was written
        """
        if not self.is_valid():
            raise BadInput(_("Ghi bản gốc viết thế nào rồi mới lưu."))
        return str(self.cleaned_data["settlement"])
