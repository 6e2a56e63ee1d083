"""Which plans ask the same: indicators side by side, shared definition by shared definition."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from phuong.plans.models import Indicator, Plan
from phuong.plans.queries.standings import plans_in_order, targets_of
from phuong.plans.rules import Ask, Conflict, TargetFact, conflicts_of

Key = tuple[str, str]  # code of the plan, code of the indicator


@dataclass(frozen=True)
class Shared:
    """A definition as the catalog gives it, or one that plans share without it."""

    code: str
    title: str
    title_en: str = ""
    formula: str = ""
    care: str = ""
    groups: tuple[tuple[Key, ...], ...] = ()


@dataclass(frozen=True)
class Entry:
    """One indicator of one plan in the matrix."""

    indicator: Indicator
    targets: tuple[TargetFact, ...]

    @property
    def answering(self) -> list[str]:
        """Give who answers: the lead unit, then who reports."""
        units = (self.indicator.lead, self.indicator.reporting)
        return list(dict.fromkeys(unit for unit in units if unit))


@dataclass(frozen=True)
class Row:
    """One definition over the plans: a list of entries for each plan, and what contradicts."""

    shared: Shared
    cells: list[list[Entry]]
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Give the title in the reader's language."""
        return (self.shared.title_en if (get_language() or "vi").startswith("en") else "") or self.shared.title

    @property
    def entries(self) -> Iterator[Entry]:
        """Give the entries, plan by plan."""
        return (entry for cell in self.cells for entry in cell)

    @property
    def clashes(self) -> bool:
        """Say whether plans ask numbers that contradict each other."""
        return any(each.is_of_numbers for each in self.conflicts)


@dataclass(frozen=True)
class Matrix:
    """All definitions over all plans; the plans of the own province first."""

    plans: list[Plan]
    rows: list[Row]
    province_code: str

    @property
    def columns(self) -> list[tuple[Plan, bool]]:
        """Give each plan with whether it is the own province's."""
        return [(plan, plan.province_code == self.province_code) for plan in self.plans]

    @property
    def units(self) -> list[str]:
        """Give every unit that answers for anything."""
        return sorted({unit for row in self.rows for entry in row.entries for unit in entry.answering})


def matrix_of(province_code: str, definitions: Iterable[Shared], issued: Mapping[str, str]) -> Matrix:
    """Lay every shared definition over the plans; three statements however many indicators.

    ``issued``: the month of issue of plans that do not carry it. Contradictions are sought within the own province:
    another province's plan binds nobody here.
    """
    plans = sorted(plans_in_order(), key=lambda plan: plan.province_code != province_code)
    rows = Indicator.objects.filter(is_withdrawn=False).select_related("plan").order_by("plan__code", "rank", "id")
    indicators = {(row.plan.code, row.code): row for row in rows}
    targets = targets_of(indicators.values())
    entries = {key: Entry(row, tuple(targets.get(row.pk, ()))) for key, row in indicators.items()}
    placed = _placed(definitions, entries)
    shown = [_row(shared, plans, entries, province_code, issued) for shared in placed]
    return Matrix(plans, [row for row in shown if any(row.cells)], province_code)


def _row(
    shared: Shared, plans: Sequence[Plan], entries: Mapping[Key, Entry], province_code: str, issued: Mapping[str, str]
) -> Row:
    known = [[entries[key] for key in group if key in entries] for group in shared.groups]
    conflicts: list[Conflict] = []
    for group in known:
        own = [_ask(each, issued) for each in group if each.indicator.plan.province_code == province_code]
        conflicts += conflicts_of(own)
    cells = [[each for group in known for each in group if each.indicator.plan_id == plan.pk] for plan in plans]
    return Row(shared, cells, conflicts)


def _ask(entry: Entry, issued: Mapping[str, str]) -> Ask:
    indicator = entry.indicator
    on = indicator.plan.issued_on
    return Ask(
        plan=indicator.plan.code,
        code=indicator.code,
        unit=indicator.unit,
        scope=indicator.scope,
        direction=indicator.direction,
        issued=f"{on:%Y-%m}" if on else issued.get(indicator.plan.code, ""),
        targets=entry.targets,
    )


def _placed(definitions: Iterable[Shared], entries: Mapping[Key, Entry]) -> list[Shared]:
    """Give the definitions with what plans of one's own link to them, then what such plans share among themselves.

    Two indicators ask the same when they point at the same measure, or one names the other in ``same_as``.
    """
    known = list(definitions)
    home = {
        key: (row, group) for row, each in enumerate(known) for group, keys in enumerate(each.groups) for key in keys
    }
    loose = [key for key in entries if key not in home]
    added: dict[tuple[int, int], list[Key]] = {}
    rest = []
    for key in loose:
        place = next((home[other] for other in _alike(key, entries) if other in home), None)
        if place is None:
            rest.append(key)
        else:
            added.setdefault(place, []).append(key)
    grown = [_grown(each, row, added) for row, each in enumerate(known)]
    return grown + [_found(group, entries) for group in _groups(rest, entries)]


def _alike(key: Key, entries: Mapping[Key, Entry]) -> list[Key]:
    """Give the indicators that ask the same as one, those it names itself first."""
    own = entries[key].indicator
    named = [_key(text) for text in own.same_as]
    found = [other for other in named if other in entries]
    for other, entry in entries.items():
        is_measure = bool(own.measure) and entry.indicator.measure == own.measure
        if other != key and (is_measure or ":".join(key) in entry.indicator.same_as):
            found.append(other)
    return found


def _key(text: str) -> Key:
    plan, _colon, code = text.partition(":")
    return plan, code


def _grown(shared: Shared, row: int, added: Mapping[tuple[int, int], list[Key]]) -> Shared:
    groups = tuple((*keys, *added.get((row, place), ())) for place, keys in enumerate(shared.groups))
    return Shared(shared.code, shared.title, shared.title_en, shared.formula, shared.care, groups)


def _groups(keys: Iterable[Key], entries: Mapping[Key, Entry]) -> list[list[Key]]:
    """Gather what asks the same into groups of at least two."""
    left = dict.fromkeys(keys)
    groups = []
    while left:
        todo, group = [next(iter(left))], []
        while todo:
            key = todo.pop()
            if key in left:
                left.pop(key)
                group.append(key)
                todo += [other for other in _alike(key, entries) if other in left]
        if len(group) > 1:
            groups.append(sorted(group))
    return groups


def _found(group: Sequence[Key], entries: Mapping[Key, Entry]) -> Shared:
    first: Any = entries[group[0]].indicator
    return Shared(":".join(group[0]), first.title, first.title_en, groups=(tuple(group),))
