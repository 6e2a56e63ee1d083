"""Writes of facilities that no desk does: what a school has goes over to the school that takes it in."""

from typing import Any

from phuong.facilities.models import Building, Equipment, Programme, Room
from phuong.registry.api import Organisation, names_side_by_side


def count_facilities(unit: Organisation) -> int:
    """Count the rooms and pieces of equipment lines of a unit."""
    return Room.objects.filter(organisation=unit).count() + Equipment.objects.filter(organisation=unit).count()


def hand_over(before: Organisation, after: Organisation, on: Any) -> int:
    """Give everything a closed school has to its successor; a room name taken there gets a mark."""
    del on
    taken = Room.objects.filter(organisation=after).values_list("name", flat=True)
    rooms = list(Room.objects.filter(organisation=before).order_by("name", "id"))
    names = names_side_by_side(taken, [room.name for room in rooms], before.short_name)
    for room in rooms:
        room.name, room.organisation = names[room.name], after
    Building.objects.filter(organisation=before).update(organisation=after)
    Room.objects.bulk_update(rooms, ["name", "organisation"])
    Equipment.objects.filter(organisation=before).update(organisation=after)
    known = Programme.objects.filter(organisation=after).values_list("school_year", "kind", "title")
    same = set(known)
    going = [
        each.pk
        for each in Programme.objects.filter(organisation=before)
        if (each.school_year, each.kind, each.title) not in same
    ]
    return len(rooms) + Programme.objects.filter(pk__in=going).update(organisation=after)
