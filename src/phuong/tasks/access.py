"""Who sees, works on, and gives which tasks: one rule for row and list."""

from uuid import UUID

from django.db.models import QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.tasks.models import Assignment


def seen_by(actor: Actor) -> QuerySet[Assignment]:
    """Give the tasks of units within the actor's place."""
    rows = Assignment.objects.select_related("organisation", "plan_task__plan")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def assignment_for(actor: Actor, assignment_id: UUID, *, writing: bool = False) -> Assignment:
    """Find one task the actor sees; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, or of a unit elsewhere
    """
    rows = seen_by(actor).filter(pk=assignment_id)
    found = (rows.select_for_update(of=("self",)) if writing else rows).first()
    if found is None or not actor.may(Permission.TASKS_READ):
        raise NotThere
    return found


def may_act(actor: Actor, assignment: Assignment, who: str) -> bool:
    """Say whether the actor may act as the unit itself (stands there, not above it), or as whoever gave the task."""
    if who == "unit":
        stands_there = assignment.organisation_id == actor.organisation_id or assignment.path == actor.scope
        return actor.may(Permission.TASKS_WORK) and stands_there
    return actor.may(Permission.TASKS_ASSIGN) and is_under(assignment.given_path, actor.scope)
