"""Forms of reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.records.api import Day, Words
from phuong.reports.files import NARRATIVE
from phuong.reports.models import Report


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
