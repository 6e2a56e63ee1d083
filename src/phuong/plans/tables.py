"""The cross-plan matrix in words: targets, contradictions, and the lines of its export."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.plans.decisions import months_of_issue, shared_definitions
from phuong.plans.models import Plan
from phuong.plans.queries import Entry, Matrix, Row, matrix_of, measure_title
from phuong.plans.rules import Ask, Conflict, Kind, TargetFact
from phuong.ui.api import Column, write_number

_SIGNS = {">=": "≥ ", ">": "> ", "<=": "≤ ", "<": "< ", "=": ""}
_UNITS = {
    "percent": gettext_lazy("phần trăm"),
    "count": gettext_lazy("số lượng"),
    "ratio": gettext_lazy("tỉ số"),
    "yes_no": gettext_lazy("có hoặc chưa"),
    "level": gettext_lazy("mức"),
}


@dataclass(frozen=True)
class ShownEntry:
    """One indicator as a cell shows it."""

    entry: Entry
    targets: list[tuple[int, str]]
    measure: str


@dataclass(frozen=True)
class ShownRow:
    """One definition with its cells and the contradictions in words."""

    row: Row
    cells: list[tuple[Plan, list[ShownEntry]]]
    clashes: list[str]
    remarks: list[str]


def plan_matrix(province_code: str) -> Matrix:
    """Lay the shared definitions of the catalog over all plans."""
    return matrix_of(province_code, shared_definitions(), months_of_issue())


def rows_chosen(matrix: Matrix, *, plan: str = "", unit: str = "", conflicts_only: bool = False) -> list[Row]:
    """Give the rows that a plan takes part in, that a unit answers for, that hold a contradiction."""
    return [
        row
        for row in matrix.rows
        if (not conflicts_only or row.conflicts)
        and (not plan or any(entry.indicator.plan.code == plan for entry in row.entries))
        and (not unit or any(unit in entry.answering for entry in row.entries))
    ]


def shown(matrix: Matrix, rows: Iterable[Row]) -> list[ShownRow]:
    """Put rows into words."""
    names = {plan.code: plan.number or plan.code for plan in matrix.plans}
    found = []
    for row in rows:
        pairs = zip(matrix.plans, row.cells, strict=True)
        cells = [(plan, [_shown(entry) for entry in cell]) for plan, cell in pairs]
        clashes = [words_of(each, names) for each in row.conflicts if each.is_of_numbers]
        remarks = [words_of(each, names) for each in row.conflicts if not each.is_of_numbers]
        found.append(ShownRow(row, cells, clashes, remarks))
    return found


def _shown(entry: Entry) -> ShownEntry:
    unit, measure = entry.indicator.unit, entry.indicator.measure
    targets = [(each.year, target_words(each, unit)) for each in entry.targets]
    return ShownEntry(entry, targets, measure_title(measure) if measure else "")


def target_words(target: TargetFact, unit: str) -> str:
    """Write a target as people read it: ≥ 80%."""
    if target.value is None:
        return target.text
    places = 0 if target.value == target.value.to_integral_value() else None
    return f"{_SIGNS[target.comparator]}{write_number(target.value, places)}{'%' if unit == 'percent' else ''}"


def words_of(conflict: Conflict, names: dict[str, str]) -> str:
    """Say which plan asks what."""
    first, second = (_name(ask, names) for ask in (conflict.first, conflict.second))
    if conflict.kind is Kind.UNIT:
        units = (_UNITS.get(conflict.first.unit, ""), _UNITS.get(conflict.second.unit, ""))
        return _("%(first)s tính theo %(one)s, %(second)s tính theo %(other)s.") % {
            "first": first,
            "one": units[0],
            "second": second,
            "other": units[1],
        }
    if conflict.kind is Kind.SCOPE:
        return _("%(first)s tính trên «%(one)s», %(second)s tính trên «%(other)s».") % {
            "first": first,
            "one": conflict.first.scope,
            "second": second,
            "other": conflict.second.scope,
        }
    return _of_numbers(conflict, first, second)


def _of_numbers(conflict: Conflict, first: str, second: str) -> str:
    one, other = conflict.one, conflict.other
    facts: dict[str, Any] = {"first": first, "second": second}
    if one is not None and other is not None:
        facts |= {"year": one.year, "one": target_words(one, conflict.first.unit)}
        facts |= {"later": other.year, "other": target_words(other, conflict.second.unit)}
    if conflict.kind is Kind.EASED:
        return (
            _("%(first)s, ban hành trước, đòi %(one)s năm %(year)s; %(second)s chỉ đòi %(other)s năm %(later)s.")
            % facts
        )
    return _("Năm %(year)s: %(first)s đòi %(one)s, %(second)s đòi %(other)s.") % facts


def _name(ask: Ask, names: dict[str, str]) -> str:
    return f"{names.get(ask.plan, ask.plan)} ({ask.code})"


def lines(rows: Iterable[ShownRow]) -> Iterator[tuple[ShownRow, ShownEntry]]:
    """Give one line for each indicator of each definition."""
    return ((row, entry) for row in rows for _plan, cell in row.cells for entry in cell)


def _targets(line: Any) -> str:
    return "; ".join(f"{year}: {words}" for year, words in line[1].targets)


COLUMNS = (
    Column(gettext_lazy("Mã"), lambda line: line[0].row.shared.code, 8),
    Column(gettext_lazy("Cùng một thước đo"), lambda line: line[0].row.title, 40),
    Column(gettext_lazy("Công thức"), lambda line: line[0].row.shared.formula, 40),
    Column(gettext_lazy("Kế hoạch"), lambda line: line[1].entry.indicator.plan.code, 24),
    Column(gettext_lazy("Mã chỉ tiêu"), lambda line: line[1].entry.indicator.code, 12),
    Column(gettext_lazy("Chỉ tiêu"), lambda line: line[1].entry.indicator.title, 60),
    Column(gettext_lazy("Đơn vị tính"), lambda line: str(_UNITS.get(line[1].entry.indicator.unit, "")), 14),
    Column(gettext_lazy("Mức từng năm"), _targets, 50),
    Column(gettext_lazy("Chủ trì"), lambda line: line[1].entry.indicator.lead, 30),
    Column(gettext_lazy("Báo cáo"), lambda line: line[1].entry.indicator.reporting, 24),
    Column(gettext_lazy("Thước đo"), lambda line: line[1].measure, 30),
    Column(gettext_lazy("Mâu thuẫn về mức"), lambda line: " ".join(line[0].clashes), 60),
    Column(gettext_lazy("Khác đơn vị tính, phạm vi"), lambda line: " ".join(line[0].remarks), 60),
    Column(gettext_lazy("Lưu ý"), lambda line: line[0].row.shared.care, 40),
)
