"""The reader of spreadsheets, calamine, given only workbooks that were put together or checked here.

Its answer to a hostile file can be a panic, or an allocation that ends the process. So it never sees an uploaded file,
but a workbook in memory with the parts that were measured before.
"""

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from phuong.intake.reading.archives import damaged
from phuong.intake.reading.shapes import Area, Cell, Grid

_SAMPLE = 400  # rows that tell whether a column repeats itself


@dataclass(frozen=True)
class Block:
    """The values of one sheet: a rectangle that starts at ``top``, ``left``; "" for an empty cell."""

    name: str
    is_hidden: bool
    top: int
    left: int
    rows: list[list[Cell]]
    merged: list[Area]


def blocks(write: Callable[[BinaryIO], None], wanted: Collection[int] | None = None) -> list[Block]:
    """Read the workbook that ``write`` puts into memory: its sheets in their order, or those at the ``wanted`` places.

    :raises Unreadable: the reader gives up, or panics
    """
    handle = os.memfd_create("phuong-intake")
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            write(file)
        return _blocks(CalamineWorkbook.from_path(f"/proc/self/fd/{handle}"), wanted)
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise damaged() from error
    except BaseException as error:
        # a panic of the Rust code arrives as an exception that is no Exception
        if type(error).__name__ == "PanicException":
            raise damaged() from error
        raise
    finally:
        os.close(handle)


def _blocks(book: CalamineWorkbook, wanted: Collection[int] | None) -> list[Block]:
    return [
        _block(book.get_sheet_by_index(place), is_hidden=sheet.visible != SheetVisibleEnum.Visible)
        for place, sheet in enumerate(book.sheets_metadata)
        if wanted is None or place in wanted
    ]


def _block(sheet: CalamineSheet, *, is_hidden: bool) -> Block:
    top, left = sheet.start or (0, 0)
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=True) if sheet.start else []  # type: ignore[assignment]
    merged = [Area(*start, *end) for start, end in sheet.merged_cell_ranges or ()]
    return Block(sheet.name, is_hidden, top, left, rows, merged)


def gather(block: Block, grid: Grid) -> None:
    """Put the rows of ``block`` that hold something into ``grid``, starting at column A."""
    margin: list[Cell] = [None] * block.left
    width = len(block.rows[0]) if block.rows else 0
    rows, places = grid.rows, grid.places
    before = len(rows)
    for place, row in enumerate(block.rows, block.top):
        blanks = row.count("")
        if blanks == width:
            continue
        for _ in range(blanks):
            row[row.index("")] = None
        rows.append(margin + row if margin else row)
        places.append(place)
    _share(rows[before:])


def _share(rows: list[list[Cell]]) -> None:
    """Let equal values of the columns that repeat themselves be one object: a long list names few classes and days."""
    sample = rows[:_SAMPLE]
    repeating = [place for place in range(len(rows[0])) if _repeats(sample, place)] if sample else []
    known: dict[Cell, Cell] = {}
    for row in rows:
        for place in repeating:
            cell = row[place]
            if type(cell) is str:
                row[place] = known.setdefault(cell, cell)


def _repeats(sample: list[list[Cell]], place: int) -> bool:
    return len({row[place] for row in sample}) * 4 < len(sample)
