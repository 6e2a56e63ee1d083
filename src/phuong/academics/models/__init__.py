"""The tables of marks and results."""

from phuong.academics.models.marks import ABSENT, Amendment, EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.models.results import Result, TermRecord
from phuong.academics.models.yearend import ClosedYear, Promotion, YearEndRecord

__all__ = [
    "ABSENT",
    "Amendment",
    "ClosedYear",
    "EntryWindow",
    "GradeSheet",
    "Mark",
    "MarkChange",
    "Promotion",
    "Result",
    "TermRecord",
    "YearEndRecord",
]
