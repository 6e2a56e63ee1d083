"""Files read as tables, cells read as values, and tables given back as files. No database."""

from phuong.intake.reading.dates import as_date, dates_of
from phuong.intake.reading.shapes import Cell, Notice, Table, Unreadable
from phuong.intake.reading.tables import read_table
from phuong.intake.reading.templates import TemplateColumn, write_template
from phuong.intake.reading.values import digits_of, text_of
from phuong.intake.reading.writing import write_back

__all__ = [
    "Cell",
    "Notice",
    "Table",
    "TemplateColumn",
    "Unreadable",
    "as_date",
    "dates_of",
    "digits_of",
    "read_table",
    "text_of",
    "write_back",
    "write_template",
]
