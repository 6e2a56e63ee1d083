"""First pages: the leader's dashboard, and what a commune or a school lacks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from phuong.kernel.contributions import contributions
from phuong.kernel.measures import Measure
from phuong.kernel.permissions import Permission
from phuong.kernel.today import today
from phuong.measures.api import Figure, Snapshot, figure_url, figures_of, latest_snapshot
from phuong.plans.access import may_report, own_area, province_for
from phuong.plans.dashboard import SHOWN_PER_GROUP, map_of, tally, worst_first
from phuong.plans.models import Indicator
from phuong.plans.queries import (
    Line,
    Standing,
    desk_of,
    indicators_of,
    lines_of,
    measure_title,
    standings_of,
)
from phuong.plans.rules import Status
from phuong.registry.api import Organisation

MOST_GAPS = 8
FAVOURITE_MAPS = ("registry.records_complete", "registry.learners_with_number")


def dashboard(request: Any) -> HttpResponse:
    """Show the whole province today: a sentence with the counts, what needs action, the map."""
    province = province_for(request.actor)
    year = today().year
    snapshot = latest_snapshot()
    indicators = indicators_of(province)
    standings = _counted(standings_of(province, year=year, snapshot=snapshot, indicators=_measured(indicators)))
    known, waiting = desk_of(request.actor)
    counts = tally(standings)
    behind, attention = worst_first(standings, Status.BEHIND), worst_first(standings, Status.ATTENTION)
    page = {
        "province": province,
        "year": year,
        "snapshot": snapshot,
        "tally": counts,
        "groups": [
            ("behind", counts.behind, behind[:SHOWN_PER_GROUP]),
            ("attention", counts.attention, attention[:SHOWN_PER_GROUP]),
        ],
        "gaps": _gaps(province, standings, snapshot),
        "records_link": _records_link(request),
        "plans": list({each.plan_id: each.plan for each in indicators}.values()),
        "asked": sum(each.decision == "reported" for each in indicators),
        "known": known,
        "waiting": waiting if request.actor.may(Permission.VALUES_REVIEW) else 0,
        "map": map_of(province, snapshot, _mapped(standings, request.GET.get("map", ""), behind)),
    }
    return render(request, "plans/dashboard.html", page)


def _records_link(request: Any) -> str:
    """Lead to the records still missing, or to the figure when the reader may not see records."""
    return "measures:records" if request.actor.may(Permission.RECORDS_READ) else "measures:figure"


def _mapped(standings: list[Standing], wanted: str, behind: list[Standing]) -> Standing | None:
    for code in (wanted, *FAVOURITE_MAPS):
        for standing in standings:
            if standing.indicator.measure == code:
                return standing
    return behind[0] if behind else (standings[0] if standings else None)


@dataclass(frozen=True)
class Gap:
    """A measure with records still missing over an area."""

    measure: str
    title: str
    figure: Figure
    area_id: UUID
    is_owed: bool

    @property
    def missing(self) -> int:
        """Count the records still missing."""
        return self.figure.denominator - self.figure.numerator

    @property
    def figure_url(self) -> str:
        """Give the address of the figure over this area."""
        return figure_url(self.measure, self.area_id)


def _gaps(area: Organisation, standings: list[Standing], snapshot: Snapshot | None) -> list[Gap]:
    """Give the measures with the most records still missing, each once; what the units owe themselves comes first."""
    gaps: dict[str, Gap] = {}
    for standing in standings:
        if standing.figure and standing.lists_missing:
            code = standing.indicator.measure
            gaps.setdefault(code, Gap(code, standing.title, standing.figure, area.pk, is_owed=False))
    owed = [each.code for each in contributions(Measure) if each.asked_of_units]
    for code, figure in figures_of(area, owed, snapshot=snapshot).items():
        gaps[code] = Gap(code, measure_title(code), figure, area.pk, is_owed=True)
    by_missing = sorted(gaps.values(), key=lambda gap: (not gap.is_owed, -gap.missing))
    return [gap for gap in by_missing if gap.missing > 0][:MOST_GAPS]


def area_home(request: Any) -> HttpResponse:
    """Show a commune officer or a principal what is asked of them and what is still missing."""
    area = own_area(request.actor)
    year = today().year
    snapshot = latest_snapshot()
    standings = standings_of(area, year=year, snapshot=snapshot, indicators=_measured(indicators_of(area)))
    standings = [each for each in standings if each.figure and each.figure.denominator]
    counts = tally(standings)
    behind, attention = worst_first(standings, Status.BEHIND), worst_first(standings, Status.ATTENTION)
    page = {
        "area": area,
        "year": year,
        "snapshot": snapshot,
        "tally": counts,
        "groups": [
            ("behind", counts.behind, behind[:SHOWN_PER_GROUP]),
            ("attention", counts.attention, attention[:SHOWN_PER_GROUP]),
        ],
        "gaps": _gaps(area, standings, snapshot),
        "records_link": _records_link(request),
        "unsent": _unsent(request, area),
    }
    return render(request, "plans/area_home.html", page)


def _measured(indicators: list[Indicator]) -> list[Indicator]:
    """Give the indicators that are counted: first pages speak of counted figures, reported ones have their desk."""
    return [each for each in indicators if each.measure]


def _counted(standings: list[Standing]) -> list[Standing]:
    return [each for each in standings if each.figure is not None]


def _unsent(request: Any, area: Organisation) -> list[Line]:
    """Give what the reader's unit still has to report, late first."""
    lines = lines_of(area, today()) if may_report(request.actor, area) else []
    return [line for line in lines if not line.is_sent]
