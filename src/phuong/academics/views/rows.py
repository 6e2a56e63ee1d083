"""The rows of a grid as HTML, written in one go: a template would take longer than all the rest of the page."""

from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from phuong.academics.actions.remarks import LONGEST
from phuong.academics.forms import EXEMPT
from phuong.academics.queries.sheets import Grid, Pupil
from phuong.academics.rules.cells import ABSENT, REMARK, provisional, shown_cell

LOW = 50


def grid_rows(grid: Grid, *, may_write: bool, story: str, manages: bool = False) -> SafeString:
    """Write the rows of a grid. ``story``: address of a pupil's changes, with ``{}`` for the pupil; who manages
    marks opens it for every pupil.

    A cell that may be written is an input named after its column; its row and column heads name it.
    """
    how: Any = {"may_write": may_write, "manages": manages, "story": story}
    parts = [_row(grid, pupil, place, **how) for place, pupil in enumerate(grid.pupils, 1)]
    return SafeString("".join(parts))  # names and addresses are escaped, the rest is ours


def _row(grid: Grid, pupil: Pupil, place: int, *, may_write: bool, manages: bool, story: str) -> str:
    kind = ' class="left"' if pupil.has_left else ""
    name: str = escape(pupil.name)
    if pupil.mark or manages:
        name = f'<a href="{escape(story.format(pupil.learner))}">{name}</a>'
    if pupil.is_exempt:
        cells = _exempt(grid, may_write=may_write)
    else:
        cells = "".join(_cell(grid, pupil, place, at, may_write=may_write) for at in range(len(grid.heads)))
    hidden = f'<input type="hidden" name="l" value="{pupil.learner}">' if may_write else ""
    remark = _remark(pupil, place, may_write=may_write and REMARK not in grid.sheet.locks)
    head = f'<td class="seq">{place}</td><th scope="row" id="n{place}">{hidden}{name}</th>'
    tail = f'<td class="avg">{_average(grid, pupil)}</td>{remark}'
    return f'<tr id="e-{pupil.learner}" data-l="{pupil.learner}"{kind}>{head}{cells}{tail}</tr>'


def _cell(grid: Grid, pupil: Pupil, row: int, at: int, *, may_write: bool) -> str:
    head, is_scored = grid.heads[at], grid.sheet.is_scored
    is_open = may_write and head.state == "open"
    value = pupil.row.cell(head.code)
    shown = shown_cell(value, is_scored=is_scored)
    low = " low" if is_scored and value is not None and 0 <= value < LOW else ""
    if not is_open and not (may_write and head.makes_up and value == ABSENT):
        passed = f'<input type="hidden" name="{head.code}" value="{EXEMPT}">' if may_write and head.makes_up else ""
        return f'<td class="shut{low}" data-c="{head.code}">{shown}{passed}</td>'
    was = "" if value is None else value
    return (
        f'<td class="cell{low}"><input name="{head.code}" value="{shown}" data-w="{was}" inputmode="decimal" '
        f'aria-labelledby="n{row} h{at}"></td>'
    )


def _exempt(grid: Grid, *, may_write: bool) -> str:
    """Write one cell in place of all; the plain form still has a value for each column it asks for."""
    asked = [head.code for head in grid.heads if may_write and (head.state == "open" or head.makes_up)]
    hidden = "".join(f'<input type="hidden" name="{code}" value="{EXEMPT}">' for code in asked)
    return f'<td class="shut exempt" colspan="{len(grid.heads)}">{_("miễn")}{hidden}</td>'


def _remark(pupil: Pupil, row: int, *, may_write: bool) -> str:
    said = escape(pupil.remark)
    if not may_write:
        return f'<td class="rem shut">{said}</td>'
    return (
        f'<td class="rem"><textarea name="remark" rows="1" maxlength="{LONGEST}" aria-labelledby="n{row} hr">{said}'
        "</textarea></td>"
    )


def _average(grid: Grid, pupil: Pupil) -> str:
    if pupil.is_exempt:
        return ""
    if not grid.sheet.is_scored:
        return shown_cell(pupil.average, is_scored=False)
    weights = grid.profile.weights
    regular, midterm, final = pupil.row.given()
    value = provisional(regular, midterm, final, (weights.regular, weights.midterm, weights.final))
    return shown_cell(value, is_scored=True)


def live_column(grid: Grid) -> str:
    """Give the column a page begins with: the first open one in which a pupil still lacks a mark, else the last one."""
    for head in grid.heads:
        lacks = any(pupil.row.cell(head.code) is None and not pupil.is_exempt for pupil in grid.pupils)
        if head.state == "open" and lacks:
            return head.code
    return grid.heads[-1].code
