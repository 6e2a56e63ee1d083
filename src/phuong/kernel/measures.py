"""A measure is a population and a predicate (architecture, idea 2).

From the one definition come numerator, denominator, roll-up, trend and the very records still missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import ibis
import ibis.expr.types as ir
from django.db import models


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
    serves: tuple[str, ...] = field(default=())

    @property
    def app(self) -> str:
        """Name the app that owns the population."""
        return self.code.split(".", 1)[0]

    def counts(self) -> ir.BooleanValue:
        """Say of a record whether it belongs to the population at all."""
        return ibis.literal(True) if self.among is None else self.among

    def numerator(self) -> ir.IntegerValue:
        """Give the numerator of one group of records."""
        held = self.counts() & self.meets
        return self.population.table.count(where=held) if self.amount is None else self.amount.sum(where=held)

    def denominator(self) -> ir.IntegerValue:
        """Give the denominator of one group of records."""
        if self.per is not None:
            return self.per.sum(where=self.counts())
        return self.population.table.count(where=self.counts())


def compile_sql(expression: ir.Table) -> str:
    """Compile to PostgreSQL; the first call loads the compiler, so do it at start-up or cache it."""
    return str(ibis.to_sql(expression, dialect="postgres"))


_TYPES: Mapping[str, str] = {
    "UUIDField": "uuid",
    "TextField": "string",
    "SortText": "string",
    "Path": "string",
    "BooleanField": "boolean",
    "DateField": "date",
    "DateTimeField": "timestamp('UTC')",
    "PositiveSmallIntegerField": "int16",
    "PositiveIntegerField": "int32",
    "BigIntegerField": "int64",
    "IntegerField": "int32",
    "FloatField": "float64",
    "ForeignKey": "uuid",
    "OneToOneField": "uuid",
    "ArrayField": "array<string>",
}


def table_of(model: type[models.Model]) -> ir.Table:
    """Declare a model's table to Ibis; columns of types that measures never read are left out."""
    columns = {}
    for column in model._meta.concrete_fields:
        output = getattr(column, "output_field", column)
        kind = _TYPES.get(type(output).__name__)
        if kind:
            columns[column.column] = kind
    return ibis.table(columns, name=model._meta.db_table)


def this_school_year() -> ir.IntegerValue:
    """Give the present school year (its first calendar year) on any engine; it turns on 1 August."""
    return (ibis.today() - ibis.interval(months=7)).year()
