"""A file brought in at one go, all or nothing: for commands, and for formats that become files of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from phuong.intake.actions.applying import apply_all
from phuong.intake.actions.checking import check, draft_of
from phuong.intake.actions.receiving import Wish, drop, receive
from phuong.intake.declarations import sheet_named
from phuong.intake.drafts import Draft, told
from phuong.intake.errors import EndsTooMany, NotMapped
from phuong.intake.models import Batch, Part
from phuong.intake.queries import table_of, totals_of
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import Actor

State = Batch.State


@dataclass(frozen=True)
class Brought:
    """What a file became: its import, what was wrong (``told``), and whether anything was written."""

    batch: Batch
    draft: Draft | None
    errors: list[dict[str, Any]]
    is_applied: bool

    def counts(self) -> dict[str, int]:
        """Count what was done, or would be."""
        done: Mapping[str, int] = totals_of(self.batch) if self.is_applied else {}
        batch = self.batch
        return {
            "read": batch.read,
            "create": done.get("created", batch.to_create),
            "change": done.get("changed", batch.to_change),
            "same": batch.same,
            "refused": batch.refused,
            "end": done.get("ended", batch.to_end),
        }


def bring(
    name: str, content: bytes, wish: Wish, *, by: Actor, is_trial: bool = False, confirmed: bool = False
) -> Brought:
    """Read, check and, when nothing is wrong and this is no trial, apply a file.

    :raises NotMapped: required columns are missing
    :raises EndsTooMany: too large a part of a class or school would end, and nobody confirmed it
    """
    batch = receive(name, content, wish, by=by)
    if batch.state == State.MAPPING:
        raise NotMapped(required=[str(column.label) for column in sheet_named(wish.kind).columns if column.required])
    draft = check(Progress(), batch, by)
    errors = told(draft) if draft else []
    is_wanted = not is_trial and not errors
    if not is_wanted:
        drop(batch.pk, by=by)
        return Brought(batch, draft, errors, is_applied=False)
    if batch.held and not confirmed:
        raise EndsTooMany(held=batch.held)
    batch.held_confirmed_by = by.name if batch.held else ""
    batch.state = State.APPLYING
    batch.save(update_fields=["state", "held_confirmed_by"])
    apply_all(Progress(), batch, by)
    return Brought(batch, draft, errors, is_applied=True)


def broken_rules(brought: Brought) -> list[str]:
    """Name the rules of the database that refused the rows of a unit."""
    return list(Part.objects.filter(batch=brought.batch, state=Part.State.FAILED).values_list("wrong", flat=True))


def targets_of(brought: Brought, *, by: Actor) -> list[str | None]:
    """Say of each row of an applied file which record it speaks of by now."""
    sheet = sheet_named(brought.batch.kind)
    draft = draft_of(brought.batch, sheet, table_of(brought.batch, sheet), by)
    return list(draft.frame.sort("row").get_column("target").to_list())
