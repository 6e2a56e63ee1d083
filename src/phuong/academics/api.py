"""The door of academics."""

from phuong.academics.actions.marks import average_of
from phuong.academics.models import (
    DevelopmentRecord,
    GradeSheet,
    GrowthCheck,
    Mark,
    PrimaryRating,
    PrimaryRecord,
    Result,
    TermRecord,
)
from phuong.academics.profiles import programme_for
from phuong.academics.queries.feeds import MARK_CELLS, SHEET_COLUMNS
from phuong.academics.queries.preschool import domains_of as preschool_domains
from phuong.academics.queries.primary import primary_profile
from phuong.academics.queries.primarysheets import takes_test
from phuong.academics.queries.sheets import secondary_profile, sheet_of
from phuong.academics.rules.cells import ABSENT, Row

__all__ = [
    "ABSENT",
    "DevelopmentRecord",
    "GradeSheet",
    "GrowthCheck",
    "MARK_CELLS",
    "Mark",
    "PrimaryRating",
    "PrimaryRecord",
    "Result",
    "Row",
    "SHEET_COLUMNS",
    "TermRecord",
    "average_of",
    "preschool_domains",
    "primary_profile",
    "programme_for",
    "secondary_profile",
    "sheet_of",
    "takes_test",
]
