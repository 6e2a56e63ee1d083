"""Reads of reported values: what a unit still has to report, who has not, what the accepted parts add up to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.plans.access import answers_for, level_at, level_of, reported_seen_by
from phuong.plans.models import Indicator, Reported
from phuong.plans.rules import Level, RollUp, due_on, month_before, open_periods, shown_period
from phuong.registry.api import Organisation

MONTHS_BACK = 24
_SENT = (Reported.State.SUBMITTED, Reported.State.ACCEPTED)
_COMMUNES = ("commune", "ward", "special_zone")


@dataclass(frozen=True)
class Line:
    """One indicator and month that a unit reports: what it wrote, what stood there the month before."""

    indicator: Indicator
    period: dt.date
    now: Reported | None
    before: Reported | None
    today: dt.date

    @property
    def due_on(self) -> dt.date:
        """Give the last day in time."""
        return due_on(self.period)

    @property
    def is_sent(self) -> bool:
        """Say whether it was sent in and not returned."""
        return self.now is not None and self.now.state in _SENT

    @property
    def is_late(self) -> bool:
        """Say whether it is not sent in although the last day is over."""
        return not self.is_sent and self.due_on < self.today

    @property
    def takes_parts(self) -> bool:
        """Say whether two numbers are asked for instead of a value."""
        return takes_parts(self.indicator)

    @property
    def key(self) -> str:
        """Give a name for the fields of this line."""
        return f"{self.indicator.pk}_{self.period:%Y%m}"


def takes_parts(indicator: Indicator) -> bool:
    """Say whether an indicator is a share whose two numbers are reported."""
    return indicator.unit in ("percent", "ratio")


def indicators_asked(area: Organisation) -> list[Indicator]:
    """Give the indicators that an area must report, in plan order."""
    label = area.path.split(".")[1] if "." in area.path else ""
    return [row for row in _reported_indicators(label.removeprefix("p")) if answers_for(row, area)]


def _reported_indicators(province_code: str) -> list[Indicator]:
    rows = Indicator.objects.filter(decision="reported", is_withdrawn=False, plan__province_code=province_code)
    return list(rows.select_related("plan").order_by("plan__code", "rank", "id"))


def lines_of(area: Organisation, today: dt.date, month: dt.date | None = None) -> list[Line]:
    """Give what an area has to report, late first: of ``month``, else of the present one and what is left of the last.

    Two statements, however many indicators.
    """
    asked = indicators_asked(area)
    last, present = (month, month) if month else open_periods(today)
    kept = _latest(asked, area, since=month_before(last))
    lines = [
        Line(each, period, kept.get((each.pk, period)), kept.get((each.pk, month_before(period))), today)
        for period in dict.fromkeys((last, present))
        for each in asked
    ]
    shown = [line for line in lines if line.period == present or not line.is_sent]
    return sorted(shown, key=lambda line: (not line.is_late, line.is_sent, line.due_on))


def _latest(indicators: Iterable[Indicator], area: Organisation, *, since: dt.date) -> dict[tuple[Any, Any], Reported]:
    rows = Reported.objects.filter(indicator__in=list(indicators), organisation=area, period__gte=since)
    return {(row.indicator_id, row.period): row for row in rows.order_by("version")}


def versions_of(indicator: Indicator, area: Organisation, period: dt.date) -> list[Reported]:
    """Give every version of a month, latest first."""
    return list(Reported.objects.filter(indicator=indicator, organisation=area, period=period).order_by("-version"))


def accepted_of(indicator: Indicator, area: Organisation, limit: int = 12) -> list[Reported]:
    """Give the accepted values of the last months over an area, each with its versions, latest first."""
    rows = Reported.objects.filter(indicator=indicator, organisation=area, state="accepted")
    return list(rows.order_by("-period", "-version")[:limit])


def units_at(level: Level, under: str) -> QuerySet[Organisation]:
    """Give the open units of a kind within a place; the department stands for the province."""
    kinds = {Level.DEPARTMENT: ("province",), Level.COMMUNE: _COMMUNES, Level.SCHOOL: ("school",)}[level]
    return Organisation.objects.filter(kind__in=kinds, path__under=under, closed_on__isnull=True)


@dataclass(frozen=True)
class Overdue:
    """How many units have not reported an indicator of a month."""

    indicator: Indicator
    missing: int
    units: int

    @property
    def is_departments(self) -> bool:
        """Say whether the department itself reports it."""
        return level_of(self.indicator) is Level.DEPARTMENT


def overdue_under(province: Organisation, period: dt.date) -> list[Overdue]:
    """Count, for each indicator that people must report, the units that have not sent in a month; most first."""
    indicators = _reported_indicators(province.code)
    units = {level: units_at(level, province.path).count() for level in {level_of(each) for each in indicators}}
    rows: Any = Reported.objects.filter(
        indicator__in=indicators,
        period=period,
        state__in=_SENT,
        path__under=province.path,
        organisation__closed_on__isnull=True,
    )
    sent = dict(rows.values_list("indicator").annotate(units=Count("organisation", distinct=True)))
    found = [Overdue(each, units[level_of(each)] - sent.get(each.pk, 0), units[level_of(each)]) for each in indicators]
    return sorted((each for each in found if each.missing > 0), key=lambda each: -each.missing)


def units_missing(indicator: Indicator, period: dt.date, under: str) -> QuerySet[Organisation]:
    """Give the units that have not sent in an indicator of a month."""
    sent = Reported.objects.filter(indicator=indicator, period=period, state__in=_SENT, organisation=OuterRef("pk"))
    return units_at(level_of(indicator), under).filter(~Exists(sent))


def unreported_by_unit(province: Organisation, period: dt.date) -> dict[UUID, int]:
    """Count what each unit of a province has not sent in of a month; a handful of statements for all units."""
    by_level: dict[Level, list[Any]] = defaultdict(list)
    for each in _reported_indicators(province.code):
        by_level[level_of(each)].append(each.pk)
    missing = {}
    for level, indicators in by_level.items():
        sent = Count("indicator", distinct=True, filter=Q(indicator__in=indicators, period=period, state__in=_SENT))
        rows: Any = Reported.objects.filter(period=period, path__under=province.path)
        done = dict(rows.values_list("organisation").annotate(sent=sent))
        for unit in units_at(level, province.path).values_list("pk", flat=True):
            missing[unit] = len(indicators) - done.get(unit, 0)
    return {unit: count for unit, count in missing.items() if count}


def roll_ups_of(indicators: Iterable[Indicator], area: Organisation, today: dt.date) -> dict[Any, RollUp]:
    """Add up the accepted parts of units below an area, for indicators that those units must report.

    Of each indicator: the last month that is due, else the newest. A handful of statements however many units.
    """
    below = [each for each in indicators if each.decision == "reported" and _is_below(level_of(each), area)]
    if not below:
        return {}
    periods = _periods_of(below, area, today)
    if not periods:
        return {}
    units = {level: units_at(level, area.path).count() for level in {level_of(each) for each in below}}
    levels = {each.pk: level_of(each) for each in below}
    chosen = Q(pk__in=[])
    for key, period in periods.items():
        chosen |= Q(indicator=key, period=period)
    in_force = _accepted(below, area).filter(chosen).order_by("indicator", "organisation", "-version")
    rows: Any = Reported.objects.filter(pk__in=in_force.distinct("indicator", "organisation").values("pk"))
    sums = rows.values("indicator", "period").annotate(
        n=Sum("numerator"), d=Sum("denominator"), whole=Count("denominator"), all=Count("pk")
    )
    return {
        row["indicator"]: RollUp(
            row["period"],
            int(row["n"] or 0),
            int(row["d"] or 0),
            row["whole"],
            row["all"] - row["whole"],
            units[levels[row["indicator"]]],
        )
        for row in sums
    }


def _is_below(level: Level, area: Organisation) -> bool:
    order = (Level.DEPARTMENT, Level.COMMUNE, Level.SCHOOL)
    own = level_at(area)
    return own is not None and order.index(level) > order.index(own)


def _accepted(indicators: Iterable[Indicator], area: Organisation) -> QuerySet[Reported]:
    rows = Reported.objects.filter(indicator__in=list(indicators), state="accepted", path__under=area.path)
    return rows.exclude(organisation=area)


def _periods_of(indicators: Iterable[Indicator], area: Organisation, today: dt.date) -> Mapping[Any, dt.date]:
    since = dt.date(today.year - MONTHS_BACK // 12, today.month, 1)
    pairs = _accepted(indicators, area).filter(period__gte=since).values_list("indicator", "period").distinct()
    known: dict[Any, list[dt.date]] = defaultdict(list)
    for key, period in pairs:
        known[key].append(period)
    return {key: shown_period(found, today) for key, found in known.items()}


def waiting_for(actor: Actor) -> QuerySet[Reported]:
    """Give what waits for the actor's review, each with ``before``: the accepted value of the month before."""
    newer = Reported.objects.filter(
        indicator=OuterRef("indicator"),
        organisation=OuterRef("organisation"),
        period__lt=OuterRef("period"),
        state=Reported.State.ACCEPTED,
    )
    last = newer.order_by("-period", "-version").values("value")[:1]
    return reported_seen_by(actor).filter(state=Reported.State.SUBMITTED).annotate(before=Subquery(last))


def value_seen_by(actor: Actor, value_id: UUID) -> Reported:
    """Find one reported value the actor may see.

    :raises NotThere: unknown, elsewhere, or not accepted and neither one's own unit's nor to be reviewed
    """
    found = reported_seen_by(actor).filter(pk=value_id).first()
    if found is None:
        raise NotThere
    return found


def desk_of(actor: Actor) -> tuple[int, int]:
    """Count, in one statement, the indicators that people report and that have an accepted value, and what waits."""
    is_accepted = Q(state=Reported.State.ACCEPTED, indicator__decision=Indicator.Decision.REPORTED)
    counted: Any = reported_seen_by(actor).aggregate(
        known=Count("indicator", distinct=True, filter=is_accepted),
        waiting=Count("pk", filter=Q(state=Reported.State.SUBMITTED)),
    )
    return counted["known"], counted["waiting"]
