"""The schools of the province: where each stands, what it teaches, and its rows."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from phuong.demo import defects, sizes
from phuong.demo.catalog import Catalogs, Commune
from phuong.demo.chance import Chance, Floats, Places, spread
from phuong.demo.organisations import DEPARTMENT_PATH, Tree, commune_path, organisation
from phuong.kernel.text import search_key

_DIGITS = {"preschool": 3, "primary": 4, "lower_secondary": 5, "upper_secondary": 7, "continuing": 9}
_TITLES = {
    "preschool": "Trường mầm non", "primary": "Trường tiểu học", "lower_secondary": "Trường THCS",
    "primary_lower_secondary": "Trường TH&THCS", "upper_secondary": "Trường THPT", "specialised": "Trường THPT chuyên",
    "lower_upper_secondary": "Trường THCS&THPT", "multi_level": "Trường TH, THCS & THPT",
    "continuing": "Trung tâm GDTX", "vocational_continuing": "Trung tâm GDNN-GDTX",
}
_SHORT = {"preschool": "MN", "primary": "TH", "lower_secondary": "THCS", "primary_lower_secondary": "TH&THCS",
          "upper_secondary": "THPT", "specialised": "THPT chuyên", "lower_upper_secondary": "THCS&THPT",
          "multi_level": "TH-THCS-THPT", "continuing": "GDTX", "vocational_continuing": "GDNN-GDTX"}
_LEVELS = {
    "preschool": ("nursery", "kindergarten"), "primary": ("primary",), "lower_secondary": ("lower_secondary",),
    "primary_lower_secondary": ("primary", "lower_secondary"), "upper_secondary": ("upper_secondary",),
    "specialised": ("upper_secondary",), "lower_upper_secondary": ("lower_secondary", "upper_secondary"),
    "multi_level": ("primary", "lower_secondary", "upper_secondary"), "continuing": ("continuing",),
    "vocational_continuing": ("continuing",),
}
_UNDER_DEPARTMENT = ("upper_secondary", "continuing")
_STANDARD = {"preschool": 0.70, "primary": 0.84, "lower_secondary": 0.78, "upper_secondary": 0.45, "continuing": 0.0}
_CAMPUS_SHARE = 0.06


@dataclass(frozen=True)
class SchoolUnit:
    """One school as other makers need it. ``commune``: place in the catalog; ``laxity``: see ``defects``."""

    key: str
    path: str
    code: str
    name: str
    level: str
    type: str
    is_private: bool
    learners: int
    commune: int
    old_province: int
    laxity: float


def plan(
    catalog: Catalogs, chance: Chance, tree: Tree, *, learners: int, schools: int | None
) -> tuple[SchoolUnit, ...]:
    """Lay out all schools, in the order of communes."""
    weights = sizes.commune_weights(catalog.communes)
    laxity = defects.laxity_of_communes(chance, len(weights))
    namer = _Namer(catalog, chance)
    by_level = spread(learners, np.array([shape.share for shape in sizes.SHAPES]))
    made: list[SchoolUnit] = []
    for shape, number, total in zip(sizes.SHAPES, sizes.counts(learners, schools), by_level, strict=True):
        where = sizes.place(number, weights)
        each = sizes.sizes(chance, shape, where, weights, int(total))
        lax = defects.laxity_of_schools(chance, laxity[where])
        made += _of_level(chance, tree, namer, catalog.communes, shape, where, each, lax)
    return tuple(sorted(made, key=lambda school: (catalog.communes[school.commune].code, school.code)))


def _of_level(  # noqa: PLR0913 - the columns of one level
    chance: Chance, tree: Tree, namer: "_Namer", communes: tuple[Commune, ...], shape: sizes.LevelShape,
    where: Places, each: Places, laxity: Floats,
) -> list[SchoolUnit]:
    private = np.zeros(len(where), dtype=bool)
    private[chance.order(len(where))[: round(shape.private * len(where))]] = True
    made = []
    for place, commune_place in enumerate(where):
        commune = communes[commune_place]
        kind = _type(chance, shape.level, place, is_private=bool(private[place]))
        under_department = shape.level in _UNDER_DEPARTMENT
        code = namer.code(commune, shape.level)
        above = DEPARTMENT_PATH if under_department else commune_path(commune)
        made.append(
            SchoolUnit(
                chance.key(), f"{above}.s{code}", code, namer.name(commune, kind), shape.level, kind,
                bool(private[place]), int(each[place]), int(commune_place), int(commune.old_province),
                float(laxity[place]),
            )
        )
    return made


def _type(chance: Chance, level: str, place: int, *, is_private: bool) -> str:
    dice = float(chance.uniform(1)[0])
    if level == "lower_secondary":
        return "primary_lower_secondary" if dice < 0.05 else level
    if level == "upper_secondary":
        if place < 2 and not is_private:
            return "specialised" if dice < 0.5 else level
        if is_private and dice < 0.3:
            return "multi_level" if dice < 0.15 else "lower_upper_secondary"
        return level
    if level == "continuing":
        return level if place == 0 else "vocational_continuing"
    return level


class _Namer:
    """Gives each school a name not borne twice in its commune, and a code not borne twice at all."""

    def __init__(self, catalog: Catalogs, chance: Chance) -> None:
        names = catalog.names["school_names"]
        self._people = [*names["people"], *names["places"]]
        self._flowers = list(catalog.names["kindergarten_names"])
        self._chance = chance
        self._taken: set[tuple[str, str]] = set()
        self._serials: dict[str, int] = {}
        self._districts = {name: number for number, name in enumerate(sorted({c.district for c in catalog.communes}))}

    def name(self, commune: Commune, kind: str) -> str:
        """Name a school after its commune first, then after people, places or flowers."""
        options = [commune.short_name, f"{commune.short_name} 2"]
        pool = self._flowers if kind == "preschool" else self._people
        options += [pool[place] for place in self._chance.below(len(pool), 12)]
        options += [f"{commune.short_name} {number}" for number in range(3, 40)]
        chosen = next(option for option in options if (commune.code + kind, option) not in self._taken)
        self._taken.add((commune.code + kind, chosen))
        return f"{_TITLES[kind]} {chosen}"

    def code(self, commune: Commune, level: str) -> str:
        """Number a school: province (2), former district (3), level digit and serial (3)."""
        head = f"{commune.old_province}{301 + self._districts[commune.district]}{_DIGITS[level]}"
        self._serials[head] = self._serials.get(head, 0) + 1
        if self._serials[head] > 99:  # noqa: PLR2004 - two digits are left for the serial
            head = f"{commune.old_province}{601 + self._districts[commune.district]}{_DIGITS[level]}"
            self._serials[head] = self._serials.get(head, 0) + 1
        return f"{head}{self._serials[head]:02d}"


def write(
    catalog: Catalogs, chance: Chance, tree: Tree, schools: tuple[SchoolUnit, ...], *, today: dt.date
) -> pl.DataFrame:
    """Add the schools' rows to the tree, and give the rows of ``School``."""
    rows = []
    for school in schools:
        commune = catalog.communes[school.commune]
        _organisation_rows(tree, chance, school, commune)
        rows.append(_school_row(chance, school, commune, today))
    return pl.DataFrame(rows, infer_schema_length=None)


