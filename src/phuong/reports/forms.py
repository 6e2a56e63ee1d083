"""Forms of reports."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.records.api import Day, Words
from phuong.registry.api import Organisation
from phuong.reports.files import NARRATIVE
from phuong.reports.models import Report
from phuong.reports.rules import Stage, signers_for

MOST_SIGNERS = 20


class NewReport(forms.Form):
    """Which report, of which period."""

    kind = forms.ChoiceField(label=_("Loại báo cáo"), choices=Report.Kind.choices)
    day = Day(label=_("Một ngày trong kì báo cáo"))


class WordsForm(forms.Form):
    """The narrative blocks."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        """Offer each block."""
        super().__init__(data, **options)
        for code, title in NARRATIVE:
            area = forms.Textarea(attrs={"rows": 4})
            self.fields[code] = Words(label=title, required=False, max_length=6000, widget=area)


class Because(forms.Form):
    """Why a sent report is restated."""

    because = Words(label=_("Lí do đính chính"), max_length=300)


class StepForm(forms.Form):
    """What goes with a step: a comment, and the form of signing."""

    comment = Words(label=_("Ý kiến"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    signer = forms.IntegerField(required=False, min_value=0, max_value=MOST_SIGNERS, widget=forms.HiddenInput)

    def offer(self, stage: Stage, post: str) -> None:
        """Let whoever approves choose among the forms of signing, when there is more than one."""
        offered = signers_for(stage, post)
        if len(offered) > 1:
            choices = [
                (place, ", ".join(filter(None, (one.authority.replace("\n", ", "), one.title))))
                for place, one in enumerate(offered)
            ]
            self.fields["signer"] = forms.ChoiceField(label=_("Kí với thể thức"), choices=choices)


class ReportFilter(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(label=_("Tên đơn vị"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Loại báo cáo"), choices=[("", _("Tất cả")), *Report.Kind.choices], required=False)
    state = forms.ChoiceField(label=_("Trạng thái"), choices=[("", _("Tất cả")), *Report.State.choices], required=False)

    def chosen(self) -> dict[str, str]:
        """Give the filters that say something; nonsense is ignored."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}


class OwedFilter(forms.Form):
    """Which kind of report is looked for."""

    kind = forms.ChoiceField(label=_("Loại báo cáo"), choices=Report.Kind.choices, required=False)

    def chosen(self) -> str:
        """Give the kind chosen; monthly when none or nonsense is."""
        return self.cleaned_data["kind"] if self.is_valid() and self.cleaned_data["kind"] else Report.Kind.MONTHLY


class Collected(forms.Form):
    """Which reports are to be collected into one file."""

    kind = forms.ChoiceField(choices=Report.Kind.choices, widget=forms.HiddenInput)
    starts_on = forms.DateField(widget=forms.HiddenInput)
    area = forms.UUIDField(label=_("Xã, phường"), required=False, widget=forms.Select)

    def offer(self, units: Iterable[Organisation]) -> None:
        """Let the reader choose among units; without any, the whole place is meant."""
        choices = [(str(unit.pk), unit.name) for unit in units]
        if choices:
            self.fields["area"].widget = forms.Select(choices=[("", _("Mọi trường")), *choices])
        else:
            del self.fields["area"]
