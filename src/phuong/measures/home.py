"""The first page of those who work in a school: their classes, and what the school's records still lack."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from phuong.kernel.calendar import school_year_of
from phuong.kernel.contributions import contributions
from phuong.kernel.measures import Measure
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.measures.queries import Figure, figures_of
from phuong.registry.api import Organisation, classes_of

MOST_GAPS = 6


def school_home(request: Any) -> HttpResponse:
    """Show today's week, the classes (own class first), and a queue of what is missing."""
    school = Organisation.objects.filter(path=request.actor.scope).first()
    if school is None:
        raise NotThere
    day = today()
    year = school_year_of(day)
    reads_persons = request.actor.may(Permission.PERSONS_READ)
    classes = list(classes_of(school, year.start)) if reads_persons else []
    own = request.standing.account.person_id
    page = {
        "school": school,
        "today": day,
        "week": year.week_of(day),
        "year": year,
        "own": [group for group in classes if own and group.homeroom_id == own],
        "classes": classes,
        "gaps": _gaps(school) if request.actor.may(Permission.RECORDS_READ) else [],
    }
    return render(request, "measures/school_home.html", page)


def _gaps(school: Organisation) -> list[tuple[Measure, Figure, int]]:
    measures = {each.code: each for each in contributions(Measure) if each.lists_missing}
    figures = figures_of(school, measures)
    rows = [(measures[code], figure, figure.denominator - figure.numerator) for code, figure in figures.items()]
    return sorted((row for row in rows if row[2] > 0), key=lambda row: (not row[0].asked_of_units, -row[2]))[:MOST_GAPS]
