"""Reads of plans: each target beside what was reported and what the platform counts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from phuong.kernel.contributions import contribution
from phuong.kernel.language import is_english
from phuong.kernel.measures import Measure
from phuong.kernel.today import today
from phuong.measures.api import Figure, Point, Snapshot, figure_url, figures_of_many, projected_year, series_of_many
from phuong.plans.models import Doubt, Indicator, Plan, Reported, Target
from phuong.plans.queries.reporting import roll_ups_of
from phuong.plans.rules import (
    RollUp,
    Status,
    TargetFact,
    binding_target,
    final_target,
    gap,
    is_schedule_kept,
    last_day_of,
    status_of,
)
from phuong.registry.api import Organisation

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Standing:
    """One indicator over one area: its targets, the figure counted, the figure reported."""

    indicator: Indicator
    area_id: UUID
    targets: list[TargetFact]
    year: int
    figure: Figure | None
    series: list[Point]
    reported: Reported | None
    rolled: RollUp | None = None

    @property
    def plan(self) -> Plan:
        """Give the plan that asks."""
        return self.indicator.plan

    @property
    def url(self) -> str:
        """Give the address of the indicator's page."""
        return _indicator_url(self.plan.code, self.indicator.code, get_language() or "")

    @property
    def figure_url(self) -> str:
        """Give the address of the figure over this area."""
        return figure_url(self.indicator.measure, self.area_id)

    @property
    def title(self) -> str:
        """Give the title in the reader's language; the official one is Vietnamese."""
        return (self.indicator.title_en if is_english() else "") or self.indicator.title

    @cached_property
    def binding(self) -> TargetFact | None:
        """Give the target that binds this year."""
        return binding_target(self.targets, self.year)

    @cached_property
    def final(self) -> TargetFact | None:
        """Give the target of 2030."""
        return final_target(self.targets)

    @property
    def actual(self) -> Decimal | None:
        """Give what the platform counts."""
        return self.figure.value if self.figure else None

    @cached_property
    def projected(self) -> int | None:
        """Give the year in which the binding target is reached at the present pace."""
        goal = self.next_goal
        if goal is None or goal.value is None:
            return None
        points = [
            (point.as_of.year + (point.as_of.timetuple().tm_yday - 1) / DAYS_A_YEAR, float(point.value))
            for point in self.series
            if point.value is not None
        ]
        return projected_year(points, float(goal.value))

    @property
    def next_goal(self) -> TargetFact | None:
        """Give the first target not yet due, or the binding one."""
        coming = sorted(
            (each for each in self.targets if each.is_number and each.year > self.year), key=lambda each: each.year
        )
        return coming[0] if coming else self.binding

    @cached_property
    def status(self) -> Status:
        """Say how the counted figure stands (the evidence light)."""
        return status_of(
            self.binding, self.actual, year=self.year, direction=self.indicator.direction, projected=self.projected
        )

    @property
    def official(self) -> Status:
        """Say how the reported figure stands (the official light)."""
        return status_of(self.binding, self.reported_value, year=self.year, direction=self.indicator.direction)

    @property
    def reported_value(self) -> Decimal | None:
        """Give what was officially reported: the area's own accepted value, else the sum of accepted parts."""
        if self.reported is not None:
            return self.reported.value
        return self.rolled.value(self.indicator.unit) if self.rolled else None

    @property
    def reported_parts(self) -> tuple[int, int] | None:
        """Give numerator and denominator of what was reported, where there are any."""
        if self.reported is None:
            rolled = self.rolled
            return (rolled.numerator, rolled.denominator) if rolled and rolled.denominator else None
        if self.reported.numerator is None or self.reported.denominator is None:
            return None
        return self.reported.numerator, self.reported.denominator

    @property
    def reported_as_of(self) -> dt.date | None:
        """Give the day of which the report speaks."""
        if self.reported is not None:
            return self.reported.as_of
        return last_day_of(self.rolled.period) if self.rolled else None

    @property
    def schedule(self) -> bool | None:
        """Say whether the next target will be reached in time (the schedule light)."""
        return is_schedule_kept(
            self.next_goal,
            year=self.year,
            projected=self.projected,
            status=status_of(self.next_goal, self.actual, year=self.year, direction=self.indicator.direction),
            has_pace=len(self.trend) > 1,
        )

    @property
    def gap(self) -> Decimal | None:
        """Give figure minus binding target."""
        return gap(self.binding, self.actual)

    @property
    def change(self) -> Decimal | None:
        """Give the change since the figure before."""
        values = [point.value for point in self.series if point.value is not None]
        return values[-1] - values[-2] if len(values) > 1 else None

    @property
    def trend(self) -> list[Decimal]:
        """Give the values of the series, oldest first, for a sparkline."""
        return [point.value for point in self.series if point.value is not None]

    @property
    def top(self) -> Decimal:
        """Give the value at the right end of a bar: 100 for percentages, else a little above the largest."""
        if self.indicator.unit == "percent":
            return Decimal(100)
        known = [self.actual, self.binding and self.binding.value, self.final and self.final.value]
        return max([value for value in known if value], default=Decimal(1)) * Decimal("1.1")

    @property
    def lists_missing(self) -> bool:
        """Say whether the records still missing can be listed one for one."""
        measure = contribution(Measure, self.indicator.measure)
        return measure is not None and measure.lists_missing

    @property
    def missing(self) -> int:
        """Count the records still missing."""
        return self.figure.denominator - self.figure.numerator if self.figure else 0

    @property
    def source(self) -> str:
        """Say where the figure comes from: counted, reported or none."""
        if self.figure is not None:
            return "counted"
        return "reported" if self.reported_value is not None else "none"

    @property
    def unit_sign(self) -> str:
        """Give the sign behind a number."""
        return "%" if self.indicator.unit == "percent" else ""


