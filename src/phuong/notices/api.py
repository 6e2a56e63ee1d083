"""The door of notices."""

from phuong.notices.actions import Message, tell_people, tell_units
from phuong.notices.models import Notice
from phuong.notices.rules import NoticeKind

__all__ = ["Message", "Notice", "NoticeKind", "tell_people", "tell_units"]
