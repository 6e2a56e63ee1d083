"""The rows of a sheet of a primary class as HTML, written in one go: a template would take longer than the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from phuong.academics.models import PERIODS
from phuong.kernel.codelists import title_of
from phuong.registry.api import ClassGroup, Enrolment

_MOST = {"remark": 500, "measure": 5}
_PADS = {"test": "numeric", "measure": "decimal"}


@dataclass(frozen=True)
class Field:
    """A column: its name in the form, its title, what is typed or shown there.

    ``kind``: level, rating, test, measure, remark, choice; age and known are never typed. ``options``: what can be
    chosen, value and title; ``is_open``: whether who writes the sheet writes this column.
    """

    name: str
    title: str
    kind: str
    options: Sequence[tuple[str, str]] = ()
    is_open: bool = True


@dataclass(frozen=True)
class Shown:
    """What stands in the row of a pupil: texts by field, the version, whether it was not taken (wrong, clash).

    ``link``: where the name leads to.
    """

    texts: Mapping[str, str]
    version: int = 0
    state: str = ""
    link: str = ""


def sheet_rows(
    pupils: Sequence[Enrolment], fields: Sequence[Field], shown: Mapping[UUID, Shown], *, may_write: bool
) -> SafeString:
    """Write the rows of a sheet; a cell that may be written is an input named after its field."""
    parts = [
        _row(pupil, place, fields, shown[pupil.learner_id], may_write=may_write)
        for place, pupil in enumerate(pupils, 1)
    ]
    return SafeString("".join(parts))  # names and texts are escaped, the rest is ours


def _row(pupil: Enrolment, place: int, fields: Sequence[Field], shown: Shown, *, may_write: bool) -> str:
    key = pupil.learner_id
    hidden = f'<input type="hidden" name="l" value="{key}"><input type="hidden" name="v" value="{shown.version}">'
    kind = f' class="{shown.state}"' if shown.state else ""
    name = escape(pupil.learner.full_name)
    told = f'<a href="{shown.link}">{name}</a>' if shown.link else name
    head = f'<th scope="row" id="n{place}">{hidden if may_write else ""}{told}</th>'
    cells = "".join(_cell(field, place, at, shown, may_write=may_write) for at, field in enumerate(fields))
    return f'<tr data-l="{key}"{kind}><td class="seq">{place}</td>{head}{cells}</tr>'


def _cell(field: Field, row: int, at: int, shown: Shown, *, may_write: bool) -> str:
    text, label = shown.texts[field.name], escape(field.title)
    if not (may_write and field.is_open):
        told = dict(field.options).get(text, text)
        return f'<td class="shut k-{field.kind}" data-h="{label}">{escape(told)}</td>'
    named = f'name="{field.name}" aria-labelledby="n{row} h{at}"'
    if field.kind == "choice":
        options = "".join(_option(value, title, text) for value, title in field.options)
        inside = f'<select {named}><option value=""></option>{options}</select>'
    else:
        pad = f' inputmode="{_PADS[field.kind]}"' if field.kind in _PADS else ""
        most = _MOST.get(field.kind, 3)
        inside = f'<input {named} value="{escape(text)}" maxlength="{most}" autocomplete="off"{pad}>'
    return f'<td class="cell k-{field.kind}" data-h="{label}">{inside}</td>'


def _option(value: str, title: str, chosen: str) -> str:
    return f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(title)}</option>'


def primary_entries(
    group: ClassGroup, period: int, mine: Sequence[str], rated: Mapping[str, tuple[int, int]]
) -> list[dict[str, Any]]:
    """Give the sheets of a primary class for the list of sheets: own subjects first, then those begun."""
    subjects = sorted({*mine, *rated}, key=lambda code: (code not in mine, title_of("subject", code)))
    return [
        {
            "title": title_of("subject", code),
            "url": reverse("academics:primary", args=[group.pk, code, period]),
            "is_mine": code in mine,
            "progress": None,
            "period": dict(PERIODS)[period],
            "rated": rated.get(code, (0, 0))[0],
        }
        for code in subjects
    ]


def records_entry(group: ClassGroup, period: int) -> dict[str, Any]:
    """Give the sheet of qualities and competences for the list of sheets."""
    url = reverse("academics:primary_records", args=[group.pk, period])
    return {"title": _("Phẩm chất, năng lực"), "url": url, "is_mine": False, "progress": None}
