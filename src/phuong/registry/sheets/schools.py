"""Files of schools: new ones are opened, the particulars of those there are brought up to date."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.intake.api import Column, Sheet, Written, column_of
from phuong.intake.sheets import Draft, Stage
from phuong.kernel.permissions import Permission
from phuong.kernel.text import search_key, vi_key
from phuong.records.api import CHOICE, CODE
from phuong.registry.kinds.units import SCHOOL
from phuong.registry.models import Organisation, School
from phuong.registry.models.organisations import COMMUNE_KINDS, Level
from phuong.registry.queries import departments_by_province
from phuong.registry.sheets.people import refuse_twice

_FIELDS = {field.name: field for field in (*SCHOOL.fields, *SCHOOL.also)}
_PLAIN = ("type", "level", "ownership", "region", "address", "phone", "email", "website", "connection")
_BY_DEPARTMENT = ("upper_secondary", "continuing")
_PRESENT = "select s.row, {columns} from {rows} s join registry_school c on c.organisation_id = s.target"


def _resolve(draft: Draft) -> None:
    frame = draft.frame
    codes, names = frame.get_column("school_code").to_list(), frame.get_column("name").to_list()
    wanted = {code for code in codes if code}
    here = Organisation.objects.filter(path__under=draft.by.scope or "none", closed_on__isnull=True)
    known = {
        unit.code: unit for unit in here.filter(kind="school", code__in=wanted).select_related("parent", "territory")
    }
    taken = Organisation.objects.filter(kind="school", closed_on__isnull=True, code__in=wanted)
    elsewhere = set(taken.values_list("code", flat=True)) - set(known)
    _place(draft, known, here)
    outside = [row for row, code in enumerate(codes) if code in elsewhere]
    draft.refuse(outside, "school_code", "kept_elsewhere", _("Mã này thuộc về một trường ngoài phạm vi của anh/chị."))
    draft.frame = draft.frame.with_columns(
        pl.Series("name_key", [vi_key(name) if name else None for name in names], dtype=pl.String),
        pl.Series("search_key", [search_key(name) if name else None for name in names], dtype=pl.String),
    )
    refuse_twice(draft, ["school_code"], "school_code", _("Mã trường này có ở hai dòng của tệp."))
    there = [name for name in _PLAIN if draft.has(name)]
    if there:
        query = _PRESENT.replace("{columns}", ", ".join(f"c.{name}" for name in there))
        draft.join(draft.ask(("target",), query), [f"was_{name}" for name in there])


def _place(draft: Draft, known: Mapping[str, Organisation], here: Any) -> None:
    """Say of each school which unit manages it and in which commune it lies; a school that is there stays there."""
    communes = _communes(here, {text for text in draft.frame.get_column("commune").to_list() if text})
    departments = departments_by_province()
    rows = draft.frame.select("school_code", "commune", "level").rows()
    found: list[tuple[str | None, ...]] = []
    for code, text, level in rows:
        school, commune = known.get(code), communes.get(text or "")
        manager = commune
        if commune and level in _BY_DEPARTMENT:
            manager = departments.get(".".join(str(commune.path).split(".")[:2]), commune)
        if school is not None:
            manager, commune = school.parent, school.territory
        own = f"{manager.path}.s{_label(code)}" if manager and code else None
        unit = (str(manager.pk), str(manager.path), str(manager.pk)) if manager else (None, None, None)
        found.append((str(school.pk) if school else None, *unit, str(commune.pk) if commune else None, own))
    unknown = [row for row, facts in enumerate(found) if facts[1] is None]
    draft.refuse(unknown, "commune", "unknown_commune", _("Không thấy xã, phường này trong phạm vi của anh/chị."))
    names = ("target", "unit", "path", "parent_id", "territory_id", "own_path")
    columns = zip(names, zip(*found, strict=True), strict=True)
    draft.frame = draft.frame.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in columns)


def _label(code: str) -> str:
    return "".join(char for char in code.lower() if char.isascii() and char.isalnum())


def _communes(here: Any, texts: set[str]) -> dict[str, Organisation]:
    keys = {search_key(text): text for text in texts}
    rows = here.filter(kind__in=COMMUNE_KINDS).filter(
        Q(code__in=texts) | Q(search_key__in=keys) | Q(short_name__in=texts)
    )
    found: dict[str, list[Organisation]] = {}
    for unit in rows:
        for text in {unit.code, keys.get(unit.search_key, ""), unit.short_name} & texts:
            found.setdefault(text, []).append(unit)
    return {text: units[0] for text, units in found.items() if len(units) == 1}


def _write(stage: Stage) -> Written:
    unit = {
        "id": "s.key",
        "kind": "'school'",
        "parent_id": "s.parent_id",
        "territory_id": "s.territory_id",
        "path": "s.own_path",
        "code": "s.school_code",
        "name": "s.name",
        "short_name": "coalesce(s.short_name, s.name)" if stage.has("short_name") else "s.name",
        "name_key": "s.name_key",
        "search_key": "s.search_key",
        "opened_on": "%(on)s",
        "latitude": "o.latitude",
        "longitude": "o.longitude",
    }
    place = "join registry_organisation o on o.id = s.territory_id"
    made = stage.insert(Organisation, unit, where="s.target is null", source=place)
    facts = {name: f"coalesce(s.{name}, '')" for name in _PLAIN if stage.has(name)}
    if "region" in facts:
        facts["region"] = "coalesce(s.region, 'delta')"
    new = {"organisation_id": "s.key", "levels": "array[s.level]", "managed_here_since": "%(on)s"}
    schools = stage.insert(School, facts | new, where="s.target is null")
    kept = {name: f"coalesce(s.{name}, t.{name})" for name in _PLAIN if stage.has(name)}
    keys = {Organisation._meta.db_table: made, School._meta.db_table: schools}
    return Written(len(made), stage.update(School, kept), 0, keys)


_PRESENT_SCHOOLS = f"""
select o.id as unit, o.code as school_code, o.name, o.short_name, t.code as commune,
  {", ".join(f"c.{name}" for name in _PLAIN)}
