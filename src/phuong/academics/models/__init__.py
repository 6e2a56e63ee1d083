"""The tables of marks and results."""

from phuong.academics.models.marks import ABSENT, Amendment, EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.models.phrases import Phrase
from phuong.academics.models.primary import PERIODS, PrimaryRating, PrimaryRecord
from phuong.academics.models.results import Result, TermRecord
from phuong.academics.models.substitutes import Substitution
from phuong.academics.models.yearend import ClosedYear, Promotion, YearEndRecord

__all__ = [
    "ABSENT",
    "PERIODS",
    "Amendment",
    "ClosedYear",
    "EntryWindow",
    "GradeSheet",
    "Mark",
    "MarkChange",
    "Phrase",
    "PrimaryRating",
    "PrimaryRecord",
    "Promotion",
    "Result",
    "Substitution",
    "TermRecord",
    "YearEndRecord",
]
