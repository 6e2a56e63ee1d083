"""Forms made from the declaration of a kind: one parser for the desk, bulk changes and other systems."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.kernel.attachments import ENDINGS
from phuong.kernel.codelists import entries_of, title_of
from phuong.kernel.text import nfc
from phuong.records.declarations import (
    CHOICE,
    CODE,
    CODES,
    DATE,
    LONG,
    NUMBER,
    REAL,
    RECORD,
    WHOLE,
    YES_NO,
    Field,
    RecordKind,
    kind_named,
)
from phuong.records.errors import BadValues

_EMPTY = ("", _("Chọn"))
_DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_ONE_OF_THESE = _("Chọn một mục trong danh sách.")
MOST_LONG = 4000
MOST_OPTIONS = 500


class Words(forms.CharField):
    """Text in the one stored form (NFC, single spaces)."""

    def to_python(self, value: Any) -> str:
        """Bring to the stored form; line breaks stay in long text."""
        text = str(super().to_python(value) or "")
        return "\n".join(nfc(line) for line in text.splitlines()) if "\n" in text else nfc(text)


class Digits(forms.CharField):
    """A number or code typed with spaces, dots or dashes between."""

    def to_python(self, value: Any) -> str:
        """Drop what people put between digits."""
        return "".join(char for char in str(super().to_python(value) or "") if char not in " .-\u00a0")


class Day(forms.DateField):
    """A day typed as dd/mm/yyyy."""

    def __init__(self, **options: Any) -> None:
        """Accept the ways people write a day."""
        widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"})
        super().__init__(widget=widget, input_formats=_DAY_FORMATS, **options)
        self.error_messages["invalid"] = _("Gõ ngày dạng dd/mm/yyyy, ví dụ 05/09/2026.")

    def prepare_value(self, value: Any) -> Any:
        """Show a day as people write it."""
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        """Refuse years that no record can hold."""
        day: dt.date | None = super().to_python(value)
        if day is not None and not 1900 <= day.year <= 2100:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class YesNo(forms.ChoiceField):
    """Yes, no, or not said."""

    def __init__(self, **options: Any) -> None:
        """Offer the three."""
        super().__init__(choices=[("", _("Chưa khai")), ("yes", _("Có")), ("no", _("Không"))], **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a truth as its choice."""
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def to_python(self, value: Any) -> Any:
        """Read what forms and machines send."""
        text = {True: "yes", False: "no", "true": "yes", "false": "no"}.get(value, value)
        return super().to_python(text)

    def clean(self, value: Any) -> Any:
        """Give the truth, or ``None`` when nothing was said."""
        return {"yes": True, "no": False}.get(super().clean(value))


def form_field(field: Field, *, choices: list[tuple[str, Any]] | None = None) -> forms.Field:
    """Make the form field of ``field``; ``choices``: the records a reference may point to."""
    common: dict[str, Any] = {"label": field.label, "required": field.required, "help_text": field.hint}
    made = _made(field, common, choices)
    made.error_messages["required"] = _("Chưa có %s.") % str(field.label).lower()
    if isinstance(made, forms.ChoiceField):
        made.error_messages["invalid_choice"] = _ONE_OF_THESE
    return made


def _made(field: Field, common: dict[str, Any], choices: list[tuple[str, Any]] | None) -> forms.Field:
    simple = {DATE: Day, YES_NO: YesNo}.get(field.type)
    if simple:
        return simple(**common)
    if field.type in (WHOLE, REAL):
        kind: Any = forms.IntegerField if field.type == WHOLE else forms.FloatField
        number: forms.Field = kind(min_value=field.lowest, max_value=field.highest, **common)
        return number
    if field.type in (CODE, CHOICE, RECORD):
        return forms.ChoiceField(choices=[_EMPTY, *(_choices_of(field) if choices is None else choices)], **common)
    if field.type == CODES:
        return forms.MultipleChoiceField(choices=_choices_of(field), widget=forms.CheckboxSelectMultiple, **common)
    return _text(field, common)


def _text(field: Field, common: dict[str, Any]) -> forms.Field:
    if field.type == NUMBER:
        return Digits(max_length=field.most, **common)
    widget = forms.Textarea(attrs={"rows": 4}) if field.type == LONG else None
    return Words(max_length=MOST_LONG if field.type == LONG else field.most, widget=widget, **common)


def _choices_of(field: Field) -> list[tuple[str, Any]]:
    if field.codes:
        return [(code, title_of(field.codes, code)) for code in entries_of(field.codes)]
    return list(field.choices)


