"""The page of what a school has and offers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from phuong.facilities.queries import equipment_of, programmes_of, rooms_of
from phuong.kernel.calendar import school_year_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.today import today
from phuong.registry.api import organisation_for

MOST_PIECES = 400


@needs(Permission.FACILITIES_READ)
@require_safe
def rooms(request: Any, organisation_id: UUID) -> HttpResponse:
    """Show the rooms, equipment and programmes of one school."""
    organisation = organisation_for(request.actor, organisation_id)
    year = school_year_of(today())
    page = {
        "organisation": organisation,
        "rooms": list(rooms_of(organisation)),
        "store": list(equipment_of(organisation)[:MOST_PIECES]),
        "programmes": list(programmes_of(organisation, year.start)),
        "year": year,
        "may_edit": request.actor.may(Permission.FACILITIES_EDIT) and request.actor.as_of is None,
    }
    return render(request, "facilities/rooms.html", page)
