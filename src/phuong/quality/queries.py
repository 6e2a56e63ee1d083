"""Reads of quality: the scores of units, the gaps of one, who mends them, what a province lets each rule weigh."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from phuong.kernel.codelists import read_yaml
from phuong.kernel.contributions import contribution
from phuong.kernel.language import is_english
from phuong.kernel.measures import Measure
from phuong.kernel.scope import is_under
from phuong.measures.api import Figure, Snapshot, figure_url, figures_of_many, latest_snapshot
from phuong.quality.models import Fix, Weighing
from phuong.quality.rules import DIMENSIONS, overall, score
from phuong.registry.api import Organisation

CATALOG = Path(__file__).parent / "catalog" / "rules.yaml"


@dataclass(frozen=True)
class Rule:
    """One measure under one of the four words, with its weight."""

    dimension: str
    measure: str
    weight: int

    @property
    def title(self) -> str:
        """Name what is counted, in the reader's language."""
        kept = contribution(Measure, self.measure)
        return (kept.title_en if is_english() else kept.title) if kept else self.measure


@dataclass(frozen=True)
class Gap:
    """One rule over one unit: how far it is met, and who mends the rest."""

    rule: Rule
    figure: Figure
    url: str
    fix: Fix | None = None

    @property
    def missing(self) -> int:
        """Count the records still to be mended."""
        return max(self.figure.denominator - self.figure.numerator, 0)


@dataclass(frozen=True)
class Scores:
    """The score of a unit, whole and by dimension: 0 to 100, ``None`` where nothing is counted."""

    unit: Organisation
    by_dimension: Mapping[str, Decimal | None]
    whole: Decimal | None

    @property
    def rows(self) -> list[tuple[str, str, Decimal | None]]:
        """Give (code, name, score) of each dimension."""
        return [(code, dimension_title(code), self.by_dimension[code]) for code in DIMENSIONS]


def dimension_title(code: str) -> str:
    """Name a dimension."""
    return {"right": _("Đúng"), "complete": _("Đủ"), "clean": _("Sạch"), "alive": _("Sống")}[code]


@cache
def rules() -> tuple[Rule, ...]:
    """Give the rules of the catalog, with the weights they have where no province says otherwise."""
    return tuple(Rule(**each) for each in read_yaml(CATALOG)["rules"])


def weighings() -> list[Weighing]:
    """Give the weighing in force of each rule in each province that has one: one statement."""
    newest = Weighing.objects.order_by("province", "measure", "-id").distinct("province", "measure")
    return list(newest.select_related("province"))


def rules_over(unit: Organisation, decided: Sequence[Weighing] | None = None) -> tuple[Rule, ...]:
    """Give the rules that count for a unit, as its province weighs them. ``decided``: those in force, when at hand."""
    known = weighings() if decided is None else decided
    weights = {each.measure: each.weight for each in known if is_under(unit.path, each.province.path)}
    weighed = (replace(rule, weight=weights.get(rule.measure, rule.weight)) for rule in rules())
    return tuple(rule for rule in weighed if rule.weight)


@dataclass(frozen=True)
class Weighed:
    """A rule of a province as its officer sees it: the weight of the catalog, the last decision, how far it is met."""

    rule: Rule
    usual: int
    last: Weighing | None
    figure: Figure | None


def weighed_in(province: Organisation) -> list[Weighed]:
    """Give every rule of a province, also those that do not count, in the order of the catalog."""
    last = {each.measure: each for each in weighings() if each.province_id == province.pk}
    figures = figures_of_many([province], [rule.measure for rule in rules()])[province.pk]
    return [
        Weighed(
            replace(rule, weight=last[rule.measure].weight) if rule.measure in last else rule,
            rule.weight,
            last.get(rule.measure),
            figures.get(rule.measure),
        )
        for rule in rules()
    ]


def story_of(province: Organisation, measure: str) -> list[Weighing]:
    """Give every decision about the weight of a rule, newest first."""
    return list(Weighing.objects.filter(province=province, measure=measure).order_by("-id")[:100])


def scores_of(
    units: Sequence[Organisation], snapshot: Snapshot | None = None, decided: Sequence[Weighing] | None = None
) -> dict[UUID, Scores]:
    """Score many units, in three statements at most. ``decided``: `weighings`, when at hand."""
    figures = figures_of_many(units, [rule.measure for rule in rules()], snapshot=snapshot)
    decided = weighings() if decided is None else decided
    return {unit.pk: _scored(unit, rules_over(unit, decided), figures[unit.pk]) for unit in units}


def _scored(unit: Organisation, counting: Sequence[Rule], figures: Mapping[str, Figure]) -> Scores:
    shares: dict[str, list[tuple[int, int, int]]] = {code: [] for code in DIMENSIONS}
    for rule in counting:
        if figure := figures.get(rule.measure):
            shares[rule.dimension].append((figure.numerator, figure.denominator, rule.weight))
    by_dimension = {code: score(shares[code]) for code in DIMENSIONS}
    return Scores(unit, by_dimension, overall(by_dimension.values()))


def gaps_of(
    unit: Organisation, snapshot: Snapshot | None = None, decided: Sequence[Weighing] | None = None
) -> list[Gap]:
    """Give every rule that counts for one unit, the most missing first, with the open fix of each."""
    snapshot = snapshot or latest_snapshot()
    counting = rules_over(unit, decided)
    figures = figures_of_many([unit], [rule.measure for rule in counting], snapshot=snapshot)[unit.pk]
    fixes = {fix.measure: fix for fix in Fix.objects.filter(organisation=unit, state="open").select_related("person")}
    gaps = [
        Gap(rule, figures[rule.measure], figure_url(rule.measure, unit.pk), fixes.get(rule.measure))
        for rule in counting
        if rule.measure in figures
    ]
    return sorted(gaps, key=lambda gap: (-gap.missing, gap.rule.measure))


def as_json(unit: Organisation) -> dict[str, Any]:
    """Give the scores and rules of a unit for machines."""
    scores = scores_of([unit])[unit.pk]
    return {
        "org": unit.code,
        "name": unit.name,
        "score": scores.whole,
        "dimensions": dict(scores.by_dimension),
        "rules": [
            {
                "dimension": gap.rule.dimension,
                "measure": gap.rule.measure,
                "title": gap.rule.title,
                "weight": gap.rule.weight,
                "numerator": gap.figure.numerator,
                "denominator": gap.figure.denominator,
                "missing": gap.missing,
                "due_on": gap.fix.due_on if gap.fix else None,
            }
            for gap in gaps_of(unit)
        ],
    }
