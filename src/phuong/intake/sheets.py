"""The door for apps that say how the rows of a file are found and kept; it loads the machinery, ``api`` does not."""

from phuong.intake.drafts import Draft, Problem
from phuong.intake.staging import Stage, asked, staged

__all__ = ["Draft", "Problem", "Stage", "asked", "staged"]
