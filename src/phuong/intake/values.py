"""From cells to values of a record, a whole column at a time; what cannot be kept is said, not guessed."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from phuong.intake.declarations import Column
from phuong.intake.reading import Cell, dates_of, digits_of, text_of
from phuong.kernel.codelists import attributes_of, entries_of
from phuong.kernel.text import as_typed, search_key
from phuong.records.api import CHOICE, CODE, DATE, NUMBER, REAL, WHOLE, YES_NO

Told = tuple[str, str]  # (code, words)
Column1 = tuple[list[Any], dict[int, Told]]  # values by row, and what is wrong by row
_YES = frozenset({"co", "x", "1", "true", "yes", "dung", "v", "y"})
_NO = frozenset({"khong", "0", "false", "no", "sai", "n", "k"})
_ALSO = {  # words for codes that files use beside the titles of the list
    "sex": {"male": ("nam", "trai", "m"), "female": ("nu", "gai", "f")},
    "nationality": {"VN": ("viet nam", "vn", "viet nam (vn)")},
    "ethnicity": {"01": ("kinh", "viet", "kinh (viet)")},
}
_OLDEST, _LATEST = 1900, 2100
_TEXT = {str, type(None)}


def values_of(column: Column, cells: Sequence[Cell]) -> Column1:
    """Give the values of a column, ``None`` where nothing stands, and by row what is wrong with a cell."""
    if column.type == DATE:
        values, wrong = _dates(cells)
    else:
        values, wrong = _each(cells, _reader(column))
    if column.check:
        wrong |= _checked(values, column.check)
    if column.required:
        words = _("Chưa có %s. Điền vào ô này rồi nạp lại.") % str(column.label).lower()
        wrong |= {row: ("missing", words) for row, value in enumerate(values) if value is None and row not in wrong}
    return values, wrong


def _each(cells: Sequence[Cell], read: Callable[[Cell], tuple[Any, Told | None]]) -> Column1:
    """Read every cell, equal cells once."""
    keys: Sequence[Any] = cells
    if not {*map(type, cells)} <= _TEXT:  # 1 and True are equal, and not the same
        keys = [(type(cell), cell) for cell in cells]
    known = {key: read(cell) for key, cell in dict(zip(keys, cells, strict=True)).items()}
    found = [known[key] for key in keys]
    is_clean = not any(told for _value, told in known.values())
    wrong = {} if is_clean else {row: told for row, (_value, told) in enumerate(found) if told}
    return [value for value, _told in found], wrong


def _checked(values: Sequence[Any], check: Callable[[Any], str]) -> dict[int, Told]:
    known = {value: words for value in set(values) if value is not None and (words := check(value))}
    if not known:
        return {}
    return {row: ("not_possible", known[value]) for row, value in enumerate(values) if value in known}


def _reader(column: Column) -> Callable[[Cell], tuple[Any, Told | None]]:
    if column.type in (CODE, CHOICE):
        return _choice_reader(column)
    if column.type == NUMBER:
        return lambda cell: _digits(cell, column)
    if column.type in (WHOLE, REAL):
        return lambda cell: _number(cell, column)
    return _truth if column.type == YES_NO else lambda cell: _text(cell, column)


def _text(cell: Cell, column: Column) -> tuple[Any, Told | None]:
    text = as_typed(text_of(cell))
    if len(text) > column.most:
        return None, ("too_long", _("Dài quá %d chữ. Viết ngắn lại.") % column.most)
    return text or None, None


def _dates(cells: Sequence[Cell]) -> Column1:
    found, wrong = dates_of(cells)
    words = {
        "ambiguous_date": _(
            "Cột này lẫn ngày-tháng với tháng-ngày nên không biết chắc. Ghi dạng 05/09/2026 cho cả cột."
        ),
        "short_year": _("Ghi năm đủ bốn chữ số, ví dụ 2015."),
        "year_only": _("Mới có năm. Ghi đủ ngày, tháng, năm."),
    }
    other = _("Không đọc được ngày. Ghi dạng dd/mm/yyyy, ví dụ 05/09/2026.")
    told = {row: (code, words.get(code, other)) for row, code in wrong.items() if row >= 0}
    for row, day in enumerate(found):
        if day is not None and not _OLDEST <= day.year <= _LATEST:
            told[row] = ("bad_date", _("Năm phải từ %(first)d đến %(last)d.") % {"first": _OLDEST, "last": _LATEST})
    return [None if row in told else day for row, day in enumerate(found)], told


def _digits(cell: Cell, column: Column) -> tuple[Any, Told | None]:
    text, code = digits_of(as_typed(cell) if isinstance(cell, str) else cell, column.digits)
    if code:
        return None, (code, _digit_words(code, column.digits))
    if len(text) > column.most:
        return None, ("too_long", _("Dài quá %d chữ. Viết ngắn lại.") % column.most)
    return text or None, None


def _digit_words(code: str, digits: int) -> str:
    if code == "leading_zeros_lost":
        return _("Ô này là số nên mất số 0 ở đầu. Đổi ô sang kiểu Text rồi gõ lại đủ %d chữ số.") % digits
    if code == "rounded_number":
        return _("Excel đã làm tròn số này. Đổi ô sang kiểu Text rồi gõ lại.")
    return _("Không đọc được số này. Gõ lại bằng chữ số.")


def _number(cell: Cell, column: Column) -> tuple[Any, Told | None]:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None, None
    try:
        number = float(cell.strip().replace(" ", "").replace(",", ".")) if isinstance(cell, str) else float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None, ("not_a_number", _("Ghi một số."))
    if column.type == WHOLE and not number.is_integer():
        return None, ("not_whole", _("Ghi một số nguyên."))
    lowest, highest = column.lowest, column.highest
    if (lowest is not None and not number >= lowest) or (highest is not None and not number <= highest):
        return None, ("out_of_range", _range_words(lowest, highest))
    return int(number) if column.type == WHOLE else number, None


def _range_words(lowest: float | None, highest: float | None) -> str:
    if lowest is None:
        return _("Không lớn hơn %s.") % f"{highest:g}"
    if highest is None:
        return _("Không nhỏ hơn %s.") % f"{lowest:g}"
    return _("Phải từ %(lowest)s đến %(highest)s.") % {"lowest": f"{lowest:g}", "highest": f"{highest:g}"}


def _truth(cell: Cell) -> tuple[Any, Told | None]:
    if isinstance(cell, bool):
        return cell, None
    word = search_key(text_of(cell))
    if not word:
        return None, None
    if word in _YES or word in _NO:
        return word in _YES, None
    return None, ("not_yes_no", _("Ghi «Có» hoặc «Không»."))


def choices_of(column: Column) -> dict[str, str]:
    """Give the codes a column takes with their Vietnamese titles, in order."""
    if column.codes:
        return {code: titles[0] for code, titles in entries_of(column.codes).items()}
    return {code: str(title) for code, title in column.choices}


def _choice_reader(column: Column) -> Callable[[Cell], tuple[Any, Told | None]]:
    """Take a code, its title in either language without marks or case, or a word files use for it."""
    choices = choices_of(column)
    words = {search_key(title): code for code, title in choices.items()}
    words |= {
        search_key(titles[1]): code for code, titles in (entries_of(column.codes) if column.codes else {}).items()
    }
    words |= {search_key(code): code for code in choices}
    shorts = ((attributes_of(column.codes, code).get("short"), code) for code in choices) if column.codes else ()
    words |= {search_key(str(short)): code for short, code in shorts if short}
    words |= {word: code for code, also in _ALSO.get(column.codes, {}).items() if code in choices for word in also}
    words |= {word: code for code, also in column.also.items() for word in also}
    some = ", ".join(list(choices.values())[:6]) + (" …" if len(choices) > 6 else "")

    def read(cell: Cell) -> tuple[Any, Told | None]:
        word = search_key(text_of(cell))
        if not word:
            return None, None
        if word in words:
            return words[word], None
        return None, ("unknown_code", _("Không có trong danh mục. Ghi một trong các mục: %s.") % some)

    return read


def as_words(column: Column, value: Any) -> str:
    """Write a value for people."""
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    return choices_of(column).get(value, str(value)) if column.type in (CODE, CHOICE) else str(value)
