"""The door for apps that say how the rows of a file are found and kept; it loads the machinery, ``api`` does not."""

from phuong.intake.actions.bringing import Brought, bring, broken_rules, targets_of
from phuong.intake.actions.receiving import Wish
from phuong.intake.drafts import Draft, Problem
from phuong.intake.staging import Stage, asked, staged

__all__ = ["Brought", "Draft", "Problem", "Stage", "Wish", "asked", "bring", "broken_rules", "staged", "targets_of"]
