"""Forms of reported values: one indicator, many at once, and the review."""

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.plans.models import Indicator
from phuong.plans.queries import Line, takes_parts
from phuong.records.api import Words

_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")
_PLAIN = re.compile(r"\d{1,16}(\.\d{1,10})?")
_MOST_LINES = 200
EARLIEST_YEAR = 2000
_DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
_DECIMALS = {"inputmode": "decimal", "autocomplete": "off"}


class Number(forms.CharField):
    """A number as people write it: 1.234,5 or 93.5; dots before groups of three are thousands."""

    widget = forms.TextInput(attrs=_DECIMALS)
    default_error_messages: ClassVar = {"required": gettext_lazy("Ghi số liệu rồi mới gửi.")}

    def to_python(self, value: Any) -> Any:
        """Read the number; nothing stays nothing."""
        text = str(super().to_python(value) or "").replace(" ", "").replace("\u00a0", "").removesuffix("%")
        if not text:
            return None
        if "," in text or _THOUSANDS.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        if not _PLAIN.fullmatch(text):
            raise forms.ValidationError(gettext_lazy("Ghi một số không âm, ví dụ 93,5."), code="invalid")
        return Decimal(text)


class Whole(Number):
    """A whole number, with or without dots between thousands."""

    widget = forms.TextInput(attrs=_DIGITS)

    def to_python(self, value: Any) -> Any:
        """Read the number."""
        number = super().to_python(value)
        if number is None:
            return None
        if number != int(number):
            raise forms.ValidationError(gettext_lazy("Ghi một số nguyên, ví dụ 1.240."), code="invalid")
        return int(number)


def month_in(text: str) -> dt.date | None:
    """Read a month as ``2026-11``; nonsense is no month, nor is one before the century."""
    try:
        month = dt.datetime.strptime(text, "%Y-%m").date() if len(text) == len("2026-11") else None  # noqa: DTZ007
    except ValueError:
        return None
    return month if month and month.year >= EARLIEST_YEAR else None


def value_fields(indicator: Indicator) -> dict[str, forms.Field]:
    """Give the fields in which the value of an indicator is written."""
    if takes_parts(indicator):
        sign = ", %" if indicator.unit == "percent" else ""
        return {
            "numerator": Whole(
                label=gettext_lazy("Số đạt"),
                help_text=gettext_lazy("Chỉ tiêu đếm đơn vị: ghi 1 trên 1 nếu đơn vị mình đạt, 0 trên 1 nếu chưa."),
            ),
            "denominator": Whole(label=gettext_lazy("Tổng số")),
            "value": Number(label=_("Chỉ biết tỉ lệ") + sign, required=False),
        }
    if indicator.unit == "yes_no":
        choices = [("1", gettext_lazy("Đã đạt")), ("0", gettext_lazy("Chưa đạt"))]
        field = forms.TypedChoiceField(
            label=gettext_lazy("Kết quả"), choices=choices, coerce=Decimal, empty_value=None, widget=forms.RadioSelect
        )
        return {"value": field}
    return {"value": Number(label=gettext_lazy("Giá trị"))}


class ReportForm(forms.Form):
    """What a unit reports of one indicator and month."""

    def __init__(self, indicator: Indicator, *given: Any, is_correction: bool = False, **options: Any) -> None:
        """Ask for what the indicator is counted in; a correction needs its reason."""
        super().__init__(*given, **options)
        self.fields.update(value_fields(indicator))
        for name in ("numerator", "denominator") if self.data.get("value") else ():
            if name in self.fields:
                self.fields[name].required = False
        self.fields["source"] = Words(
            label=gettext_lazy("Số liệu lấy từ đâu"),
            max_length=500,
            required=self.data.get("act") != "draft",
            error_messages={"required": gettext_lazy("Ghi số liệu lấy từ đâu, ví dụ tên sổ hoặc báo cáo.")},
        )
        if is_correction:
            self.fields["reason"] = Words(
                label=gettext_lazy("Vì sao sửa số đã duyệt"),
                max_length=500,
                error_messages={"required": gettext_lazy("Số tháng này đã được duyệt. Ghi lí do sửa rồi gửi bản mới.")},
            )
        area = forms.Textarea(attrs={"rows": 3})
        self.fields["comment"] = Words(
            label=gettext_lazy("Giải thích thêm"), max_length=2000, required=False, widget=area
        )
        self.fields["file"] = forms.FileField(
            label=gettext_lazy("Tệp minh chứng"),
            required=False,
            widget=forms.FileInput,
            help_text=gettext_lazy("PDF, ảnh JPG, PNG, Word hoặc Excel, tối đa 10 MB."),
        )

    def facts(self) -> dict[str, Any]:
        """Give what was written, without the file."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class ManyForm(forms.Form):
    """The values of many indicators at once; a line left empty is passed over."""

    def __init__(self, lines: Sequence[Line], *given: Any) -> None:
        """Ask for each line that has nothing in hand yet."""
        super().__init__(*given)
        self.lines = [line for line in lines if line.now is None][:_MOST_LINES]
        for line in self.lines:
            for name, field in _short_fields(line).items():
                field.required, field.help_text = False, ""
                field.label = f"{line.indicator.title}: {field.label}"
                field.widget.attrs["class"] = "in"
                self.fields[f"{name}-{line.key}"] = field

    def row(self, line: Line) -> dict[str, Any]:
        """Give the bound fields of one line."""
        names = ("numerator", "denominator", "value", "source")
        return {name: self[f"{name}-{line.key}"] for name in names if f"{name}-{line.key}" in self.fields}

    def filled(self) -> list[tuple[Line, dict[str, Any]]]:
        """Give the lines in which a value was written, with their facts."""
        found = []
        for line in self.lines:
            names = ("numerator", "denominator", "value", "source")
            facts = {name: self.cleaned_data.get(f"{name}-{line.key}") for name in names}
            if any(facts[name] is not None for name in names[:3]):
                found.append((line, facts))
        return found


def _short_fields(line: Line) -> dict[str, forms.Field]:
    """Give the fields of one line of the list: two numbers or a value, and the source, as it was the month before."""
    source = Words(label=_("Nguồn"), max_length=500, initial=line.before.source if line.before else "")
    if line.indicator.unit == "yes_no":
        choices = [("", gettext_lazy("Chọn")), ("1", gettext_lazy("Đã đạt")), ("0", gettext_lazy("Chưa đạt"))]
        asked = forms.TypedChoiceField(label=gettext_lazy("Kết quả"), choices=choices, coerce=Decimal, empty_value=None)
        return {"value": asked, "source": source}
    fields = value_fields(line.indicator)
    if line.takes_parts:
        fields.pop("value")
    return {**fields, "source": source}


class ReviewForm(forms.Form):
    """A decision on one value, or on the ticked ones."""

    comment = Words(
        label=gettext_lazy("Nhận xét"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Trả lại thì phải ghi cần sửa gì."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def picked(values: Sequence[str]) -> dict[UUID, dt.datetime]:
    """Read ticks, ``key|moment when it was sent in``; nonsense is passed over."""
    found = {}
    for text in values[:_MOST_LINES]:
        key, _bar, moment = text.partition("|")
        try:
            read = parse_datetime(moment)
            if read is not None and read.tzinfo is not None:
                found[UUID(key)] = read
        except ValueError:
            continue
    return found
