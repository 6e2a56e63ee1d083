"""Forms of data coming in: the file with what is wanted of it, and which column is which."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from phuong.intake.declarations import Sheet
from phuong.intake.models import Batch, Mapping
from phuong.intake.reading import Table, text_of
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.records.api import Day, Words, kind_named

MOST_BYTES = 30 * 1024 * 1024
SAMPLES = 3
_ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt")


class UploadForm(forms.Form):
    """A file, and what is wanted of it."""

    file = forms.FileField(
        label=_("Tệp"),
        help_text=_("Excel (.xlsx, .xls), OpenDocument (.ods) hoặc CSV, nặng nhất 30 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(_ENDINGS)}),
    )
    unit = Words(
        label=_("Nạp cho trường"),
        required=False,
        max_length=40,
        help_text=_("Mã trường. Để trống nếu tệp có cột mã trường."),
    )
    effective_on = Day(label=_("Có hiệu lực từ"), help_text=_("Đầu năm học thì ghi ngày 05/09."))
    mode = forms.ChoiceField(
        label=_("Tệp này là"), choices=Batch.Mode.choices, initial="add", widget=forms.RadioSelect, required=False
    )
    reason = Words(label=_("Ghi chú"), required=False, max_length=300)

    def __init__(self, sheet: Sheet, actor: Actor, saved: Any, *data: Any) -> None:
        """Ask only what this kind of file and this person's place leave open."""
        super().__init__(*data)
        self.initial = {"effective_on": today()}
        self.actor = actor
        choices = [("", _("Tự nhận theo tiêu đề")), *((str(one.pk), one.name) for one in saved)]
        self.fields["saved"] = forms.ChoiceField(label=_("Cách ghép cột đã lưu"), choices=choices, required=False)
        if not saved:
            del self.fields["saved"]
        if sheet.missing is None:
            del self.fields["mode"]
        if home_of(actor):
            del self.fields["unit"]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Tệp nặng quá 30 MB. Chia thành nhiều tệp."))
        return file

    def clean_unit(self) -> Any:
        """Find the unit by its code."""
        code = self.cleaned_data["unit"]
        if not code:
            return None
        try:
            return unit_coded(self.actor, code)
        except NotThere:
            raise forms.ValidationError(_("Không thấy trường mang mã này trong phạm vi của anh/chị.")) from None


def unit_coded(actor: Actor, code: str) -> tuple[Any, str]:
    """Find a unit within the actor's place by its code; gives its key and path.

    :raises NotThere: none
    """
    units: Any = kind_named("unit").model._default_manager
    found = units.filter(code=code, closed_on__isnull=True, path__under=actor.scope or "none").order_by("path").last()
    if found is None:
        raise NotThere
    return found.pk, str(found.path)


def home_of(actor: Actor) -> tuple[Any, str] | None:
    """Give the school an actor works at: rows that name no unit belong there."""
    units: Any = kind_named("unit").model._default_manager
    found = units.filter(path=actor.scope, kind__in=("school", "campus")).first() if actor.scope else None
    return (found.pk, str(found.path)) if found else None


class MappingForm(forms.Form):
    """Which column of the file is which, with the first values of each before one's eyes."""

    save_as = Words(
        label=_("Nhớ cách ghép này với tên"),
        required=False,
        max_length=80,
        help_text=_("Ví dụ tên phần mềm đã xuất tệp. Lần sau chọn lại, không phải ghép nữa."),
    )

    def __init__(self, sheet: Sheet, table: Table, mapping: dict[int, str], *data: Any) -> None:
        """One choice a column."""
        super().__init__(*data)
        choices: list[tuple[str, Any]] = [("", _("Không dùng"))]
        choices += [(each.name, f"{each.label} *" if each.required else str(each.label)) for each in sheet.columns]
        self.places: list[tuple[Any, str]] = []
        for place, heading in enumerate(table.headings):
            name = f"column_{place}"
            values = [text for row in table.rows[:40] if (text := text_of(row[place]))]
            samples = " · ".join(dict.fromkeys(values[: SAMPLES * 3]))[:80]
            self.fields[name] = forms.ChoiceField(
                label=heading or _("(không tiêu đề)"), choices=choices, required=False, initial=mapping.get(place, "")
            )
            self.places.append((name, samples))
        if len(table.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Trang tính"),
                choices=[(each, each) for each in table.sheets],
                initial=table.sheet,
                required=False,
            )
        self.order_fields(
            [*(["sheet"] if len(table.sheets) > 1 else []), *(name for name, _s in self.places), "save_as"]
        )

    def columns(self) -> dict[int, str]:
        """Give the chosen column of each place (call when valid)."""
        chosen = ((name.removeprefix("column_"), self.cleaned_data.get(name, "")) for name, _samples in self.places)
        return {int(place): name for place, name in chosen if name}

    def rows(self) -> list[tuple[Any, str]]:
        """Give each field beside the first values of its column."""
        return [(self[name], samples) for name, samples in self.places]


def saved_choices(rows: Any) -> list[Mapping]:
    """Read the saved ways of reading once."""
    return list(rows[:50])
