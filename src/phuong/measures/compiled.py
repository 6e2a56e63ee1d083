"""Measures compiled to PostgreSQL: one statement for all measures of one population."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from phuong.kernel.contributions import contribution, contributions
from phuong.kernel.measures import Measure


@dataclass(frozen=True)
class Batch:
    """The measures of one population, counted in a single reading of its records."""

    code: str
    title: Any
    measures: tuple[str, ...]
    sql: str  # organisation_id, then numerator and denominator of each measure in order


@cache
def batches() -> tuple[Batch, ...]:
    """Compile every contributed measure, one batch a population."""
    groups: dict[str, list[Measure]] = {}
    for measure in contributions(Measure):
        groups.setdefault(measure.population.code, []).append(measure)
    return tuple(_batch(code, measures) for code, measures in groups.items())


def _batch(code: str, measures: list[Measure]) -> Batch:
    columns = {}
    for place, measure in enumerate(measures):
        columns[f"n{place}"] = measure.numerator()
        columns[f"d{place}"] = measure.denominator()
    counted = measures[0].population.table.group_by("organisation_id").agg(**columns)
    return Batch(code, measures[0].population.title, tuple(measure.code for measure in measures), _sql(counted))


@cache
def records_sql(code: str) -> str:
    """Compile the records of one measure: ``id, label, organisation_id, met, why``, only those that count."""
    measure = contribution(Measure, code)
    if measure is None:
        raise LookupError(code)
    return _sql(measure.records())


def _sql(expression: Any) -> str:
    from phuong.kernel.expressions import compile_sql  # noqa: PLC0415 - Ibis takes a second to load: when first needed

    return compile_sql(expression)
