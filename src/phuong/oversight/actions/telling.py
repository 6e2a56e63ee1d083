"""Alarms and notices: to the unit, and to the department above it."""

from uuid import UUID

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import ROOT, SYSTEM, Actor, acting
from phuong.notices.api import Message, tell_units
from phuong.oversight.queries import department_at

ALARM, TOLD = "oversight.alarm", "oversight.told"


def ring(title: str, *, unit: UUID | None, path: str, detail: str = "", url: str = "/", key: str = "") -> int:
    """Ring the alarm at a unit and at the department; gives how many were told."""
    with acting(SYSTEM):
        department = department_at(path or ROOT)
        units = {place for place in (unit, department.pk if department else None) if place}
        message = Message(ALARM, title, detail, url, key)
        return tell_units([(place, message) for place in units], permission=Permission.ALARMS_READ)


def tell(title: str, *, units: set[UUID], permission: str, detail: str = "", url: str = "/", key: str = "") -> int:
    """Tell those who hold ``permission`` at some units."""
    with acting(SYSTEM):
        message = Message(TOLD, title, detail, url, key)
        return tell_units([(unit, message) for unit in units], permission=permission)


def who(actor: Actor) -> str:
    """Name somebody with the unit of the role in use."""
    return f"{actor.name}, {actor.organisation}" if actor.organisation else actor.name
