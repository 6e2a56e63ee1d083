"""Reads of quality: the scores of units, the gaps of one, who mends them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from phuong.measures.api import Figure, Snapshot, figure_url, figures_of_many, latest_snapshot
from phuong.quality.models import Fix
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
    """Give the rules of the catalog."""
    return tuple(Rule(**each) for each in read_yaml(CATALOG)["rules"])


def scores_of(units: Sequence[Organisation], snapshot: Snapshot | None = None) -> dict[UUID, Scores]:
    """Score many units, in two statements at most."""
    figures = figures_of_many(units, [rule.measure for rule in rules()], snapshot=snapshot)
    return {unit.pk: _scored(unit, figures[unit.pk]) for unit in units}


def _scored(unit: Organisation, figures: Mapping[str, Figure]) -> Scores:
    shares: dict[str, list[tuple[int, int, int]]] = {code: [] for code in DIMENSIONS}
    for rule in rules():
        if figure := figures.get(rule.measure):
            shares[rule.dimension].append((figure.numerator, figure.denominator, rule.weight))
    by_dimension = {code: score(shares[code]) for code in DIMENSIONS}
    return Scores(unit, by_dimension, overall(by_dimension.values()))


def gaps_of(unit: Organisation, snapshot: Snapshot | None = None) -> list[Gap]:
    """Give every rule over one unit, the most missing first, with the open fix of each."""
    snapshot = snapshot or latest_snapshot()
    figures = figures_of_many([unit], [rule.measure for rule in rules()], snapshot=snapshot)[unit.pk]
    fixes = {fix.measure: fix for fix in Fix.objects.filter(organisation=unit, state="open").select_related("person")}
    gaps = [
        Gap(rule, figures[rule.measure], figure_url(rule.measure, unit.pk), fixes.get(rule.measure))
        for rule in rules()
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
