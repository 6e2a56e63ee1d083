"""A file becomes one table: the right sheet, its headings, its rows, and what the person must be told."""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from phuong.intake.reading.books import Book, Sheet, is_blank
from phuong.intake.reading.headings import Heading, Known, find_heading, is_numbering
from phuong.intake.reading.legacy import cure
from phuong.intake.reading.shapes import MOST_BYTES, Area, Cell, Grid, Notice, Table, Unreadable, address, letters, some
from phuong.intake.reading.sniffing import open_book
from phuong.intake.reading.templates import GUIDE, LISTS

_OWN_SHEETS = frozenset({LISTS, GUIDE})


def read_table(
    content: bytes, name: str, *, sheet: str = "", heading_row: int = 0, known: Known | None = None
) -> Table:
    """Read a file as one table.

    :param name: of the file; what it is, its content tells
    :param sheet: the sheet that the person has chosen; else the visible one whose headings are known best
    :param heading_row: the row of the headings, from 1, that the person has named; else it is looked for
    :param known: says whether a heading, cleaned, is one the import knows
    :raises Unreadable: nothing else is ever raised
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(
            "too_big",
            _("Tệp lớn hơn %(most)d MB nên không đọc. Chia danh sách thành nhiều tệp.") % {"most": MOST_BYTES // 2**20},
        )
    if not content:
        raise Unreadable("empty_file", _("Tệp rỗng, không có nội dung nào. Kiểm tra lại tệp rồi tải lên."))
    book = open_book(content, name)
    choice = _choose(book, sheet, known)
    grid = book.grid(choice.sheet)
    _keep_error_rows(grid)
    if not grid.rows:
        raise Unreadable("no_data", _("Trang tính «%(sheet)s» không có dữ liệu.") % {"sheet": choice.sheet.name})
    tidy = _tidy(grid)
    heading = find_heading(grid, known, heading_row)
    return _Assembly(grid, heading, choice, name, known is not None).table(
        [*book.notices, *choice.notices, *tidy], book
    )


@dataclass(frozen=True)
class _Choice:
    sheet: Sheet
    filled: tuple[str, ...]
    notices: list[Notice]


def _choose(book: Book, asked: str, known: Known | None) -> _Choice:
    visible = [sheet for sheet in book.sheets if not sheet.is_hidden]
    notices = _hidden(book.sheets)
    chosen = _asked(book.sheets, asked) if asked else None
    if chosen is None and not visible:
        raise Unreadable(
            "only_hidden_sheets",
            _("Tệp không có trang tính nào đang hiện. Trong Excel, bấm chuột phải vào tên trang, chọn Bỏ ẩn, lưu lại."),
        )
    if len(visible) <= 1:
        only = chosen or visible[0]
        return _Choice(only, tuple(sheet.name for sheet in visible if sheet.name), notices)
    heads = [(sheet, head) for sheet, head in zip(visible, book.heads(visible), strict=True) if head.rows]
    if not heads and chosen is None:
        raise Unreadable("no_data", _("Không trang tính nào trong tệp có dữ liệu."))
    chosen = chosen or _best_known(heads, known)
    filled = tuple(sheet.name for sheet, _head in heads)
    others = [each for each in filled if each != chosen.name and each not in _OWN_SHEETS]
    return _Choice(chosen, filled, notices + _several(chosen.name, others))


def _asked(sheets: list[Sheet], name: str) -> Sheet:
    for sheet in sheets:
        if unicodedata.normalize("NFC", sheet.name) == unicodedata.normalize("NFC", name):
            return sheet
    raise Unreadable(
        "no_such_sheet",
        _("Tệp không có trang tính «%(sheet)s». Các trang: %(sheets)s.")
        % {"sheet": name, "sheets": some([sheet.name for sheet in sheets], 10)},
    )


def _best_known(heads: list[tuple[Sheet, Grid]], known: Known | None) -> Sheet:
    heads = [each for each in heads if each[0].name not in _OWN_SHEETS] or heads
    return max(heads, key=lambda each: _known_headings(each[1], known))[0]


def _known_headings(head: Grid, known: Known | None) -> int:
    try:
        _tidy(head)
        return find_heading(head, known, 0).known
    except Unreadable:
        return -1


def _hidden(sheets: list[Sheet]) -> list[Notice]:
    names = [sheet.name for sheet in sheets if sheet.is_hidden]
    if not names:
        return []
    text = _("Trang tính bị ẩn không được đọc: %(names)s. Nếu cần, bỏ ẩn trong Excel rồi tải lại.")
    return [Notice("hidden_sheet", text % {"names": some(names)}, some(names))]


def _several(chosen: str, others: list[str]) -> list[Notice]:
    if not others:
        return []
    text = _("Tệp có nhiều trang tính; chỉ đọc trang «%(chosen)s». Trang khác có dữ liệu: %(others)s.")
    return [Notice("several_sheets", text % {"chosen": chosen, "others": some(others)}, chosen)]


def _tidy(grid: Grid) -> list[Notice]:
    """Bring the text of a grid to composed Unicode, whatever it was typed with; in place."""
    if grid.may_be_apart:
        for row in grid.rows:
            for column, cell in enumerate(row):
                if type(cell) is str and not cell.isascii():
                    row[column] = unicodedata.normalize("NFC", cell)
    form, columns = cure(grid.rows, max(map(len, grid.rows), default=0)) if grid.may_be_legacy else ("", [])
    if not form:
        return []
    text = _(
        "Chữ trong cột %(columns)s gõ bằng phông %(form)s; đã chuyển sang Unicode. Xem lại vài dòng trước khi nhập."
    )
    where = some([letters(column) for column in columns], 20)
    names = {"tcvn3": "TCVN3 (.VnTime)", "vni": "VNI (VNI-Times)"}
    return [Notice(f"converted_from_{form}", text % {"columns": where, "form": names[form]}, where)]


def _keep_error_rows(grid: Grid) -> None:
    """Give a row to the errors that stand in rows without any value."""
    held = set(grid.places)
    for place in sorted({place for place, _column in grid.errors} - held):
        at = bisect_left(grid.places, place)
        grid.places.insert(at, place)
        grid.rows.insert(at, [])


class _Assembly:
    """Puts the table together from a grid whose headings are found."""

    def __init__(self, grid: Grid, heading: Heading, choice: _Choice, name: str, has_known: bool) -> None:  # noqa: FBT001
        self.grid, self.heading, self.choice, self.name = grid, heading, choice, name
        self.is_unknown = has_known and not heading.known
        self.place_of_heading = grid.places[heading.last]
        self.notices: list[Notice] = []

    def table(self, notices: list[Notice], book: Book) -> Table:
        rows, places = self._rows()
        names = self._names(rows)
        width = len(names)
        for row in rows:
            if len(row) != width:
                row[width:] = [None] * (width - len(row))
        index_of = {place: index for index, place in enumerate(places)} if self.grid.errors else {}
        errors = {
            (index_of[place], column): text
            for (place, column), text in self.grid.errors.items()
            if place in index_of and column < width
        }
        self._tell(names, rows, places)
        return Table(
            name=self.name,
            sheet=self.choice.sheet.name,
            sheets=self.choice.filled,
            headings=tuple(names),
            heading_row=self.place_of_heading + 1,
            rows=rows,
            numbers=[place + 1 for place in places],
            notices=tuple(notices + self.grid.notices + self.notices),
            encoding=book.encoding,
            errors=errors,
        )

    def _rows(self) -> tuple[list[list[Cell]], list[int]]:
        """Give the rows under the headings, without the blank ones and the one that numbers the columns."""
        start = self.heading.last + 1
        if start < len(self.grid.rows) and is_numbering(self.grid.rows[start], self.heading.names):
            self._note("numbering_row", _("Dòng %(row)d chỉ đánh số cột nên bỏ qua."), row=self.grid.places[start] + 1)
            start += 1
        with_errors = {place for place, _column in self.grid.errors}
        rows, places = [], []
        for row, place in zip(self.grid.rows[start:], self.grid.places[start:], strict=True):
            if not is_blank(row) or place in with_errors:
                rows.append(row)
                places.append(place)
        return rows, places

    def _names(self, rows: list[list[Cell]]) -> list[str]:
        """Give the headings, one for each column up to the last that has a heading or a value."""
        names = list(self.heading.names)
        while names and not names[-1]:
            names.pop()
        furthest = max(map(len, rows), default=0)
        while furthest > len(names) and not self._is_used(rows, furthest - 1):
            furthest -= 1
        return names + [""] * (furthest - len(names))

    def _is_used(self, rows: list[list[Cell]], column: int) -> bool:
        return any(row[column] is not None for row in rows if len(row) > column) or any(
            place > self.place_of_heading and each == column for place, each in self.grid.errors
        )

    def _note(self, code: str, text: str, where: str = "", **facts: object) -> None:
        self.notices.append(Notice(code, text % facts, where))

    def _at(self, name: str) -> str:
        return f"{self.choice.sheet.name}!{name}" if self.choice.sheet.name else name

    def _tell(self, names: list[str], rows: list[list[Cell]], places: list[int]) -> None:
        if self.is_unknown:
            text = _("Chưa nhận ra tên cột nào. Đang lấy dòng %(row)d làm tiêu đề; nếu không phải, hãy chọn lại.")
            self._note("no_known_heading", text, row=self.place_of_heading + 1)
        if not rows:
            self._note("no_rows", _("Bảng chỉ có dòng tiêu đề, chưa có dòng dữ liệu nào."))
        for notice in (*self._twice(names), *self._merged(), *self._formulas(), *self._gaps(places)):
            self.notices.append(notice)

    def _twice(self, names: list[str]) -> Iterator[Notice]:
        columns = defaultdict(list)
        for column, name in enumerate(names):
            columns[name.casefold()].append(column)
        for name, same in columns.items():
            if name and len(same) > 1:
                where = ", ".join(map(letters, same))
                text = _("Tiêu đề «%(name)s» có ở nhiều cột: %(columns)s. Chọn cột nào dùng cho mục này.")
                yield Notice("duplicated_headings", text % {"name": names[same[0]], "columns": where}, where)

    def _merged(self) -> Iterator[Notice]:
        below = [area for area in self.grid.merged if area.bottom > self.place_of_heading]
        if below:
            where = some([self._at(str(area)) for area in sorted(below, key=_order)])
            text = _("Có ô gộp trong bảng: %(where)s. Chỉ ô đầu giữ giá trị; bỏ gộp và điền đủ từng dòng rồi tải lại.")
            yield Notice("merged_cells", text % {"where": where}, where)

    def _formulas(self) -> Iterator[Notice]:
        below = [cell for cell in self.grid.blank_formulas if cell[0] > self.place_of_heading]
        if below:
            where = some([self._at(address(*cell)) for cell in below])
            text = _(
                "%(count)d ô công thức chưa có kết quả: %(where)s. Mở tệp bằng Excel cho tính xong, lưu rồi tải lại; "
                "nay các ô này coi như trống."
            )
            yield Notice("formulas", text % {"count": len(below), "where": where}, where)

    def _gaps(self, places: list[int]) -> Iterator[Notice]:
        """Tell of empty rows between rows; those after the last are nobody's concern."""
        gaps = [after - 1 for before, after in zip(places, places[1:], strict=False) if after - before > 1]
        missing = places[-1] - places[0] + 1 - len(places) if places else 0
        if missing > 0 and gaps:
            text = _("Bỏ qua %(count)d dòng trống giữa bảng, trước dòng %(rows)s.")
            rows = some([str(gap + 2) for gap in gaps])
            yield Notice("empty_rows_left_out", text % {"count": missing, "rows": rows}, rows)


def _order(area: Area) -> tuple[int, int]:
    return area.top, area.left
