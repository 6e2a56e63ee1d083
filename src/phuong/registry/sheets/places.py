"""Where the rows of a file belong: their unit by code or name, their class by name."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.intake.api import Column
from phuong.intake.sheets import Draft
from phuong.kernel.calendar import school_year_of
from phuong.kernel.text import nfc, search_key
from phuong.records.api import DATE
from phuong.registry.models import ClassGroup, Organisation

UNIT = Column(
    "unit_code",
    gettext_lazy("Mã trường"),
    headings=("ma don vi", "ma co so", "truong", "ten truong", "don vi", "school code", "school", "ma truong bo gddt"),
    hint=gettext_lazy("Mã hoặc tên đủ của trường. Không cần khi chỉ nạp cho một trường."),
    most=200,
    example="31310123",
)
CLASS = Column(
    "class_name",
    gettext_lazy("Lớp"),
    headings=("ten lop", "lop hoc", "ma lop", "class"),
    hint=gettext_lazy("Tên lớp đã có trong năm học này của trường."),
    most=30,
    example="7A1",
)
SINCE = Column(
    "since",
    gettext_lazy("Vào lớp từ ngày"),
    DATE,
    headings=("ngay vao lop", "tu ngay", "ngay nhap hoc", "since", "start date"),
    hint=gettext_lazy("Để trống thì lấy ngày có hiệu lực của lần nạp."),
    example="05/09/2026",
)


def find_units(draft: Draft) -> None:
    """Say to which unit each row belongs: ``unit`` (key) and ``path``; rows whose unit cannot be told are refused."""
    size = len(draft.frame)
    home = draft.home or (None, None)
    units: list[str | None] = [home[0]] * size
    paths: list[str | None] = [home[1]] * size
    written = draft.frame.get_column("unit_code").to_list() if draft.has("unit_code") else [None] * size
    known = _units_named(draft, {each for each in written if each})
    unknown, elsewhere = [], []
    for row, text in enumerate(written):
        if not text:
            continue
        found = known.get(text)
        units[row], paths[row] = found or (None, None)
        if found is None:
            unknown.append(row)
        elif home[1] and not _is_under(found[1], str(home[1])):
            elsewhere.append(row)
    no_unit = [row for row in range(size) if units[row] is None and not written[row]]
    draft.refuse(no_unit, "unit_code", "no_unit", _("Chưa biết dòng này của trường nào. Ghi mã trường."))
    draft.refuse(unknown, "unit_code", "unknown_unit", _("Không thấy trường này trong phạm vi của anh/chị."))
    draft.refuse(elsewhere, "unit_code", "other_unit", _("Tệp này chỉ nạp cho một trường; dòng này của trường khác."))
    draft.frame = draft.frame.with_columns(
        pl.Series("unit", units, dtype=pl.String), pl.Series("path", paths, dtype=pl.String)
    )


def _is_under(path: str, above: str) -> bool:
    return path == above or path.startswith(above + ".")


def _units_named(draft: Draft, texts: set[str]) -> dict[str, tuple[str, str]]:
    """Find units by code, by a code they had, or by their full name when only one has it."""
    if not texts or not draft.by.scope:
        return {}
    keys = {search_key(text): text for text in texts}
    rows = Organisation.objects.filter(path__under=draft.by.scope, closed_on__isnull=True)
    rows = rows.filter(kind__in=("school", "campus", "department", "division"))
    named = rows.filter(Q(code__in=texts) | Q(aliases__code__in=texts) | Q(search_key__in=keys)).distinct()
    by_code: dict[str, tuple[str, str]] = {}
    by_name: dict[str, list[tuple[str, str]]] = {}
    for unit in named.prefetch_related("aliases"):
        place = (str(unit.pk), str(unit.path))
        for code in (unit.code, *(alias.code for alias in unit.aliases.all())):
            by_code[code] = place
        by_name.setdefault(unit.search_key, []).append(place)
    found = {text: by_code[text] for text in texts if text in by_code}
    for key, text in keys.items():
        if text not in found and len(by_name.get(key, [])) == 1:
            found[text] = by_name[key][0]
    return found


def year_of(draft: Draft) -> int:
    """Give the school year (its first calendar year) in which the file holds."""
    day: dt.date = draft.on
    return school_year_of(day).start


def find_classes(draft: Draft, *, column: str = "class_name") -> None:
    """Find the class of each row by its name within its unit: ``class_id``."""
    if not draft.has(column):
        return
    year = year_of(draft)
    units = draft.frame.get_column("unit").to_list()
    names = draft.frame.get_column(column).to_list()
    known = classes_named({unit for unit in units if unit}, year)
    keys = {name: class_key(name) for name in set(names)}
    found, unknown = [], []
    for row, (unit, name) in enumerate(zip(units, names, strict=True)):
        key = known.get((unit, keys[name])) if unit and name else None
        found.append(key)
        if unit and name and key is None:
            unknown.append(row)
    words = _("Trường chưa có lớp %(name)s trong năm học %(year)d–%(next)d. Tạo lớp trước, hoặc sửa tên lớp.")
    draft.refuse(
        unknown,
        column,
        "unknown_class",
        lambda row: words % {"name": names[row], "year": year, "next": year + 1},
    )
    draft.frame = draft.frame.with_columns(pl.Series("class_id", found, dtype=pl.String))


def class_key(name: Any) -> str:
    """Give the form in which names of classes are compared: «7 A1» is «7a1»."""
    return nfc(str(name or "")).lower().replace(" ", "")


def classes_named(units: Iterable[Any], year: int) -> Mapping[tuple[str, str], str]:
    """Give the classes of some units in a year: ``{(unit, name as compared): key}``."""
    rows = ClassGroup.objects.filter(organisation__in=list(units), school_year=year)
    return {
        (str(unit), class_key(name)): str(key) for unit, name, key in rows.values_list("organisation_id", "name", "pk")
    }
