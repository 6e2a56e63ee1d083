"""Giving tasks: a conclusion to many units in one act, and down to other units, with the person responsible at each."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.registry.api import Organisation
from phuong.tasks.errors import NotPosted, TwoPersons
from phuong.tasks.models import Assignment
from phuong.tasks.queries import posts_held, units_open

GROUPS = {
    "communes": ("commune", "ward", "special_zone"),
    "schools": ("school",),
    "divisions": ("division",),
}


@dataclass(frozen=True)
class Order:
    """What is asked: work, product, last day, and who is responsible in person."""

    title: str
    product: str = ""
    due_on: dt.date | None = None
    person_name: str = ""
    partners: tuple[str, ...] = ()


@transaction.atomic
def give(
    order: Order,
    *,
    units: Iterable[Organisation],
    origin: str,
    by: Actor,
    parent: Assignment | None = None,
    persons: Iterable[UUID] = (),
) -> int:
    """Give the same task to each unit in one statement; who has it from this parent already is passed over.

    ``persons``: members of staff, each responsible for the task of the unit they are posted at; the other units get
    the name written in the order.

    :raises NotThere: a unit outside the actor's place, or the actor may not give tasks
    :raises NotPosted: a person who holds no post today at any of the units
    :raises TwoPersons: two of the persons are posted at the same unit
    """
    chosen = list(units)
    reachable = Organisation.objects.filter(pk__in=[unit.pk for unit in chosen], path__under=by.scope or "none").count()
    if not by.may(Permission.TASKS_ASSIGN) or reachable != len(chosen):
        raise NotThere
    responsible = responsible_at(chosen, persons, by)
    has_it = set(parent.children.values_list("organisation_id", flat=True)) if parent else set()
    rows = [
        _part(order, unit, responsible.get(unit.pk, (None, order.person_name)))
        for unit in chosen
        if unit.pk not in has_it
    ]
    for row in rows:
        row.parent, row.origin, row.given_by, row.given_path = parent, origin, by.name, by.scope
    Assignment.objects.bulk_create(rows, ignore_conflicts=parent is not None)
    record("tasks.given", on_kind="task", on_id=parent.pk if parent else "", note=f"{len(rows)}: {order.title[:120]}")
    return len(rows)


def _part(order: Order, unit: Organisation, who: tuple[UUID | None, str]) -> Assignment:
    person, name = who
    return Assignment(
        id=uuid7(),
        path=unit.path,
        organisation=unit,
        title=order.title,
        product=order.product,
        responsibility=unit.name,
        person_id=person,
        person_name=name,
        partners=list(order.partners),
        starts_on=today(),
        due_on=order.due_on,
    )


def responsible_at(
    units: Iterable[Organisation], persons: Iterable[UUID], by: Actor
) -> Mapping[UUID, tuple[UUID, str]]:
    """Say who of the persons answers at which unit: key of the unit, then key and name of the person.

    :raises NotPosted: a person who holds no post today at any of the units
    :raises TwoPersons: two of the persons are posted at the same unit
    """
    asked = set(persons)
    if not asked:
        return {}
    posts = list(posts_held(by, [unit.pk for unit in units], persons=asked))
    if {post.person_id for post in posts} != asked:
        raise NotPosted
    at = {(post.organisation_id, post.person_id): post.person.full_name for post in posts}
    if len({unit for unit, _person in at}) != len(at):
        raise TwoPersons
    return {unit: (person, name) for (unit, person), name in at.items()}


def units_named(group: str, *, chosen: Iterable[UUID], by: Actor) -> list[Organisation]:
    """Give the units a task goes to: those of a group (communes, schools, divisions) and those chosen, by name.

    :raises NotThere: one of the chosen is closed, unknown or outside the actor's place
    """
    ids = set(chosen)
    rows = units_open(by)
    ticked = list(rows.filter(pk__in=ids))
    if len(ticked) != len(ids):
        raise NotThere
    grouped = list(rows.filter(kind__in=GROUPS[group])) if group in GROUPS else []
    found = {unit.pk: unit for unit in [*grouped, *ticked]}
    return sorted(found.values(), key=lambda unit: (unit.name_key, unit.pk))
