"""The rows of a grid as HTML, written in one go: a template would take longer than all the rest of the page."""

from django.utils.html import escape
from django.utils.safestring import SafeString

from phuong.academics.actions.remarks import LONGEST
from phuong.academics.forms import EXEMPT
from phuong.academics.queries.sheets import Grid, Pupil
from phuong.academics.rules.cells import REMARK, provisional, shown_cell

LOW = 50


def grid_rows(grid: Grid, *, may_write: bool, story: str) -> SafeString:
    """Write the rows of a grid. ``story``: address of a pupil's changes, with ``{}`` for the pupil.

    A cell that may be written is an input named after its column; its row and column heads name it.
    """
    parts = [_row(grid, pupil, place, may_write=may_write, story=story) for place, pupil in enumerate(grid.pupils, 1)]
    return SafeString("".join(parts))  # names and addresses are escaped, the rest is ours


def _row(grid: Grid, pupil: Pupil, place: int, *, may_write: bool, story: str) -> str:
    kind = ' class="left"' if pupil.has_left else ""
    name: str = escape(pupil.name)
    if pupil.mark:
        name = f'<a href="{escape(story.format(pupil.learner))}">{name}</a>'
    cells = "".join(_cell(grid, pupil, place, at, may_write=may_write) for at in range(len(grid.heads)))
    hidden = f'<input type="hidden" name="l" value="{pupil.learner}">' if may_write else ""
    remark = _remark(pupil, place, may_write=may_write and REMARK not in grid.sheet.locks)
    head = f'<td class="seq">{place}</td><th scope="row" id="n{place}">{hidden}{name}</th>'
    return f'<tr data-l="{pupil.learner}"{kind}>{head}{cells}<td class="avg">{_average(grid, pupil)}</td>{remark}</tr>'


def _cell(grid: Grid, pupil: Pupil, row: int, at: int, *, may_write: bool) -> str:
    head, is_scored = grid.heads[at], grid.sheet.is_scored
    is_open = may_write and head.state == "open"
    if pupil.is_exempt:
        hidden = f'<input type="hidden" name="{head.code}" value="{EXEMPT}">' if is_open else ""
        return f'<td class="shut">{EXEMPT}{hidden}</td>'
    value = pupil.row.cell(head.code)
    shown = shown_cell(value, is_scored=is_scored)
    low = " low" if is_scored and value is not None and 0 <= value < LOW else ""
    if not is_open:
        return f'<td class="shut{low}" data-c="{head.code}">{shown}</td>'
    was = "" if value is None else value
    return (
        f'<td class="cell{low}"><input name="{head.code}" value="{shown}" data-w="{was}" inputmode="decimal" '
        f'aria-labelledby="n{row} h{at}"></td>'
    )


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
