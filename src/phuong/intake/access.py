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
    return bool(actor.scope) and (_brings_lists(actor, sheet) or brings_own(actor, sheet))


def _brings_lists(actor: Actor, sheet: Sheet) -> bool:
    return actor.may(Permission.BULK_EDIT) and actor.may(sheet.permission)


def brings_own(actor: Actor, sheet: Sheet) -> bool:
    """Say whether the actor brings in such records only where they are the actor's to write."""
    return bool(sheet.own) and actor.may(sheet.own) and not _brings_lists(actor, sheet)


def may_take_out(actor: Actor, sheet: Sheet) -> bool:
    """Say whether the actor may have what stands of this kind in the whole place as a file."""
    return bool(sheet.present) and actor.may(Permission.EXPORT) and not brings_own(actor, sheet)


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

    :raises NotThere: unknown, elsewhere, of a kind the actor may not bring in, or somebody else's of one's own kind
    """
    rows = Batch.objects.defer("content", "rows", "problems")
    rows = rows.select_for_update(of=("self",)) if writing else rows
    found = rows.filter(pk=batch_id, path__under=actor.scope or "none").first()
    if found is None or not _is_theirs(actor, found):
        raise NotThere
    return found


def _is_theirs(actor: Actor, batch: Batch) -> bool:
    sheet = sheet_named(batch.kind)
    if brings_own(actor, sheet):
        return batch.asked_by is not None and batch.asked_by == actor.account_id
    return may_bring(actor, sheet)
