"""Windows of entry, and amendments of locked marks: asked for with a reason, decided by somebody else."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.academics.access import amendment_for, must_write
from phuong.academics.actions.marks import keep_rows, locked_sheet, rows_of
from phuong.academics.errors import NothingToAmend
from phuong.academics.models import Amendment, EntryWindow
from phuong.academics.rules.cells import Row, columns_of
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.registry.api import ClassGroup, Organisation

Days = tuple[dt.date, dt.date]


@transaction.atomic
def set_windows(school: Organisation, year: int, term: int, windows: Mapping[str, Days | None], *, by: Actor) -> None:
    """Say when the kinds of columns of a term may be written at a school; ``None`` takes a window away."""
    kept = {each.column: each for each in EntryWindow.objects.filter(organisation=school, school_year=year, term=term)}
    for column, days in windows.items():
        present = kept.get(column)
        if days is None:
            if present is not None:
                present.delete()
        elif present is None:
            EntryWindow.objects.create(
                path=school.path,
                organisation=school,
                school_year=year,
                term=term,
                column=column,
                opens_on=days[0],
                closes_on=days[1],
            )
        elif (present.opens_on, present.closes_on) != days:
            present.opens_on, present.closes_on = days
            present.save(update_fields=["opens_on", "closes_on"])
    told = ", ".join(f"{column} {days[0]:%d/%m}-{days[1]:%d/%m}" for column, days in windows.items() if days)
    record("academics.windows_set", on_kind="organisation", on_id=school.pk, note=f"{term}: {told}", path=school.path)
    del by


@dataclass(frozen=True)
class Wish:
    """Which mark of whom is to become what, and why."""

    learner: UUID
    column: str
    value: int | None
    reason: str


@transaction.atomic
def ask_amendment(group: ClassGroup, subject: str, term: int, wish: Wish, *, by: Actor) -> Amendment:
    """Ask for a change of a mark in a column that is closed.

    :raises NotTheirSheet: the actor does not teach this subject in this class
    :raises NotThere: no such column, or no such pupil
    :raises NothingToAmend: it stands so already, or a request for this cell is open
    """
    must_write(by, group, subject)
    sheet = locked_sheet(group, subject, term)
    mark = rows_of(sheet, [wish.learner]).get(wish.learner)
    if mark is None or mark.is_exempt or wish.column not in columns_of(sheet.columns):
        raise NotThere
    before = Row(tuple(mark.regular), mark.midterm, mark.final).cell(wish.column)
    is_open = Amendment.objects.filter(mark=mark, column=wish.column, state=Amendment.State.ASKED).exists()
    if before == wish.value or is_open:
        raise NothingToAmend
    asked = Amendment.objects.create(
        path=sheet.path,
        mark=mark,
        column=wish.column,
        before=before,
        after=wish.value,
        reason=wish.reason,
        asked_by=by.account_id,
        asked_by_name=by.name,
    )
    note = f"{subject} {term} {wish.column}"
    record("academics.amendment_asked", on_kind="mark", on_id=mark.pk, note=note, path=sheet.path)
    return asked


@transaction.atomic
def decide_amendment(amendment_id: UUID, *, approves: bool, answer: str, by: Actor) -> Amendment:
    """Approve a change, which is written at once, or refuse it. Nobody decides on what they asked for themselves.

    :raises NotThere: unknown, elsewhere, or one's own
    :raises NothingToAmend: decided already, or the mark is another one by now
    """
    asked = amendment_for(by, amendment_id, writing=True)
    if asked.state != Amendment.State.ASKED:
        raise NothingToAmend
    asked.state = Amendment.State.APPROVED if approves else Amendment.State.REFUSED
    asked.decided_by, asked.decided_by_name, asked.decided_at = by.account_id, by.name, timezone.now()
    asked.answer = answer
    if approves:
        _write(asked, by)
    asked.save()
    record(f"academics.amendment_{asked.state}", on_kind="mark", on_id=asked.mark_id, note=answer, path=asked.path)
    return asked


def _write(asked: Amendment, by: Actor) -> None:
    sheet = asked.mark.sheet
    sheet = locked_sheet(sheet.class_group, sheet.subject, sheet.term)
    mark = rows_of(sheet, [asked.mark.learner_id])[asked.mark.learner_id]
    row = Row(tuple(mark.regular), mark.midterm, mark.final)
    if row.cell(asked.column) != asked.before:
        raise NothingToAmend
    row = row.put(asked.column, asked.after)
    mark.regular, mark.midterm, mark.final = list(row.regular), row.midterm, row.final
    with acting(by, reason=f"{asked.asked_by_name}: {asked.reason}"):
        keep_rows(sheet, [mark])
