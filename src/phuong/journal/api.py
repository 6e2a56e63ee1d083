"""The door of the journal."""

from phuong.journal.declarations import LISTS, act_title
from phuong.journal.queries import entries_of

__all__ = ["LISTS", "act_title", "entries_of"]
