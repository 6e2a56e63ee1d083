"""Pure rules of rosters: the grammar of filters, names in their parts, the files of a bundle."""

from phuong.roster.rules.files import FILES, MANIFEST
from phuong.roster.rules.filters import Comparison, Unreadable, read_filter
from phuong.roster.rules.names import grade_code, grade_of, joined_name

__all__ = [
    "FILES",
    "MANIFEST",
    "Comparison",
    "Unreadable",
    "grade_code",
    "grade_of",
    "joined_name",
    "read_filter",
]
