"""The parts of a figure as rows of a page, small cells hidden from those who may see totals only."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from phuong.kernel.codelists import title_of
from phuong.kernel.measures import Measure
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor, is_under
from phuong.measures.access import may_read_records
from phuong.measures.links import figure_url, records_url
from phuong.measures.queries import Part, parts_of
from phuong.registry.api import Organisation, communes_of

LEVELS = {
    "preschool": _("Mầm non"),
    "primary": _("Tiểu học"),
    "lower_secondary": _("THCS"),
    "upper_secondary": _("THPT"),
    "continuing": _("GDTX"),
}


@dataclass(frozen=True)
class PartRow:
    """One line of a table of parts."""

    name: str
    numerator: int
    denominator: int
    value: Decimal | None
    is_hidden: bool
    url: str
    records_url: str

    @property
    def missing(self) -> int:
        """Count what is still missing."""
        return max(self.denominator - self.numerator, 0)


def commune_rows(measure: Measure, province: Organisation, *, actor: Actor) -> list[PartRow]:
    """Give one row a commune, the lowest first; communes without records at the end."""
    parts = {part.id: part for part in parts_of(measure.code, province, "commune")}
    rows = []
    for commune in communes_of(province):
        part = parts.get(commune.pk)
        reads = may_read_records(actor, commune)
        rows.append(
            _row(
                measure,
                commune.name,
                part,
                url=figure_url(measure.code, commune.pk),
                records_url=records_url(measure.code, commune.pk) if reads else "",
            )
        )
    return sorted(rows, key=_lowest_first)


def school_rows(measure: Measure, area: Organisation, *, actor: Actor) -> list[PartRow]:
    """Give one row a school, the lowest first: all of the actor's own area, elsewhere only the actor's own schools."""
    if area.kind == "school":
        return []
    rows = []
    for part in parts_of(measure.code, area, "school"):
        is_mine = is_under(part.path, actor.scope)
        if not is_mine and not is_under(area.path, actor.scope):
            continue
        reads = is_mine and actor.may(Permission.RECORDS_READ)
        rows.append(
            _row(
                measure,
                part.name,
                part,
                url=figure_url(measure.code, part.id) if is_mine else "",
                records_url=records_url(measure.code, part.id) if reads else "",
            )
        )
    return sorted(rows, key=_lowest_first)


def cut_rows(measure: Measure, area: Organisation, *, actor: Actor) -> list[tuple[Any, list[PartRow]]]:
    """Give the cuts by level, ownership and kind of commune; a cut with one part only tells nothing and is left out.

    Of a commune that is not the actor's own there are none: a level there may be a single school.
    """
    if area.kind == "school" or (area.kind != "province" and not is_under(area.path, actor.scope)):
        return []
    cuts = []
    for by, title in (
        ("level", _("Theo cấp học")),
        ("ownership", _("Theo loại hình")),
        ("commune_type", _("Theo loại địa bàn")),
    ):
        parts = [part for part in parts_of(measure.code, area, by) if part.name]
        parts.sort(key=lambda part: list(LEVELS).index(part.name) if part.name in LEVELS else 0)
        if len(parts) > 1:
            cuts.append((title, [_row(measure, _cut_name(by, part.name), part) for part in parts]))
    return cuts


def _lowest_first(row: PartRow) -> tuple[bool, Decimal]:
    """Order by value; a hidden value tells nothing by its place either."""
    is_known = row.value is not None and not row.is_hidden
    return (not is_known, row.value if is_known and row.value is not None else Decimal(0))


def _cut_name(by: str, code: str) -> str:
    if by == "level":
        return str(LEVELS.get(code, code))
    return title_of("ownership" if by == "ownership" else "organisation_kind", code)


def _row(measure: Measure, name: str, part: Part | None, *, url: str = "", records_url: str = "") -> PartRow:
    if part is None:
        return PartRow(name, 0, 0, None, is_hidden=False, url=url, records_url="")
    records_url = records_url if measure.lists_missing else ""
    return PartRow(name, part.numerator, part.denominator, part.value, part.is_hidden, url, records_url)
