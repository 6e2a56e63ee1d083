"""The door of academics."""

from phuong.academics.actions.marks import average_of
from phuong.academics.models import GradeSheet, Mark, Result, TermRecord
from phuong.academics.profiles import programme_for
from phuong.academics.queries.sheets import secondary_profile, sheet_of
from phuong.academics.rules.cells import Row

__all__ = [
    "GradeSheet",
    "Mark",
    "Result",
    "Row",
    "TermRecord",
    "average_of",
    "programme_for",
    "secondary_profile",
    "sheet_of",
]
