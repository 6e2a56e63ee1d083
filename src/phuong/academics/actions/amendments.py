"""Windows of entry, and amendments of what is locked: asked for with a reason, decided by somebody else."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.academics.access import amendment_for, must_write
from phuong.academics.actions.marks import keep_rows, locked_sheet, rows_of
from phuong.academics.actions.primary import lock_said, seat_of
from phuong.academics.errors import NothingToAmend, NotTheirSheet
from phuong.academics.models import Amendment, EntryWindow, Mark, PrimaryRating, PrimaryRecord
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.primarystories import (
    OUTSTANDING,
    QUALITIES,
    SaidSheet,
    said_columns,
    said_rows,
    said_sheet_for,
)
from phuong.academics.rules.cells import REMARK, Row, columns_of
from phuong.kernel.audit import record
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, acting
from phuong.registry.api import ClassGroup, Enrolment, Organisation

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


Value = int | str | bool | None
About = Mark | PrimaryRating | PrimaryRecord


@dataclass(frozen=True)
class Wish:
    """What of whom is to become what, and why; ``value`` as the row holds it."""

    learner: UUID
    column: str
    value: Value
    reason: str


@transaction.atomic
def ask_amendment(group: ClassGroup, subject: str, term: int, wish: Wish, *, by: Actor) -> Amendment:
    """Ask for a change of a mark or remark in a column that is closed.

    :raises NotTheirSheet: the actor does not teach this subject in this class
    :raises NotThere: no such column, or no such pupil
    :raises NothingToAmend: it stands so already, or a request for this cell is open
    """
    must_write(by, group, subject)
    sheet = locked_sheet(group, subject, term)
    mark = rows_of(sheet, [wish.learner]).get(wish.learner)
    is_asked_of = mark is not None and (wish.column == REMARK or not mark.is_exempt)
    if mark is None or not is_asked_of or wish.column not in (*columns_of(sheet.columns), REMARK):
        raise NotThere
    return _asked(wish, {"mark": mark}, f"{subject} {term} {wish.column}", by)


@transaction.atomic
def ask_said_amendment(group: ClassGroup, subject: str, period: int, wish: Wish, *, by: Actor) -> Amendment:
    """Ask for a change of what is said of a primary pupil at a time that is over; ``subject``: see ``SaidSheet``.

    :raises NotThere: the actor has nothing to do with the sheet, no such column, or no such pupil
    :raises NotTheirSheet: the actor reads the sheet and does not write it
    :raises NothingToAmend: it stands so already, or a request for this cell is open
    """
    sheet = said_sheet_for(by, group.pk, subject, period)
    if not sheet.writes:
        raise NotTheirSheet
    pupils = enrolments_in(group, [wish.learner])
    if not pupils or wish.column not in said_columns(sheet):
        raise NotThere
    _lock(group, subject, period)
    row = said_rows(sheet).filter(enrolment=pupils[0]).first() or _fresh(sheet, pupils[0])
    return _asked(wish, {"rating" if sheet.is_of_subject else "record": row}, f"{subject} {period} {wish.column}", by)


def _lock(group: ClassGroup, subject: str, period: int) -> None:
    """Take turns with who writes the sheet."""
    lock_said(group, str(period) if subject == QUALITIES else f"{subject} {period}")


def _fresh(sheet: SaidSheet, pupil: Enrolment) -> PrimaryRating | PrimaryRecord:
    where = {**seat_of(pupil), "period": sheet.period}
    if sheet.is_of_subject:
        return PrimaryRating.objects.create(**where, subject=sheet.subject)
    return PrimaryRecord.objects.create(**where)


def value_of(row: About, column: str) -> Value:
    """Give what stands in a column of a row; blank or ``None``: nothing."""
    if isinstance(row, Mark) and column != REMARK:
        return Row(tuple(row.regular), row.midterm, row.final).cell(column)
    if isinstance(row, PrimaryRecord) and column not in (OUTSTANDING, REMARK):
        return str(row.ratings.get(column, ""))
    found: Value = getattr(row, column)
    return found


def _put(row: About, column: str, value: Any) -> None:
    if isinstance(row, Mark) and column != REMARK:
        given = Row(tuple(row.regular), row.midterm, row.final).put(column, value)
        row.regular, row.midterm, row.final = list(given.regular), given.midterm, given.final
    elif isinstance(row, PrimaryRecord) and column not in (OUTSTANDING, REMARK):
        row.ratings = {code: said for code, said in {**row.ratings, column: value}.items() if said}
    else:
        setattr(row, column, value)


def _asked(wish: Wish, about: dict[str, Any], note: str, by: Actor) -> Amendment:
    (row,) = about.values()
    before = value_of(row, wish.column)
    is_open = Amendment.objects.filter(**about, column=wish.column, state=Amendment.State.ASKED).exists()
    if before == wish.value or is_open:
        raise NothingToAmend
    asked = Amendment.objects.create(
        **about,
        path=row.path,
        column=wish.column,
        before=before,
        after=wish.value,
        reason=wish.reason,
        asked_by=by.account_id,
        asked_by_name=by.name,
    )
    record("academics.amendment_asked", on_kind="mark", on_id=row.pk, note=note, path=asked.path)
    return asked


@transaction.atomic
def decide_amendment(amendment_id: UUID, *, approves: bool, answer: str, by: Actor) -> Amendment:
    """Approve a change, which is written at once, or refuse it. Nobody decides on what they asked for themselves.

    :raises NotThere: unknown, elsewhere, or one's own
    :raises NothingToAmend: decided already, or something else stands there by now
    """
    asked = amendment_for(by, amendment_id, writing=True)
    if asked.state != Amendment.State.ASKED:
        raise NothingToAmend
    asked.state = Amendment.State.APPROVED if approves else Amendment.State.REFUSED
    asked.decided_by, asked.decided_by_name, asked.decided_at = by.account_id, by.name, timezone.now()
    asked.answer = answer
    if approves:
        with acting(by, reason=f"{asked.asked_by_name}: {asked.reason}"):
            _write_mark(asked, asked.mark) if asked.mark else _write_said(asked, by)
    asked.save()
    record(f"academics.amendment_{asked.state}", on_kind="mark", on_id=asked.about.pk, note=answer, path=asked.path)
    return asked


def _write_mark(asked: Amendment, about: Mark) -> None:
    sheet = locked_sheet(about.sheet.class_group, about.sheet.subject, about.sheet.term)
    mark = rows_of(sheet, [about.learner_id])[about.learner_id]
    if value_of(mark, asked.column) != asked.before:
        raise NothingToAmend
    _put(mark, asked.column, asked.after)
    keep_rows(sheet, [mark])


def _write_said(asked: Amendment, by: Actor) -> None:
    row: Any = asked.about
    _lock(row.enrolment.class_group, getattr(row, "subject", QUALITIES), row.period)
    row.refresh_from_db()
    if value_of(row, asked.column) != asked.before:
        raise NothingToAmend
    _put(row, asked.column, asked.after)
    row.version, row.changed_at, row.changed_by = row.version + 1, timezone.now(), by.name
    row.save()
