"""Buildings, rooms, equipment, and the programmes a school declares."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from phuong.kernel.fields import SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


@keep_old_rows
class Building(models.Model):
    """A building of a school."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="buildings")
    name = models.TextField()
    construction = models.TextField()  # code list construction_kind
    built_in = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        """Name the building."""
        return str(self.name)


@keep_old_rows
class Room(models.Model):
    """A room in use or out of use. ``has_internet`` null: not declared."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="rooms")
    building = models.ForeignKey(Building, models.SET_NULL, null=True, related_name="rooms")
    name = models.TextField()
    kind = SortText()  # code list room_kind
    construction = models.TextField()  # code list construction_kind
    level = models.TextField(blank=True)
    area_m2 = models.PositiveSmallIntegerField(null=True)
    seats = models.PositiveSmallIntegerField(null=True)
    has_internet = models.BooleanField(null=True)
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "name"], name="facilities_room_once")]

    def __str__(self) -> str:
        """Name the room."""
        return str(self.name)


@keep_old_rows
class Equipment(models.Model):
    """Pieces of one kind in one room (or in store). ``working``: how many of ``quantity`` work."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="equipment")
    room = models.ForeignKey(Room, models.SET_NULL, null=True, related_name="equipment")
    kind = SortText()  # code list equipment_kind
    quantity = models.PositiveSmallIntegerField()
    working = models.PositiveSmallIntegerField()
    acquired_on = models.DateField(null=True)
    asset_code = SortText(blank=True)
    condition = models.TextField(
        blank=True, default="", db_default=""
    )  # code list equipment_condition; blank: not declared
    is_connected = models.BooleanField(null=True)  # to the Internet; null: not declared
    used_for = models.TextField(blank=True, default="", db_default="")  # teaching, learning, managing

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(working__lte=F("quantity")), name="facilities_working_within_quantity")
        ]

    def __str__(self) -> str:
        """Name the pieces."""
        return f"{self.quantity} {self.kind}"


@keep_old_rows
class Programme(models.Model):
    """A programme or club a school declares for a school year, with its evidence.

    ``kind``: code list programme_kind. ``is_club``: it meets regularly and has members.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="programmes")
    school_year = models.PositiveSmallIntegerField()
    kind = SortText()
    title = models.TextField()
    is_club = models.BooleanField(default=False)
    members = models.PositiveIntegerField(default=0)
    meetings = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    evidence = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "school_year", "kind", "title"], name="facilities_programme_once"
            )
        ]

    def __str__(self) -> str:
        """Name the programme."""
        return str(self.title)
