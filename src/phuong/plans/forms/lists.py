"""Filters of indicators and tasks, and the settlement of a doubt."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.refusals import BadInput
from phuong.plans.models import Indicator, Plan

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


class MatrixFilter(forms.Form):
    """Filters of the cross-plan matrix; nonsense in an address is ignored."""

    plan = forms.ChoiceField(label=gettext_lazy("Kế hoạch"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Đơn vị chịu trách nhiệm"), required=False)
    conflicts = forms.BooleanField(label=gettext_lazy("Chỉ xem mâu thuẫn"), required=False)

    def __init__(self, data: Any, *, plans: list[Plan], units: list[str]) -> None:
        """Offer the plans and the units that answer for anything."""
        super().__init__(data)
        named = [(plan.code, plan.short_title) for plan in plans]
        self.fields["plan"].choices = [_ANY, *named]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [_ANY, *((unit, unit) for unit in units)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Give the filters that were understood, as the matrix takes them."""
        self.is_valid()
        facts = self.cleaned_data
        return {
            "plan": facts.get("plan", ""),
            "unit": facts.get("unit", ""),
            "conflicts_only": facts.get("conflicts", False),
        }
