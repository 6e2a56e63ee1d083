"""Moving learners up at the end of a school year: whole sets, a statement a table, undone exactly."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from phuong.kernel.keys import uuid7, uuid7_texts
from phuong.kernel.scope import present_context
from phuong.kernel.text import vi_key
from phuong.registry.errors import ChangedSince
from phuong.registry.models import ClassGroup, Enrolment, Organisation

COMPLETED, REPEATING, STUDYING = "completed", "repeating", "studying"  # code list enrolment_status
_END = """
update registry_enrolment e set during = daterange(lower(e.during), %(on)s),
  status = case when m.status = 'completed' then m.status else e.status end
from unnest(%(enrolments)s::uuid[], %(statuses)s::text[]) as m (id, status)
where e.id = m.id and e.organisation_id = %(school)s and upper_inf(e.during) and lower(e.during) < %(on)s
returning e.id
"""
_ENTER = """
insert into registry_enrolment (id, path, learner_id, class_group_id, organisation_id, school_year, during, status,
  reason)
select m.key, e.path, e.learner_id, g.id, g.organisation_id, g.school_year, daterange(%(on)s, null), m.status, ''
from unnest(%(enrolments)s::uuid[], %(classes)s::uuid[], %(statuses)s::text[], %(keys)s::uuid[])
  as m (enrolment, class_group, status, key)
join registry_enrolment e on e.id = m.enrolment join registry_classgroup g on g.id = m.class_group
"""
# an old row kept under the context, of an enrolment that nothing has changed since
_GIVE_BACK = """
update registry_enrolment e set during = o.during, status = o.status, reason = o.reason
from registry_enrolmentevent o
where o.pgh_context_id = %(context)s and o.pgh_obj_id = e.id and o.pgh_label = 'update'
  and e.organisation_id = %(school)s
"""
_ENDED_CHANGED = """
select count(distinct o.pgh_obj_id) from registry_enrolmentevent o
left join registry_enrolment e on e.id = o.pgh_obj_id
where o.pgh_context_id = %(context)s and o.pgh_label = 'update' and (e.id is null
  or exists (select 1 from registry_enrolmentevent later where later.pgh_obj_id = o.pgh_obj_id
    and later.pgh_id > o.pgh_id))
"""
_MADE_CHANGED = """
select cardinality(%(keys)s::uuid[]) - count(*) from {table} t where t.id = any(%(keys)s::uuid[])
  and not exists (select 1 from {events} o where o.pgh_obj_id = t.id)
"""


@dataclass(frozen=True)
class Move:
    """One learner at the end of a year: the enrolment that ends, the status to go on with, the class to enter."""

    enrolment: UUID
    status: str
    to: UUID | None = None


@dataclass(frozen=True)
class Moved:
    """What was done: the context under which old rows are kept, and the enrolments that were made."""

    context: UUID
    ended: int = 0
    entered: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class NextClass:
    """A class of the next year that does not stand yet."""

    name: str
    grade: int
    level: str
    kind: str = "single"
    two_sessions: bool = False


def make_classes(school: Organisation, year: int, wanted: Sequence[NextClass]) -> list[ClassGroup]:
    """Make classes of a school year: one statement."""
    return ClassGroup.objects.bulk_create(
        ClassGroup(
            id=uuid7(),
            organisation=school,
            school_year=year,
            level=each.level,
            grade=each.grade,
            name=each.name,
            name_key=vi_key(each.name),
            kind=each.kind,
            two_sessions=each.two_sessions,
        )
        for each in wanted
    )


def move_up(school: Organisation, moves: Sequence[Move], *, on: dt.date) -> Moved:
    """End the enrolments of some learners of a school on a day and let them enter their next classes: two statements.

    :raises ChangedSince: an enrolment was ended or moved meanwhile; nothing is done
    """
    if not moves:
        return Moved(present_context())
    facts: dict[str, Any] = {"school": school.pk, "on": on}
    facts |= {"enrolments": [str(each.enrolment) for each in moves], "statuses": [each.status for each in moves]}
    ended = _execute(_END, facts)
    if ended != len(moves):
        raise ChangedSince(count=len(moves) - ended)
    going = [each for each in moves if each.to is not None]
    keys = uuid7_texts(len(going))
    facts |= {"enrolments": [str(each.enrolment) for each in going], "statuses": [each.status for each in going]}
    _execute(_ENTER, {**facts, "classes": [str(each.to) for each in going], "keys": keys})
    return Moved(present_context(), ended, keys)


def take_back(school: Organisation, *, context: UUID, entered: Sequence[UUID], classes: Sequence[UUID]) -> int:
    """Undo a moving up exactly: take away what it made, give what it ended its old values; gives how many came back.

    :raises ChangedSince: what it made is used or was changed since, or what it ended was changed since
    """
    facts: dict[str, Any] = {"school": school.pk, "context": context}
    _refuse(_count(_ENDED_CHANGED, facts))
    own = {Enrolment: [str(key) for key in entered]}
    for model, keys in ((Enrolment, entered), (ClassGroup, classes)):
        table = model._meta.db_table
        told = {"keys": [str(key) for key in keys]}
        _refuse(_count(_MADE_CHANGED.format(table=table, events=f"{table}event"), told))
        _refuse(_used(model, told["keys"], but=own))
    _execute("delete from registry_enrolment where id = any(%(keys)s::uuid[])", {"keys": own[Enrolment]})
    _execute(
        "delete from registry_classgroup where id = any(%(keys)s::uuid[])", {"keys": [str(key) for key in classes]}
    )
    return _execute(_GIVE_BACK, facts)


def _used(model: type[Model], keys: Sequence[str], *, but: Mapping[Any, Sequence[str]]) -> int:
    """Count the rows that point at some rows, other than those named."""
    count = 0
    for each in model._meta.related_objects:
        of: Any = each.related_model
        if not getattr(each.field, "db_constraint", True) or not keys:
            continue
        statement = (
            f"select count(*) from {of._meta.db_table} r where r.{each.field.column} = any(%(keys)s::uuid[]) "
            f"and not (r.{of._meta.pk.column} = any(%(but)s::uuid[]))"
            if of in but
            else f"select count(*) from {of._meta.db_table} r where r.{each.field.column} = any(%(keys)s::uuid[])"
        )
        count += _count(statement, {"keys": list(keys), "but": list(but.get(of, []))})
    return count


def _refuse(count: int) -> None:
    if count:
        raise ChangedSince(count=count)


def _count(statement: str, facts: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return int(cursor.fetchone()[0] or 0)


def _execute(statement: str, facts: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return int(cursor.rowcount)
