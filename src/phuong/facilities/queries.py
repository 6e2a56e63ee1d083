"""Reads of facilities."""

from django.db.models import OuterRef, QuerySet, Sum

from phuong.facilities.models import Equipment, Programme, Room
from phuong.kernel.past import of_each
from phuong.registry.api import Organisation


def rooms_of(school: Organisation) -> QuerySet[Room]:
    """Give the rooms of a school with ``devices`` (working pieces in the room)."""
    devices = of_each(Equipment.objects.filter(room=OuterRef("pk")), "room", Sum("working"))
    rooms = Room.objects.filter(organisation=school).annotate(devices=devices)
    return rooms.order_by("kind", "name", "id")


def equipment_of(school: Organisation) -> QuerySet[Equipment]:
    """Give the equipment of a school, by kind."""
    return Equipment.objects.filter(organisation=school).select_related("room").order_by("kind", "id")


def programmes_of(school: Organisation, school_year: int) -> QuerySet[Programme]:
    """Give the programmes and clubs a school declared for a school year."""
    return Programme.objects.filter(organisation=school, school_year=school_year).order_by("kind", "title", "id")
