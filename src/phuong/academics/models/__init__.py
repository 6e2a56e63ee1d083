"""The tables of marks and results."""

from phuong.academics.models.marks import ABSENT, Amendment, EntryWindow, GradeSheet, Mark, MarkChange
from phuong.academics.models.phrases import Phrase
from phuong.academics.models.results import Result, TermRecord
from phuong.academics.models.substitutes import Substitution

__all__ = [
    "ABSENT",
    "Amendment",
    "EntryWindow",
    "GradeSheet",
    "Mark",
    "MarkChange",
    "Phrase",
    "Result",
    "Substitution",
    "TermRecord",
]