def _organisation_rows(tree: Tree, chance: Chance, school: SchoolUnit, commune: Commune) -> None:
    territory = tree.keys[commune_path(commune)]
    near = chance.normal(2) * 0.01 * min(2.0, commune.area_km2**0.5 / 4)
    stands = {
        "territory_id": territory,
        "latitude": round(commune.latitude + float(near[0]), 5),
        "longitude": round(commune.longitude + float(near[1]), 5),
        "opened_on": dt.date(1955 + int(chance.below(65, 1)[0]), 8, 15),
    }
    tail = school.name[len(_TITLES[school.type]) + 1 :]
    tree.keys[school.path] = school.key
    tree.rows.append(
        organisation(
            school.key, "school", school.path, school.code, school.name,
            short_name=f"{_SHORT[school.type]} {tail}", parent_id=tree.keys[school.path.rpartition(".")[0]], **stands,
        )
    )
    tree.aliases.append(
        {"id": chance.key(), "organisation_id": school.key, "scheme": "moet", "code": school.code,
         "valid_from": None, "valid_to": None}
    )
    if float(chance.uniform(1)[0]) < _CAMPUS_SHARE:
        code = f"{school.code}-2"
        stands["latitude"] += 0.006
        tree.rows.append(
            organisation(
                chance.key(), "campus", f"{school.path}.k2", code, f"{school.name} (điểm trường số 2)",
                parent_id=school.key, **stands,
            )
        )


