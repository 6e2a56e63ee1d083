"""A sheet as somebody opens it: class, what they are to it, columns, windows; one statement, asked all day long."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from phuong.academics.access import Standing
from phuong.academics.errors import NotTheirSheet
from phuong.academics.models import GradeSheet
from phuong.academics.queries.sheets import fresh_sheet
from phuong.academics.rules.cells import Window
from phuong.kernel.permissions import Permission
from phuong.kernel.prepared import prepared
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.kernel.whole import Whole
from phuong.registry.api import ClassGroup, Organisation

TERMS = (1, 2)
_GROUP, _ORGANISATION, _SHEET = Whole(ClassGroup), Whole(Organisation), Whole(GradeSheet)
_OPENED = """
select {group}, {organisation}, {sheet}, a.person_id,
  academics_teaches(a.person_id, c.id, %(subject)s, %(day)s),
  (select array[p.full_name, to_char(lower(u.during), 'DD/MM/YYYY'), to_char(upper(u.during) - 1, 'DD/MM/YYYY')]
    from academics_substitution u join registry_person p on p.id = u.person_id
    where u.class_group_id = c.id and u.subject = %(subject)s and u.during @> %(day)s),
  exists (select from academics_closedyear y
    where y.organisation_id = c.organisation_id and y.school_year = c.school_year and y.reopened_at is null),
  array(select row(w."column", w.opens_on, w.closes_on) from academics_entrywindow w
    where w.organisation_id = c.organisation_id and w.school_year = c.school_year and w.term = %(term)s)
from registry_classgroup c
join registry_organisation o on o.id = c.organisation_id and o.path <@ %(scope)s
left join academics_gradesheet s on s.class_group_id = c.id and s.subject = %(subject)s and s.term = %(term)s
left join identity_account a on a.id = %(account)s
where c.id = %(group)s
"""


@dataclass(frozen=True)
class Substitute:
    """Who teaches a subject in the place of its teacher, from the first day to the last, written out."""

    name: str
    first: str
    last: str


@dataclass(frozen=True)
class Opened:
    """A sheet with what its reader is to it; ``is_over``: the school has closed the year."""

    group: ClassGroup
    subject: str
    term: int
    standing: Standing
    sheet: GradeSheet
    substitute: Substitute | None
    is_over: bool
    windows: Mapping[str, Window]

    def must_teach(self) -> None:
        """Let in who writes it.

        :raises NotTheirSheet: the actor reads it, and does not teach this subject in this class
        """
        if not self.standing.teaches:
            raise NotTheirSheet


@cache
def _statement() -> str:
    columns = {"group": _GROUP.columns("c"), "organisation": _ORGANISATION.columns("o"), "sheet": _SHEET.columns("s")}
    return _OPENED.format(**columns)


def opened(actor: Actor, class_id: UUID, subject: str, term: int) -> Opened:
    """Open the sheet of a class, subject and term; one that nobody wrote in yet is made up and not kept.

    :raises NotThere: unknown, elsewhere, or the actor has nothing to do with it
    :raises NoProfile: no rule for marks governs the class, or the subject is not taught in its grade
    """
    writes, manages = actor.may(Permission.MARKS_WRITE), actor.may(Permission.MARKS_MANAGE)
    if term not in TERMS or not (writes or manages):
        raise NotThere
    params = {"subject": subject, "term": term, "group": class_id, "day": today()}
    with prepared() as cursor:
        cursor.execute(_statement(), {**params, "scope": actor.scope or "none", "account": actor.account_id})
        row = cursor.fetchone()
    if row is None:
        raise NotThere
    return _read(iter(row), subject, term, writes=writes, manages=manages)


def _read(values: Iterator[Any], subject: str, term: int, *, writes: bool, manages: bool) -> Opened:
    group, organisation, kept = _GROUP.read(values), _ORGANISATION.read(values), _SHEET.read(values)
    person, teaches, substitute, is_over, windows = values
    if group is None or organisation is None:
        raise NotThere
    group.organisation = organisation
    is_homeroom = writes and person is not None and group.homeroom_id == person
    standing = Standing(writes and bool(teaches), is_homeroom, manages)
    if not standing.sees:
        raise NotThere
    sheet = kept or fresh_sheet(group, subject, term)
    sheet.class_group = group
    return Opened(
        group,
        subject,
        term,
        standing,
        sheet,
        Substitute(*substitute) if substitute else None,
        is_over,
        {column: Window(_day(opens), _day(closes)) for column, opens, closes in windows},
    )


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
