"""Who sees which reports."""

from uuid import UUID

from django.db.models import QuerySet

from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.reports.models import Report

NEEDED = {
    "write": Permission.REPORTS_WRITE,
    "submit": Permission.REPORTS_WRITE,
    "restate": Permission.REPORTS_WRITE,
    "approve": Permission.REPORTS_APPROVE,
    "return": Permission.REPORTS_APPROVE,
    "send": Permission.REPORTS_SEND,
}


def seen_by(actor: Actor) -> QuerySet[Report]:
    """Give the reports of units within the actor's place."""
    rows = Report.objects.select_related("organisation__parent")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def report_for(actor: Actor, report_id: UUID, *, act: str = "") -> Report:
    """Find one report the actor sees; with ``act`` locked, and only if the actor may do that.

    :raises NotThere: unknown, of a unit elsewhere, or not for this actor
    """
    rows = seen_by(actor).filter(pk=report_id)
    found = (rows.select_for_update(of=("self",)) if act else rows).first()
    if found is None or (act and not actor.may(NEEDED[act])):
        raise NotThere
    return found
