"""A pupil is exempt from a subject, or is no longer (miễn học): said by who manages marks, with the reason."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from phuong.academics.access import standing_in
from phuong.academics.actions.marks import keep_rows, locked_sheet, rows_of
from phuong.academics.errors import NothingToAmend, NotTheirSheet
from phuong.academics.models import Mark
from phuong.academics.queries.closing import must_be_open
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.registry.api import ClassGroup


@dataclass(frozen=True)
class Exemption:
    """Whether a pupil is exempt, and why."""

    is_exempt: bool
    reason: str


@transaction.atomic
def set_exemption(
    group: ClassGroup, subject: str, term: int, learner: UUID, exemption: Exemption, *, by: Actor
) -> Mark:
    """Make a pupil exempt from a subject in a term, or take that back; marks given before are kept, and do not count.

    An exemption in either term leaves the subject out of the whole year.

    :raises NotTheirSheet: the actor does not manage marks
    :raises YearClosed: the school has closed the year
    :raises NotThere: no pupil of this class
    :raises NothingToAmend: it stands so already
    """
    if not standing_in(by, group, subject).manages:
        raise NotTheirSheet
    must_be_open(group.organisation_id, group.school_year)
    sheet = locked_sheet(group, subject, term)
    mark = rows_of(sheet, [learner]).get(learner)
    if mark is None:
        raise NotThere
    if mark.is_exempt == exemption.is_exempt:
        raise NothingToAmend
    mark.is_exempt = exemption.is_exempt
    with acting(by, reason=exemption.reason):
        keep_rows(sheet, [mark])
    did = "academics.exempted" if exemption.is_exempt else "academics.exemption_ended"
    note = f"{subject} {term}: {exemption.reason}"
    record(did, on_kind="mark", on_id=mark.pk, about=learner, note=note, path=sheet.path)
    return mark
