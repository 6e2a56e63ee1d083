"""The tables of marks and results."""

from phuong.academics.models.marks import ABSENT, Amendment, EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.models.phrases import Phrase
from phuong.academics.models.preschool import DEVELOPMENT_PERIODS, DevelopmentRecord, GrowthCheck
from phuong.academics.models.primary import PERIODS, PrimaryRating, PrimaryRecord
from phuong.academics.models.results import Result, TermRecord
from phuong.academics.models.substitutes import Substitution
from phuong.academics.models.yearend import ClosedYear, Promotion, YearEndRecord

__all__ = [
    "ABSENT",
    "DEVELOPMENT_PERIODS",
    "PERIODS",
    "Amendment",
    "ClosedYear",
    "DevelopmentRecord",
    "EntryWindow",
    "GradeSheet",
    "GrowthCheck",
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