@lru_cache(maxsize=10_000)
def _indicator_url(plan_code: str, code: str, language: str) -> str:
    del language  # part of the key: ``reverse`` itself asks which language is active
    return reverse("plans:indicator", args=[plan_code, code])


def standings_of(
    area: Organisation,
    *,
    year: int,
    plan: Plan | None = None,
    indicators: Iterable[Indicator] | None = None,
    snapshot: Snapshot | None = None,
) -> list[Standing]:
    """Give every indicator of the area's province (or of ``plan``) with its standing, in plan order.

    A handful of statements, however many indicators.
    """
    chosen = list(indicators if indicators is not None else indicators_of(area, plan))
    return _standings([area], chosen, year, snapshot, None)[area.pk]


def standings_of_many(
    areas: Sequence[Organisation], *, year: int, snapshot: Snapshot | None = None
) -> dict[UUID, list[Standing]]:
    """Give every indicator of the province with its standing over each of many of its areas.

    A handful of statements, however many areas. With a ``snapshot`` nothing counted after it is looked at.
    """
    chosen = indicators_of(areas[0], None) if areas else []
    return _standings(areas, chosen, year, snapshot, snapshot.as_of if snapshot else None)


def _standings(
    areas: Sequence[Organisation],
    chosen: list[Indicator],
    year: int,
    snapshot: Snapshot | None,
    until: dt.date | None,
) -> dict[UUID, list[Standing]]:
    targets = targets_of(chosen)
    codes = {indicator.measure for indicator in chosen if indicator.measure}
    figures = figures_of_many(areas, codes, snapshot=snapshot) if codes else {}
    series = series_of_many(areas, codes, until=until) if codes else {}
    reports = _latest_reports(chosen, areas)
    rolled = {area.pk: roll_ups_of(chosen, area, today()) for area in areas}
    return {
        area.pk: [
            Standing(
                indicator,
                area.pk,
                targets.get(indicator.pk, []),
                year,
                figures.get(area.pk, {}).get(indicator.measure),
                series.get(area.pk, {}).get(indicator.measure, []),
                reports.get((indicator.pk, area.pk)),
                rolled[area.pk].get(indicator.pk),
            )
            for indicator in chosen
        ]
        for area in areas
    }


def indicators_of(area: Organisation, plan: Plan | None = None) -> list[Indicator]:
    """Give the indicators of ``plan``, or of every plan of the area's province, in plan order."""
    rows = Indicator.objects.filter(is_withdrawn=False).select_related("plan")
    province = area.path.split(".")[1].removeprefix("p") if "." in area.path else ""
    rows = rows.filter(plan=plan) if plan else rows.filter(plan__province_code=province)
    return list(rows.order_by("plan__code", "rank", "id"))


def targets_of(indicators: Iterable[Indicator]) -> dict[object, list[TargetFact]]:
    """Give the present targets (latest version of each year) by indicator."""
    rows = Target.objects.filter(indicator__in=list(indicators)).order_by("indicator_id", "year", "version")
    latest = {(row.indicator_id, row.year): row for row in rows}
    targets: dict[object, list[TargetFact]] = {}
    for (key, year), row in latest.items():
        if row.is_withdrawn:
            continue
        targets.setdefault(key, []).append(TargetFact(year, row.comparator, row.value, row.text))
    return targets


def _latest_reports(indicators: list[Indicator], areas: Sequence[Organisation]) -> dict[tuple[Any, UUID], Reported]:
    """Give the accepted value of the latest month, in its latest version, by indicator and area."""
    rows = Reported.objects.filter(indicator__in=indicators, organisation__in=areas, state=Reported.State.ACCEPTED)
    latest = rows.order_by("indicator", "organisation", "-period", "-version").distinct("indicator", "organisation")
    return {(row.indicator_id, row.organisation_id): row for row in latest}


def rivals_of(indicator: Indicator) -> list[tuple[Indicator, list[TargetFact]]]:
    """Give the indicators of other plans that ask the same measure, with their targets: they may conflict."""
    if not indicator.measure:
        return []
    rows = Indicator.objects.filter(measure=indicator.measure, is_withdrawn=False).exclude(pk=indicator.pk)
    others = list(rows.select_related("plan").order_by("plan__code", "rank", "id"))
    targets = targets_of(others)
    return [(other, targets.get(other.pk, [])) for other in others]


def doubts_about(plan: Plan, kind: str, code: str) -> list[Doubt]:
    """Give the doubts of the scan about one indicator or task, open ones first."""
    rows = Doubt.objects.filter(plan=plan, about_kind=kind, about_code=code)
    return sorted(rows, key=lambda doubt: (doubt.settled_at is not None, str(doubt.pk)))


def measure_title(code: str) -> str:
    """Give the title of a measure in the reader's language."""
    measure = contribution(Measure, code)
    if measure is None:
        return code
    return measure.title_en if is_english() else measure.title


def plans_in_order() -> list[Plan]:
    """Give all plans, latest ending first."""
    return list(Plan.objects.order_by("-starts", "code"))


def are_plans_loaded() -> bool:
    """Say whether any plan has been read in."""
    return Plan.objects.exists()
