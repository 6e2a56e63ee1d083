"""The door of facilities."""

from phuong.facilities.models import Building, Equipment, Programme, Room

__all__ = ["Building", "Equipment", "Programme", "Room"]
