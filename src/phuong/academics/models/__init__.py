"""The tables of marks and results."""

from phuong.academics.models.marks import ABSENT, Amendment, EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.models.primary import PERIODS, PrimaryRating, PrimaryRecord
from phuong.academics.models.results import Result, TermRecord

__all__ = [
    "ABSENT",
    "PERIODS",
    "Amendment",
    "EntryWindow",
    "GradeSheet",
    "Mark",
    "MarkChange",
    "PrimaryRating",
    "PrimaryRecord",
    "Result",
    "TermRecord",
]
