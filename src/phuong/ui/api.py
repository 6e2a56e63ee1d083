"""The door of the user interface."""

from phuong.ui.answers import refusal_page
from phuong.ui.charts import tiles_for
from phuong.ui.exports import MOST_ROWS, Column, TooManyRows, export_answer
from phuong.ui.formats import day as write_day
from phuong.ui.formats import moment as write_moment
from phuong.ui.formats import number as write_number
from phuong.ui.frames import filled
from phuong.ui.language import in_chosen_language
from phuong.ui.lists import Page, keys_in, keyset_page
from phuong.ui.pages import shown_job
from phuong.ui.parts import Applied, Cell, Export, Head, Row, Table

__all__ = [
    "Applied",
    "Cell",
    "Column",
    "Export",
    "Head",
    "MOST_ROWS",
    "Page",
    "Row",
    "Table",
    "TooManyRows",
    "export_answer",
    "filled",
    "in_chosen_language",
    "keys_in",
    "keyset_page",
    "refusal_page",
    "shown_job",
    "tiles_for",
    "write_day",
    "write_moment",
    "write_number",
]
