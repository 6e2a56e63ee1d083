"""Templates to fill in: headings with hints, lists to choose from, and a guide; no example stands among the rows."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from phuong.intake.reading.writing import OPTIONS, sheet_name

LISTS, GUIDE = "Danh mục", "Hướng dẫn"  # names that reading knows, so not translated
_LAST_ROW = 20_000  # down to which the lists and formats reach
_MOST_HINT = 255
_BLUE, _WHITE, _SUNKEN, _INK = "#2a3f8f", "#ffffff", "#f3efe8", "#1b2233"  # as on the pages
_FORMATS = {"digits": "@", "code": "@", "text": "@", "date": "dd/mm/yyyy", "whole": "0", "yes_no": "@"}


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a template."""

    heading: str
    required: bool = False
    hint: str = ""
    kind: str = "text"  # text, date, whole, code, yes_no, digits
    choices: Sequence[str] = ()
    example: str = ""


def write_template(columns: Sequence[TemplateColumn], *, title: str, notes: Sequence[str]) -> bytes:
    """Write a template as xlsx: the sheet to fill in, the lists of choices, and a guide with an example of each column.

    Required columns carry a star, which reading takes off again.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": title})
        data = book.add_worksheet(_data_name(title))
        lists = _write_lists(book, columns)
        _write_data(book, data, columns, lists)
        _write_guide(book, columns, title=title, notes=notes)
    return file.getvalue()


def _data_name(title: str) -> str:
    name = sheet_name(title)
    return name if name not in (LISTS, GUIDE) else f"{name} 1"


def _choices(column: TemplateColumn) -> Sequence[str]:
    return column.choices or (("Có", "Không") if column.kind == "yes_no" else ())


def _write_lists(book: Any, columns: Sequence[TemplateColumn]) -> dict[int, str]:
    """Write the choices, a column each; gives the range of each column that has some."""
    with_choices = [(place, column) for place, column in enumerate(columns) if _choices(column)]
    if not with_choices:
        return {}
    sheet, ranges = book.add_worksheet(LISTS), {}
    head, text = book.add_format({"bold": True, "bg_color": _SUNKEN, "border": 1}), book.add_format({"num_format": "@"})
    for here, (place, column) in enumerate(with_choices):
        choices = list(dict.fromkeys(_choices(column)))
        sheet.set_column(here, here, min(max(map(len, [column.heading, *choices])) + 2, 60))
        sheet.write_string(0, here, column.heading, head)
        for row, choice in enumerate(choices, 1):
            sheet.write_string(row, here, choice, text)
        letters = xl_col_to_name(here)
        ranges[place] = f"='{LISTS}'!${letters}$2:${letters}${len(choices) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _write_data(book: Any, sheet: Any, columns: Sequence[TemplateColumn], lists: dict[int, str]) -> None:
    style = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
    must = book.add_format(style | {"bg_color": _BLUE, "font_color": _WHITE})
    may = book.add_format(style | {"bg_color": _SUNKEN, "font_color": _INK})
    formats = {kind: book.add_format({"num_format": shown}) for kind, shown in _FORMATS.items()}
    for place, column in enumerate(columns):
        longest = max(map(len, [column.heading, column.example, *_choices(column)]))
        sheet.set_column(place, place, min(max(12, longest + 2), 40), formats[column.kind])
        heading = f"{column.heading} *" if column.required else column.heading
        sheet.write_string(0, place, heading, must if column.required else may)
        if column.hint:
            sheet.write_comment(0, place, column.hint, {"x_scale": 2})
        if validation := _validation(column, lists.get(place, "")):
            sheet.data_validation(1, place, _LAST_ROW, place, validation)
    sheet.set_row(0, 32)
    sheet.freeze_panes(1, 0)


def _validation(column: TemplateColumn, source: str) -> dict[str, Any]:
    """Say what a cell takes. Lists stop nothing else than a typing error; dates and numbers warn."""
    rules: dict[str, Any] = {}
    if source:
        rules = {"validate": "list", "source": source, "error_title": _("Không có trong danh mục")}
        rules["error_message"] = _("Chọn một giá trị trong danh sách, hoặc xem trang Danh mục.")
    elif column.kind == "date":
        # dates are compared as their serial numbers: 01/01/1900 to 31/12/2100
        rules = {"validate": "date", "criteria": "between", "minimum": 1, "maximum": 73_415}
        rules |= {
            "error_title": _("Không phải ngày"),
            "error_message": _("Ghi ngày dạng dd/mm/yyyy, ví dụ 05/09/2013."),
        }
        rules["error_type"] = "warning"
    elif column.kind == "whole":
        rules = {"validate": "integer", "criteria": ">=", "value": 0, "error_type": "warning"}
        rules |= {"error_title": _("Không phải số"), "error_message": _("Ghi một số nguyên, không có chữ.")}
    if rules and column.hint:
        rules |= {"input_title": column.heading[:32], "input_message": column.hint[:_MOST_HINT]}
    return rules


def _write_guide(book: Any, columns: Sequence[TemplateColumn], *, title: str, notes: Sequence[str]) -> None:
    sheet = book.add_worksheet(GUIDE)
    big, bold = book.add_format({"bold": True, "font_size": 14}), book.add_format({"bold": True, "bg_color": _SUNKEN})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 60)
    sheet.set_column(3, 3, 28)
    sheet.write_string(0, 0, title, big)
    row = 1
    for row, note in enumerate(notes, 2):
        sheet.merge_range(row, 0, row, 3, "", text)
        sheet.write_string(row, 0, note, text)
        sheet.set_row(row, 15 * (1 + len(note) // 120))
    row += 2
    for place, name in enumerate((_("Cột"), _("Bắt buộc"), _("Cách ghi"), _("Ví dụ"))):
        sheet.write_string(row, place, name, bold)
    for line, column in enumerate(columns, row + 1):
        written = (column.heading, _("Có") if column.required else "", column.hint, column.example)
        for place, words in enumerate(written):
            sheet.write_string(line, place, words, text)
