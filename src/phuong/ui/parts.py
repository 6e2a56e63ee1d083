"""The values that pages hand to components: tables, filters, pagers, states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from phuong.ui.lists import Page

Text = str | Promise


@dataclass(frozen=True)
class State:
    """How one state of a thing looks: its tone, its icon and its word."""

    tone: str  # good, care, late, info or none
    icon: str
    word: Text


STATES: dict[str, State] = {
    "good": State("good", "circle-check", gettext_lazy("Đúng tiến độ")),
    "met": State("good", "circle-check", gettext_lazy("Đạt")),
    "on_track": State("good", "circle-check", gettext_lazy("Đúng tiến độ")),
    "care": State("care", "alert-triangle", gettext_lazy("Cần chú ý")),
    "attention": State("care", "alert-triangle", gettext_lazy("Cần chú ý")),
    "late": State("late", "alert-octagon", gettext_lazy("Chậm")),
    "behind": State("late", "alert-octagon", gettext_lazy("Chậm")),
    "error": State("late", "alert-octagon", gettext_lazy("Lỗi")),
    "info": State("info", "info-circle", gettext_lazy("Đang làm")),
    "waiting": State("none", "clock", gettext_lazy("Đang chờ")),
    "none": State("none", "circle-dashed", gettext_lazy("Chưa có số liệu")),
    "no_data": State("none", "circle-dashed", gettext_lazy("Chưa có số liệu")),
}


def state_of(code: object) -> State:
    """Return the look of a state by its code; an unknown code looks like no data."""
    return STATES.get(str(code or "none"), STATES["none"])


@dataclass(frozen=True)
class Head:
    """One column of a table; ``key`` makes its head a sort link."""

    title: Text
    key: str = ""
    numeric: bool = False
    unit: Text = ""


@dataclass(frozen=True)
class Cell:
    """One cell: a text, perhaps a link, a second fact under it, or a state word instead."""

    text: object = ""
    url: str = ""
    detail: object = ""
    state: str = ""

    @property
    def is_blank(self) -> bool:
        """Tell whether there is nothing to show."""
        return self.text in {"", None} and not self.state and not self.detail


@dataclass(frozen=True)
class Row:
    """One row of a table: cells in column order, the first one naming the row; plain values are cells too."""

    cells: Sequence[object] = ()
    heading: Text = ""  # a full-width group heading instead of cells
    state: str = ""  # tone and icon of that heading

    @property
    def drawn(self) -> list[Cell]:
        """Return the cells with plain values wrapped."""
        return [cell if isinstance(cell, Cell) else Cell(cell) for cell in self.cells]


@dataclass(frozen=True)
class Applied:
    """A filter in force: what it says, and the address of the same list without it."""

    label: Text
    url: str


@dataclass(frozen=True)
class Pager:
    """Where a keyset-paged list stands; ``total`` only where counting is cheap."""

    first: int
    last: int
    total: int | None = None
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Export:
    """One way to take a list along: CSV, Excel, and the like."""

    title: Text
    url: str


@dataclass(frozen=True)
class Table:
    """A whole data table, ready for ``{% data_table %}``."""

    caption: Text
    columns: Sequence[Head]
    rows: Sequence[Row]
    applied: Sequence[Applied] = ()
    clear_url: str = ""
    pager: Pager | Page | None = None
    exports: Sequence[Export] = ()
    stacked: bool = False  # on a phone: one block a row instead of sideways scrolling
    hide_caption: bool = False
    empty: Text = ""

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Head, Cell]]]]:
        """Return each row with its cells beside their columns."""
        return [(row, list(zip(self.columns, row.drawn, strict=False))) for row in self.rows]


@dataclass(frozen=True)
class Sorting:
    """What the head of one sortable column shows."""

    url: str
    direction: str = ""  # ascending, descending or nothing
    icon: str = field(default="")


def sorting(query: QueryDict, key: str, *, name: str = "sort") -> Sorting:
    """Work out the link that sorts by ``key``: up first, then down; paging starts anew."""
    current, changed = query.get(name, ""), query.copy()
    for paging in ("after", "before", "page"):
        changed.pop(paging, None)
    changed[name] = f"-{key}" if current == key else key
    direction, icon = {key: ("ascending", "chevron-up"), f"-{key}": ("descending", "chevron-down")}.get(
        current, ("", "arrows-sort")
    )
    return Sorting(url=f"?{changed.urlencode()}", direction=direction, icon=icon)
