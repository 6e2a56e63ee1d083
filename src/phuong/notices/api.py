"""The door of notices."""

from phuong.notices.actions import Message, tell_units
from phuong.notices.models import Notice

__all__ = ["Message", "Notice", "tell_units"]
