"""Measures compiled to PostgreSQL: one statement for all measures of one population."""

from dataclasses import dataclass
from functools import cache

from phuong.kernel.contributions import contributions
from phuong.kernel.measures import Measure, compile_sql


@dataclass(frozen=True)
class Batch:
    """The measures of one population, counted in a single reading of its records."""

    code: str
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
    return Batch(code, tuple(measure.code for measure in measures), compile_sql(counted))


@cache
def records_sql(code: str) -> str:
    """Compile the records of one measure: ``id, label, organisation_id, met, why``, only those that count."""
    measure = next(each for each in contributions(Measure) if each.code == code)
    table = measure.population.table
    why = measure.why if measure.why is not None else table.id.cast("string")
    chosen = table.filter(measure.counts()).select(
        id=table.id, label=table.label, organisation_id=table.organisation_id, met=measure.meets, why=why
    )
    return compile_sql(chosen)
