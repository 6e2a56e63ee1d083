"""Report cards to take along: of one pupil, of a class, of a school in one job."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from phuong.academics.actions.cards import Made, file_name, print_stack
from phuong.academics.errors import NoCards
from phuong.academics.queries.cards import PARTS, decided_of
from phuong.academics.queries.homeroom import own_class_for
from phuong.academics.queries.primarycards import has_part, stack_of
from phuong.kernel.audit import SEEN, record, seen
from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.models import Job, JobState
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.registry.api import ClassGroup
from phuong.ui.api import shown_job

PRINT = "academics.cards"


@needs(Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_safe
def of_class(request: Any, class_id: UUID, part: int) -> HttpResponse:
    """Hand over the cards of a class in one file.

    :raises NoCards: nothing is computed yet
    """
    group, _standing = own_class_for(request.actor, class_id)
    if not has_part(group, part):
        raise NotThere
    made = print_stack(stack_of(group, part))
    if not made.content:
        raise NoCards
    let_leave(Leaving("academics.cards", made.made, {group.organisation_id}))
    note = f"{group.school_year} {part}: {made.made}/{made.asked}"
    record("academics.cards_taken", on_kind="class", on_id=group.pk, note=note, path=group.organisation.path)
    return _pdf(made, file_name(group, part))


@needs(Permission.OWN_READ, Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
@require_safe
def of_pupil(request: Any, learner_id: UUID, year: int, part: int) -> HttpResponse:
    """Hand over the card of one pupil: to the family, the homeroom teacher, who manages marks.

    :raises NoCards: it cannot be printed
    """
    found = decided_of(learner_id, year, part) if part in PARTS and year < MOST_YEAR else None
    if found is None:
        raise NotThere
    group: ClassGroup = found.enrolment.class_group
    is_own = learner_id in request.actor.persons
    if not is_own:
        group, _standing = own_class_for(request.actor, group.pk)
    stack = stack_of(group, part, learners=[learner_id])
    made = print_stack(stack)
    if not made.content:
        raise NoCards
    let_leave(Leaving("academics.card") if is_own else Leaving("academics.card", 1, {group.organisation_id}))
    seen(SEEN, on_kind="person", on_id=learner_id, about=learner_id, path=found.path)
    return _pdf(made, file_name(group, part, stack.cards[0].name))


MOST_YEAR = 3000


def _pdf(made: Made, name: str) -> HttpResponse:
    answer = HttpResponse(made.content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs(Permission.MARKS_MANAGE)
@require_POST
def ask_school(request: Any, class_id: UUID, part: int) -> HttpResponse:
    """Ask for the cards of the whole school of a class."""
    group, _standing = own_class_for(request.actor, class_id)
    if not has_part(group, part):
        raise NotThere
    place = str(group.organisation.path)
    asked = {"under": place, "year": group.school_year, "part": part, "asked_by": request.actor.name}
    return redirect("academics:cards_run", later(PRINT, path=place, **asked).pk)


@needs(Permission.MARKS_MANAGE)
@require_safe
def run(request: Any, job_id: UUID) -> HttpResponse:
    """Show a job that prints the cards of a school: how far it is, asked and made, the file of each class."""
    job = Job.objects.filter(pk=job_id, name=PRINT, path__under=request.actor.scope or "none").first()
    if job is None:
        raise NotThere
    shown = {**shown_job(job), "cancel_url": None, "again_url": None, "result_url": None}
    page = {"job": shown, "result": job.result if job.state == JobState.DONE else {}, "is_busy": not job.is_over}
    part = "#run" if "HX-Request" in request.headers else ""
    return render(request, f"academics/results_cards.html{part}", page)
