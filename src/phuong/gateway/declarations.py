"""The resources of the interface whose changes are followed: their names, tables, and who may read them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.records.api import kind_named
from phuong.tasks.api import Assignment
from phuong.tasks.api import seen_by as tasks_seen_by

PLURALS = {
    "learner": "learners",
    "staff": "staff",
    "guardian": "guardians",
    "guardianship": "guardianships",
    "class": "classes",
    "enrolment": "enrolments",
    "position": "positions",
    "qualification": "qualifications",
    "teaching": "teaching-assignments",
    "school": "schools",
    "unit": "organisations",
    "focal": "focal-points",
    "building": "buildings",
    "room": "rooms",
    "equipment": "equipment",
    "programme": "programmes",
}
TASKS = "tasks"
RESOURCES = (*PLURALS.values(), TASKS)


@dataclass(frozen=True)
class Followed:
    """A resource: its name in addresses, the table the log of changes names, the permission that opens it."""

    name: str
    title: Any
    table: str
    read: str
    rows: Callable[[Actor], QuerySet[Any]]


@cache
def followed() -> tuple[Followed, ...]:
    """Give every resource that can be followed."""
    kinds = [(plural, kind_named(code)) for code, plural in PLURALS.items()]
    records = [Followed(plural, kind.title, kind.model._meta.db_table, kind.read, kind.rows) for plural, kind in kinds]
    tasks = Followed(TASKS, _("nhiệm vụ"), Assignment._meta.db_table, Permission.TASKS_READ, tasks_seen_by)
    return (*records, tasks)


def followed_by(actor: Actor) -> list[Followed]:
    """Give the resources that an actor may follow."""
    return [each for each in followed() if actor.may(each.read)]
