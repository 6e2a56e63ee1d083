"""Closing a school's year, and opening it again for a reason."""

from django.db import transaction
from django.utils import timezone

from phuong.academics.errors import AlreadyPromoted, YearOpen
from phuong.academics.models import ClosedYear, Promotion
from phuong.academics.queries.closing import closing_of, year_lock
from phuong.kernel.audit import record
from phuong.kernel.jobs import later
from phuong.kernel.locks import hold
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation

COMPUTE = "academics.results"


@transaction.atomic
def close_year(school: Organisation, year: int, *, by: Actor) -> ClosedYear:
    """Close the year of a school and ask for its results anew; a year that is closed already stays as it is."""
    hold(year_lock(school.pk, year))  # whoever writes into the year is waited for; who comes afterwards finds it closed
    if found := closing_of(school.pk, year):
        return found
    closed = ClosedYear.objects.create(
        path=school.path,
        organisation=school,
        school_year=year,
        closed_at=timezone.now(),
        closed_by=by.account_id,
        closed_by_name=by.name,
    )
    record("academics.year_closed", on_kind="school", on_id=school.pk, note=str(year), path=school.path)
    _compute(school, year, by)
    return closed


@transaction.atomic
def reopen_year(school: Organisation, year: int, *, reason: str, by: Actor) -> None:
    """Open a closed year again, for a reason that is kept, and ask for its results anew.

    :raises YearOpen: it is not closed
    :raises AlreadyPromoted: pupils have moved up from it
    """
    hold(year_lock(school.pk, year))
    found = closing_of(school.pk, year)
    if found is None:
        raise YearOpen
    if Promotion.objects.filter(organisation=school, school_year=year, undone_at=None).exists():
        raise AlreadyPromoted
    found.reopened_at, found.reopened_by, found.reopened_by_name = timezone.now(), by.account_id, by.name
    found.reason = reason
    found.save(update_fields=["reopened_at", "reopened_by", "reopened_by_name", "reason"])
    note = f"{year}: {reason}"
    record("academics.year_reopened", on_kind="school", on_id=school.pk, note=note, path=school.path)
    _compute(school, year, by)


def _compute(school: Organisation, year: int, by: Actor) -> None:
    place = str(school.path)
    later(COMPUTE, path=place, under=place, year=year, asked_by=by.name)