def _school_row(chance: Chance, school: SchoolUnit, commune: Commune, today: dt.date) -> dict[str, Any]:
    slug = search_key(school.name).replace(" ", "").replace("&", "").replace(",", "")
    phone = f"0225{int(chance.below(9_000_000, 1)[0]) + 1_000_000}"
    return {
        "organisation_id": school.key, "type": school.type, "level": school.level,
        "levels": "{" + ",".join(_LEVELS[school.type]) + "}",
        "ownership": "private" if school.is_private else "public",
        "region": "island" if commune.kind == "special_zone" else "delta",
        "is_international": school.is_private and float(chance.uniform(1)[0]) < 0.03,
        "address": f"Số {int(chance.below(200, 1)[0]) + 1}, {commune.name}, thành phố Hải Phòng",
        "phone": phone, "email": f"{slug}.{school.code}@haiphong.edu.vn",
        "website": f"{school.code}.haiphong.edu.vn",
        **_standing(chance, school, today), **_connection(chance, school, today),
        "managed_here_since": _managed_since(chance, school),
        "inventory_confirmed_on": _inventory(chance, school, today),
    }


def _standing(chance: Chance, school: SchoolUnit, today: dt.date) -> dict[str, Any]:
    dice = chance.uniform(3)
    share = min(0.98, 1 - (1 - _STANDARD[school.level]) * school.laxity) * (0.35 if school.is_private else 1.08)
    if dice[0] >= share:
        return {"standard_level": 0, "standard_until": None}
    months = int(dice[2] * 60) - (4 if school.laxity > 1 else 0)
    return {"standard_level": 2 if dice[1] < 0.22 else 1, "standard_until": today + dt.timedelta(days=30 * months)}


def _connection(chance: Chance, school: SchoolUnit, today: dt.date) -> dict[str, Any]:
    dice = chance.uniform(4)
    undeclared, none = 0.02 * school.laxity, 0.01 * school.laxity
    if dice[0] < undeclared:
        return {"connection": "", "connection_mbps": None, "connection_checked_on": None}
    if dice[0] < undeclared + none:
        return {"connection": "none", "connection_mbps": None, "connection_checked_on": today - dt.timedelta(days=200)}
    kind, speeds = ("fiber", (100, 150, 200, 300, 500)) if dice[1] < 0.94 else ("mobile", (20, 30, 50, 60, 80))
    return {
        "connection": kind, "connection_mbps": speeds[int(dice[2] * 5)],
        "connection_checked_on": today - dt.timedelta(days=int(dice[3] * 300)),
    }


def _managed_since(chance: Chance, school: SchoolUnit) -> dt.date | None:
    if float(chance.uniform(1)[0]) < 0.05 * school.laxity:
        return None
    return dt.date(2025, 7, 1) if school.old_province == 30 else dt.date(2022, 9, 1)  # noqa: PLR2004 - former province


def _inventory(chance: Chance, school: SchoolUnit, today: dt.date) -> dt.date | None:
    dice = chance.uniform(2)
    if dice[0] < 0.10 * school.laxity:
        return None
    days = 370 + 300 * dice[1] if dice[0] < 0.20 * school.laxity else 320 * dice[1]
    return today - dt.timedelta(days=int(days))
