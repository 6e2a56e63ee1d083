"""The door of data coming in: what a kind of file is."""

from phuong.intake.declarations import ADD, WHOLE, Column, Ending, Sheet, Undone, Written, column_of
from phuong.intake.errors import EndsTooMany

__all__ = ["ADD", "WHOLE", "Column", "Ending", "EndsTooMany", "Sheet", "Undone", "Written", "column_of"]
