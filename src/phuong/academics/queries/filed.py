"""What marks of a file are laid over: the sheets they name, what may be written there, whose sheets they are."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from phuong.academics.access import lessons_of, person_of
from phuong.academics.errors import NoProfile
from phuong.academics.models import EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.profiles import programme_for
from phuong.academics.queries.closing import closed_among
from phuong.academics.queries.sheets import secondary_profile
from phuong.academics.queries.topics import base_columns
from phuong.academics.rules.cells import Row, Window
from phuong.academics.rules.filed import Opening, opening_of
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup, Enrolment, TeachingAssignment

K = TypeVar("K")
Key = tuple[UUID, str, int]  # class, subject, term
NO_SHEET, NOT_TAKEN, NOT_THEIRS, CLOSED = "no_sheet", "not_taken", "not_theirs", "year_closed"


@dataclass(frozen=True)
class Standing:
    """What stands of a pupil in a sheet."""

    mark: UUID | None = None
    sheet: UUID | None = None
    row: Row = Row()
    is_exempt: bool = False
    remark: str = ""


NOTHING = Standing()


@dataclass
class Books:
    """The sheets that rows of a file name: those there are, those that would be made, and what keeps rows out.

    ``wrong``: by sheet ``no_sheet`` (no marks are given there), ``not_taken`` (the class does not take the subject, and
    nobody teaches it), ``not_theirs`` (the actor does not write it), ``year_closed``.
    """

    sheets: dict[Key, GradeSheet] = field(default_factory=dict)
    openings: dict[Key, Opening] = field(default_factory=dict)
    wrong: dict[Key, str] = field(default_factory=dict)


def books_of(wanted: Collection[Key], by: Actor, day: dt.date) -> Books:
    """Find the sheets some rows name, and what may be written there on a day: at most seven statements."""
    groups = _groups(wanted)
    books = Books(sheets=_sheets(wanted, groups))
    books.openings = openings_of(books.sheets, day)
    taught = _taught(groups)
    closed = _closed(groups)
    mine = None if by.may(Permission.MARKS_MANAGE) else set(lessons_of(person_of(by)))
    for key in wanted:
        sheet = books.sheets.get(key)
        if why := _why_not(key, sheet, taught, closed, mine):
            books.wrong[key] = why
    return books


def _why_not(
    key: Key,
    sheet: GradeSheet | None,
    taught: set[tuple[UUID, str]],
    closed: set[tuple[UUID, int]],
    mine: set[tuple[UUID, str]] | None,
) -> str:
    if mine is not None and key[:2] not in mine:
        return NOT_THEIRS
    if sheet is None:
        return NO_SHEET
    if sheet._state.adding and key[:2] not in taught and not _is_compulsory(sheet):
        return NOT_TAKEN
    return CLOSED if (sheet.organisation_id, sheet.school_year) in closed else ""


def sheets_named(wanted: Collection[Key]) -> dict[Key, GradeSheet]:
    """Give the sheets some rows name, where marks are given at all; those nobody wrote in yet are made up, not kept."""
    return _sheets(wanted, _groups(wanted))


def _groups(wanted: Collection[Key]) -> dict[UUID, ClassGroup]:
    keys = {class_id for class_id, _subject, _term in wanted}
    return {each.pk: each for each in ClassGroup.objects.filter(pk__in=keys).select_related("organisation")}


def _sheets(wanted: Collection[Key], groups: Mapping[UUID, ClassGroup]) -> dict[Key, GradeSheet]:
    found = {}
    for each in GradeSheet.objects.filter(class_group__in=groups):
        each.class_group = groups[each.class_group_id]
        found[each.class_group_id, each.subject, each.term] = each
    sheets = {}
    for class_id, subject, term in wanted:
        sheet = found.get((class_id, subject, term)) or _fresh(groups.get(class_id), subject, term)
        if sheet is not None:
            sheets[class_id, subject, term] = sheet
    return sheets


def _fresh(group: ClassGroup | None, subject: str, term: int) -> GradeSheet | None:
    if group is None:
        return None
    try:
        secondary_profile(group)
        count = base_columns(group, subject)
        taught = programme_for(group.level, group.grade, group.school_year).subject(subject)
    except NoProfile:
        return None
    return GradeSheet(
        path=group.organisation.path,
        organisation=group.organisation,
        class_group=group,
        school_year=group.school_year,
        term=term,
        subject=subject,
        is_scored=taught is not None and taught.assessment == "scored",
        columns=count,
    )


def _is_compulsory(sheet: GradeSheet) -> bool:
    group = sheet.class_group
    subject = programme_for(group.level, group.grade, group.school_year).subject(sheet.subject)
    return subject is not None and subject.standing(group.grade) == "compulsory"


def openings_of(sheets: Mapping[K, GradeSheet], day: dt.date) -> dict[K, Opening]:
    """Say of each sheet what may be written there on a day: one statement."""
    schools = {each.organisation_id for each in sheets.values()}
    years = {each.school_year for each in sheets.values()}
    windows: dict[tuple[UUID, int, int], dict[str, Window]] = {}
    for each in EntryWindow.objects.filter(organisation__in=schools, school_year__in=years):
        of = windows.setdefault((each.organisation_id, each.school_year, each.term), {})
        of[each.column] = Window(each.opens_on, each.closes_on)
    return {
        key: opening_of(
            sheet.columns, sheet.locks, windows.get((sheet.organisation_id, sheet.school_year, sheet.term), {}), day
        )
        for key, sheet in sheets.items()
    }


def _taught(groups: Mapping[UUID, ClassGroup]) -> set[tuple[UUID, str]]:
    rows = TeachingAssignment.objects.filter(class_group__in=groups)
    return set(rows.values_list("class_group_id", "subject").distinct())


def _closed(groups: Mapping[UUID, ClassGroup]) -> set[tuple[UUID, int]]:
    """Name the schools and years of some classes that are closed: a statement a year, and a file is of one."""
    found = set()
    for year in {each.school_year for each in groups.values()}:
        schools = {each.organisation_id for each in groups.values() if each.school_year == year}
        found |= {(school, year) for school in closed_among(schools, year)}
    return found


def standing_in(sheets: Iterable[GradeSheet]) -> dict[tuple[UUID, UUID], Standing]:
    """Give what stands in some sheets, by sheet and learner: one statement."""
    found = {}
    for learner, *facts in _marks(sheet__in=[each.pk for each in sheets if not each._state.adding]):
        found[facts[1], learner] = _standing(*facts)
    return found


def standing_of(marks: Iterable[UUID]) -> dict[UUID, Standing]:
    """Give what stands of some marks, by their keys: one statement."""
    return {facts[0]: _standing(*facts) for _learner, *facts in _marks(pk__in=list(marks))}


def _marks(**which: Any) -> Iterable[tuple[Any, ...]]:
    columns = ("learner", "pk", "sheet", "regular", "midterm", "final", "is_exempt", "remark")
    return Mark.objects.filter(**which).values_list(*columns)


def _standing(*facts: Any) -> Standing:
    mark, sheet, regular, midterm, final, is_exempt, remark = facts
    return Standing(mark, sheet, Row(tuple(regular), midterm, final), is_exempt, remark)


def seats_in(classes: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """Give the enrolment under which each pupil sits or last sat in some classes, by class and learner."""
    rows = Enrolment.objects.filter(class_group__in=classes).order_by("starts_on") if classes else ()
    return {(each.class_group_id, each.learner_id): each.pk for each in rows}


def changes_after(changes: Collection[MarkChange]) -> dict[UUID, list[Any]]:
    """Give what changed of some marks after a change of each, by mark: one statement."""
    since = {each.mark: each.pk for each in changes}
    found: dict[UUID, list[Any]] = {}
    for mark, change, what in MarkChange.objects.filter(mark__in=since).values_list("mark", "id", "what"):
        if change > since[mark]:
            found.setdefault(mark, []).append(what)
    return found