class RecordForm(forms.Form):
    """The form of one record; ``kept`` gives the values to keep, with keys for references."""

    def __init__(
        self, kind: RecordKind, data: Any = None, *, row: Any = None, owner: Any = None, **options: Any
    ) -> None:
        """Offer every field that may be written now."""
        super().__init__(data, **options)
        self.kind, self.row, self.owner = kind, row, owner
        self.declared = [each for each in kind.fields if row is None or not each.at_start_only]
        for each in self.declared:
            choices = _records(each, kind.owner_of(row) if row is not None else owner) if each.type == RECORD else None
            self.fields[each.name] = form_field(each, choices=choices)

    def kept(self) -> dict[str, Any]:
        """Give the cleaned values of the fields that were sent.

        :raises BadValues: any of them cannot be read
        """
        if not self.is_valid():
            raise BadValues({name: " ".join(str(each) for each in found) for name, found in self.errors.items()})
        return {each.name: _empty_as_none(each, self.cleaned_data[each.name]) for each in self.declared}


def _empty_as_none(field: Field, value: Any) -> Any:
    return None if value == "" and field.type in (RECORD, DATE, WHOLE, REAL) else value


def _records(field: Field, owner: Any) -> list[tuple[str, Any]]:
    """Give the records a reference may point to."""
    if field.options is None:
        return []
    name_of = kind_named(field.kind).name_of
    return [(str(each.pk), name_of(each)) for each in field.options(owner)[:MOST_OPTIONS]]


class Why(forms.Form):
    """Why a record changes, from when, and on which version the change was made."""

    reason = Words(
        label=_("Lí do"), max_length=300, help_text=_("Ví dụ: sửa theo giấy khai sinh bản chính."), required=True
    )
    effective_on = Day(
        label=_("Có hiệu lực từ"), required=False, help_text=_("Để trống nếu đúng từ đầu, chỉ là ghi sai.")
    )
    version = forms.CharField(required=False, widget=forms.HiddenInput)


class Ending(forms.Form):
    """From when and why a record ends."""

    on = Day(label=_("Ngày kết thúc"), help_text=_("Ngày đầu tiên không còn hiệu lực."))
    reason = Words(label=_("Lí do"), max_length=300)


class BulkForm(forms.Form):
    """Which field of many records gets which value, why and from when."""

    def __init__(self, kind: RecordKind, data: Any = None) -> None:
        """Offer the fields that may be set for many; the value is read once the field is known."""
        super().__init__(data)
        self.kind = kind
        self.fields["field"] = forms.ChoiceField(
            label=_("Sửa mục"), choices=[(each.name, each.label) for each in kind.bulk_fields]
        )
        for each in kind.bulk_fields:
            value = form_field(each)
            value.required = False
            self.fields[f"value_{each.name}"] = value
        self.fields["reason"] = Words(label=_("Lí do"), max_length=300)
        self.fields["effective_on"] = Day(label=_("Có hiệu lực từ"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the value of a field that no record may be without."""
        given = super().clean() or {}
        field = self.kind.field(given.get("field", ""))
        name = f"value_{field.name}" if field else ""
        if field and field.required and name not in self.errors and given.get(name) in (None, "", []):
            self.add_error(name, _("Mục này không để trống được."))
        return given

    def chosen(self) -> tuple[Field, Any]:
        """Give the field and its new value (call when valid)."""
        field = self.kind.field(self.cleaned_data["field"])
        if field is None:
            raise BadValues({"field": str(_ONE_OF_THESE)})
        return field, _empty_as_none(field, self.cleaned_data[f"value_{field.name}"])


class Evidence(forms.Form):
    """A file that proves something."""

    file = forms.FileField(
        label=_("Tệp minh chứng"),
        help_text=_("PDF, ảnh JPG, PNG, Word hoặc Excel, nặng nhất 10 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )


class LookBack(forms.Form):
    """The day to look back to."""

    day = Day(label=_("Xem dữ liệu như đã biết vào cuối ngày"))


def parse(kind: RecordKind, sent: Mapping[str, Any], *, row: Any = None, owner: Any = None) -> dict[str, Any]:
    """Read values another system sent; fields not sent keep what the record has.

    :raises BadValues: an unknown field, or a value that cannot be kept
    """
    known = {each.name for each in kind.fields}
    if unknown := sorted(set(sent) - known):
        raise BadValues({name: str(_("Không có mục này.")) for name in unknown})
    if locked := sorted(
        each.name for each in kind.fields if row is not None and each.at_start_only and each.name in sent
    ):
        raise BadValues({name: str(_("Mục này chỉ ghi được khi tạo.")) for name in locked})
    form = RecordForm(kind, dict(sent), row=row, owner=owner)
    for each in form.declared:
        if row is not None and each.name not in sent:
            del form.fields[each.name]
    form.declared = [each for each in form.declared if each.name in form.fields]
    return form.kept()