from registry_school c join registry_organisation o on o.id = c.organisation_id
join registry_organisation t on t.id = o.territory_id
where o.closed_on is null and o.path <@ %(scope)s::ltree
order by o.path
"""
SCHOOLS = Sheet(
    "schools",
    gettext_lazy("Trường"),
    Permission.UNITS_EDIT,
    (
        Column(
            "school_code",
            gettext_lazy("Mã trường"),
            required=True,
            headings=("ma", "ma don vi", "school code"),
            most=40,
        ),
        Column(
            "name",
            gettext_lazy("Tên trường"),
            required=True,
            headings=("ten don vi", "truong", "school name"),
            most=200,
        ),
        Column("short_name", gettext_lazy("Tên ngắn"), headings=("ten viet tat", "short name"), most=120),
        Column(
            "commune", gettext_lazy("Xã, phường, đặc khu"), required=True, headings=("xa phuong", "ma xa", "commune")
        ),
        column_of(_FIELDS["type"], "loai truong", "school type", type=CODE, required=True),
        column_of(_FIELDS["level"], "cap", "level", type=CHOICE, codes="", choices=tuple(Level.choices), required=True),
        column_of(_FIELDS["ownership"], "loai hinh", "ownership", required=True),
        *(
            column_of(_FIELDS[name], required=False)
            for name in ("region", "address", "phone", "email", "website", "connection")
        ),
    ),
    _resolve,
    _write,
    (Organisation, School),
    kind="school",
    types={"parent_id": "uuid", "territory_id": "uuid", "own_path": "ltree", "key": "uuid", "key_school": "uuid"},
    notes=(
        gettext_lazy("Trường đã có: chỉ cập nhật thông tin. Đổi tên, sáp nhập làm ở hồ sơ trường, theo quyết định."),
    ),
    order=1,
    present=_PRESENT_SCHOOLS,
)
