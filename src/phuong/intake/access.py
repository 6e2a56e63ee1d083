"""Who may bring in which kinds of file, and whose imports somebody may look at."""

from uuid import UUID

from phuong.intake.declarations import Sheet, sheet_named
from phuong.intake.models import Batch
from phuong.kernel.contributions import contributions
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor


def may_bring(actor: Actor, sheet: Sheet) -> bool:
    """Say whether the actor may bring in files of this kind."""
    return bool(actor.scope) and actor.may(Permission.BULK_EDIT) and actor.may(sheet.permission)


def sheets_for(actor: Actor) -> list[Sheet]:
    """Give the kinds of file the actor may bring in, in their order."""
    return sorted((each for each in contributions(Sheet) if may_bring(actor, each)), key=lambda sheet: sheet.order)


def sheet_for(actor: Actor, code: str) -> Sheet:
    """Find a kind of file the actor may bring in.

    :raises NotThere: no such kind, or not for this actor
    """
    sheet = sheet_named(code)
    if not may_bring(actor, sheet):
        raise NotThere
    return sheet


def batch_for(actor: Actor, batch_id: UUID, *, writing: bool = False) -> Batch:
    """Find an import within the actor's place; with ``writing`` locked until the act is over.

    :raises NotThere: unknown, elsewhere, or of a kind the actor may not bring in
    """
    rows = Batch.objects.defer("content", "rows", "problems")
    rows = rows.select_for_update(of=("self",)) if writing else rows
    found = rows.filter(pk=batch_id, path__under=actor.scope or "none").first()
    if found is None or not may_bring(actor, sheet_named(found.kind)):
        raise NotThere
    return found
