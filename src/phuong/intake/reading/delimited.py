"""Text files with a separator: csv, tab separated, from any program."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from django.utils.translation import gettext as _

from phuong.intake.reading.books import Sheet, take_error_texts
from phuong.intake.reading.encodings import decode
from phuong.intake.reading.legacy_letters import TELLING
from phuong.intake.reading.shapes import MOST_COLUMNS, Cell, Grid, Notice, Unreadable, some

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_CLEAR = 1.2  # how much better the best separator must be than the next
_FEW = 0.2  # of the rows: more short ones than that, and the program leaves out empty cells at the end
_HINT = re.compile(r"(?i:sep)=([,;\t|])")  # what Excel writes and reads in a first line
_WORD = re.compile(r"[^\W\d_]{2}")


class TextBook:
    """A text file with one table."""

    def __init__(self, content: bytes) -> None:
        """Decode the file.

        :raises Unreadable: binary, damaged, or an encoding that cannot be told
        """
        decoded = decode(content)
        self.sheets = [Sheet("")]
        self.notices = list(decoded.notices)
        self.encoding = decoded.encoding
        self._text = decoded.text

    def heads(self, sheets: Sequence[Sheet]) -> list[Grid]:
        """Read everything: there is one table."""
        return [self.grid(sheet) for sheet in sheets]

    def grid(self, sheet: Sheet) -> Grid:  # there is only one
        """Split the text.

        :raises Unreadable: the separator cannot be told, or a quote is never closed
        """
        text, separator, first = _separator(self._text)
        grid = Grid(may_be_legacy=bool(TELLING.search(text)), may_be_apart=False)
        for place, row in enumerate(_rows(text, separator), first):
            if len(row) > MOST_COLUMNS:
                raise _too_wide(place)
            if any(row):
                grid.rows.append([cell or None for cell in row])
                grid.places.append(place)
        if "#" in text:
            take_error_texts(grid)
        grid.notices += _ragged(grid)
        return grid


def _too_wide(place: int) -> Unreadable:
    text = _("Dòng %(row)d có quá nhiều cột. Kiểm tra dấu phân cách giữa các cột rồi tải lại.")
    return Unreadable("too_wide", text % {"row": place + 1})


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    """Split into rows; a row is a record, which may hold line breaks inside quotes.

    :raises Unreadable: a quote is never closed, or stands inside of a value
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    count = 0
    try:
        for row in reader:
            yield row
            count += 1
    except csv.Error as error:
        words = _(
            "Dấu ngoặc kép ở dòng %(row)d mở mà không đóng, hoặc nằm giữa ô. Sửa dòng đó hoặc lưu lại dạng .xlsx."
        )
        raise Unreadable("bad_quotes", words % {"row": count + 1}, row=count + 1) from error


def _separator(text: str) -> tuple[str, str, int]:
    """Find what separates the columns: (text to split, separator, number of its first row, from 0).

    :raises Unreadable: two of them do equally well
    """
    line, _break, rest = text.partition("\n")
    if hint := _HINT.fullmatch(line.strip()):
        return rest, hint[1], 1
    scores = sorted(((_score(text, each), each) for each in _SEPARATORS if each in text), reverse=True)
    if not scores or scores[0][0] == 0:
        return text, ",", 0
    if len(scores) > 1 and scores[0][0] < _CLEAR * scores[1][0]:
        raise Unreadable(
            "unknown_separator",
            _("Không xác định được dấu phân cách cột. Lưu lại dạng .xlsx, hoặc chỉ dùng một loại dấu phân cách."),
        )
    return text, scores[0][1], 0


def _score(text: str, separator: str) -> float:
    """Say how well a separator splits the first rows: words in the wordiest, times the share of the commonest width.

    Words, because a comma also divides decimal numbers and addresses, but not the headings above them.
    """
    rows: list[list[str]] = []
    with suppress(Unreadable):
        rows.extend(row for row in islice(_rows(text, separator), _SAMPLE_ROWS) if any(row))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0
    words = max(len({cell for cell in row if _WORD.search(cell)}) for row in rows if len(row) > 1)
    return words * max(widths.values()) / len(rows)


def _ragged(grid: Grid) -> Iterator[Notice]:
    """Tell of rows with other cells than most: a separator or a line break inside a value shifts what follows."""
    widths = Counter(len(row) for row in grid.rows)
    if not widths or len(widths) == 1:
        return
    usual = max(widths, key=lambda width: (widths[width], width))
    pairs = list(zip(grid.places, grid.rows, strict=True))
    longer = [str(place + 1) for place, row in pairs if _trimmed(row) > usual]
    shorter = [str(place + 1) for place, row in pairs if len(row) < usual]
    if longer:
        text = _(
            "Dòng %(rows)s nhiều ô hơn các dòng khác, có thể lệch cột. Đặt giá trị có dấu phân cách trong ngoặc kép."
        )
        yield Notice("ragged_rows", text % {"rows": some(longer)}, some(longer))
    if shorter and len(shorter) < _FEW * len(grid.rows):
        text = _("Dòng %(rows)s có ít ô hơn các dòng khác, có thể bị ngắt dòng giữa chừng. Kiểm tra lại các dòng này.")
        yield Notice("ragged_rows", text % {"rows": some(shorter)}, some(shorter))


def _trimmed(row: list[Cell]) -> int:
    width = len(row)
    while width and row[width - 1] is None:
        width -= 1
    return width
