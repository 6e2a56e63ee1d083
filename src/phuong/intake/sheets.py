"""The door for apps that say how the rows of a file are found and kept; it loads the machinery, ``api`` does not."""

from phuong.intake.access import may_bring
from phuong.intake.actions.bringing import Brought, bring, broken_rules, targets_of
from phuong.intake.actions.receiving import Wish
from phuong.intake.declarations import sheet_named
from phuong.intake.drafts import Draft, Problem
from phuong.intake.errors import EndsTooMany
from phuong.intake.staging import Stage, asked, staged

__all__ = [
    "Brought",
    "Draft",
    "EndsTooMany",
    "Problem",
    "Stage",
    "Wish",
    "asked",
    "bring",
    "broken_rules",
    "may_bring",
    "sheet_named",
    "staged",
    "targets_of",
]
