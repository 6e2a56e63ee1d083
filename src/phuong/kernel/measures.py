"""A measure is a population and a predicate (architecture, idea 2).

From the one definition come numerator, denominator, roll-up, trend and the very records still missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir


class Period(StrEnum):
    """What a figure speaks of."""

    STATE = "state"  # how things stand on the day
    FLOW = "flow"  # what happened in a period
    SCHOOL_YEAR = "school_year"  # what the school year has brought so far


class Unit(StrEnum):
    """How a figure is read."""

    PERCENT = "percent"  # 100 × numerator / denominator
    RATIO = "ratio"  # numerator / denominator
    COUNT = "count"  # numerator alone


@dataclass(frozen=True)
class Population:
    """A set of records that measures speak of.

    ``table``: Ibis expression with the columns ``id`` (uuid), ``label`` (text, how a reader knows the record) and
    ``organisation_id`` (uuid, where it is counted), and any that predicates need.
    ``url``: address of one record, with ``{id}``. ``personal``: the records are persons, so small cells are hidden.
    """

    code: str
    title: Any
    table: ir.Table
    url: str
    personal: bool = False


@dataclass(frozen=True)
class Measure:
    """One thing the platform counts.

    ``among``: narrows the population (a boolean column), ``meets``: the condition that each record should meet;
    ``amount``: an integer column summed in place of counting records, for ratios; ``per``: the column that makes up
    the denominator of a ratio. ``reasons``: why a record is missing, first that holds; the last is the fallback.
    """

    code: str
    title: str
    title_en: str
    population: Population
    meets: ir.BooleanValue
    reasons: Mapping[str, tuple[str, str]]
    among: ir.BooleanValue | None = None
    why: ir.StringValue | None = None
    unit: Unit = Unit.PERCENT
    period: Period = Period.STATE
    amount: ir.IntegerValue | None = None
    per: ir.IntegerValue | None = None
    source: str = ""
    version: int = 1
    better: str = "up"
    asked_of_units: bool = False  # every unit owes it itself: it heads the unit's queue though no plan names it
    is_share: bool = False  # a composition: the other records lack nothing, so none are listed as missing
    serves: tuple[str, ...] = field(default=())

    @property
    def lists_missing(self) -> bool:
        """Say whether the records not yet met are what is missing, one for one."""
        return not self.is_share and self.amount is None and self.per is None and self.unit is not Unit.COUNT

    @property
    def app(self) -> str:
        """Name the app that owns the population."""
        return self.code.split(".", 1)[0]

    def numerator(self) -> ir.IntegerValue:
        """Give the numerator of one group of records."""
        held = self.meets if self.among is None else self.among & self.meets
        return self.population.table.count(where=held) if self.amount is None else self.amount.sum(where=held)

    def denominator(self) -> ir.IntegerValue:
        """Give the denominator of one group of records."""
        if self.per is not None:
            return self.per.sum(where=self.among)
        return self.population.table.count(where=self.among)

    def records(self) -> ir.Table:
        """Give the records that count: ``id, label, organisation_id, met, why`` (a code of ``reasons``, or null)."""
        table = self.population.table if self.among is None else self.population.table.filter(self.among)
        label = self.population.table.label
        why = self.why if self.why is not None else label.nullif(label)
        columns = ("id", "label", "organisation_id")
        return table.select(*columns, met=self.meets, why=why)
