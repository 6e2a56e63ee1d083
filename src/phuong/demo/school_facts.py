"""Rows of schools: their organisations, aliases, campuses, and what is particular to a school."""

import datetime as dt
from typing import Any

import polars as pl

from phuong.demo.catalog import Catalogs, Commune
from phuong.demo.chance import Chance
from phuong.demo.organisations import Tree, commune_path, organisation
from phuong.demo.schools import TITLES, SchoolUnit
from phuong.kernel.text import search_key

_SHORT = {
    "preschool": "MN",
    "primary": "TH",
    "lower_secondary": "THCS",
    "primary_lower_secondary": "TH&THCS",
    "upper_secondary": "THPT",
    "specialised": "THPT chuyên",
    "lower_upper_secondary": "THCS&THPT",
    "multi_level": "TH-THCS-THPT",
    "continuing": "GDTX",
    "vocational_continuing": "GDNN-GDTX",
}
_LEVELS = {
    "preschool": ("nursery", "kindergarten"),
    "primary": ("primary",),
    "lower_secondary": ("lower_secondary",),
    "primary_lower_secondary": ("primary", "lower_secondary"),
    "upper_secondary": ("upper_secondary",),
    "specialised": ("upper_secondary",),
    "lower_upper_secondary": ("lower_secondary", "upper_secondary"),
    "multi_level": ("primary", "lower_secondary", "upper_secondary"),
    "continuing": ("continuing",),
    "vocational_continuing": ("continuing",),
}
_STANDARD = {"preschool": 0.70, "primary": 0.84, "lower_secondary": 0.78, "upper_secondary": 0.45, "continuing": 0.0}
_CAMPUS_SHARE = 0.06


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
    stands: dict[str, Any] = {
        "territory_id": territory,
        "latitude": round(commune.latitude + float(near[0]), 5),
        "longitude": round(commune.longitude + float(near[1]), 5),
        "opened_on": dt.date(1955 + int(chance.below(65, 1)[0]), 8, 15),
    }
    tail = school.name[len(TITLES[school.type]) + 1 :]
    tree.keys[school.path] = school.key
    tree.rows.append(
        organisation(
            school.key,
            "school",
            school.path,
            school.code,
            school.name,
            short_name=f"{_SHORT[school.type]} {tail}",
            parent_id=tree.keys[school.path.rpartition(".")[0]],
            **stands,
        )
    )
    tree.aliases.append(
        {
            "id": chance.key(),
            "organisation_id": school.key,
            "scheme": "moet",
            "code": school.code,
            "valid_from": None,
            "valid_to": None,
        }
    )
    if chance.happens(_CAMPUS_SHARE):
        code = f"{school.code}-2"
        stands["latitude"] += 0.006
        tree.rows.append(
            organisation(
                chance.key(),
                "campus",
                f"{school.path}.k2",
                code,
                f"{school.name} (điểm trường số 2)",
                parent_id=school.key,
                **stands,
            )
        )


def _school_row(chance: Chance, school: SchoolUnit, commune: Commune, today: dt.date) -> dict[str, Any]:
    slug = search_key(school.name).replace(" ", "").replace("&", "").replace(",", "")
    phone = f"0225{int(chance.below(9_000_000, 1)[0]) + 1_000_000}"
    return {
        "organisation_id": school.key,
        "type": school.type,
        "level": school.level,
        "levels": "{" + ",".join(_LEVELS[school.type]) + "}",
        "ownership": "private" if school.is_private else "public",
        "region": "island" if commune.kind == "special_zone" else "delta",
        "is_international": school.is_private and chance.happens(0.03),
        "address": f"Số {int(chance.below(200, 1)[0]) + 1}, {commune.name}, thành phố Hải Phòng",
        "phone": phone,
        "email": f"{slug}.{school.code}@haiphong.edu.vn",
        "website": f"{school.code}.haiphong.edu.vn",
        **_standing(chance, school, today),
        **_connection(chance, school, today),
        "managed_here_since": _managed_since(chance, school),
        "inventory_confirmed_on": _inventory(chance, school, today),
    }


def _standing(chance: Chance, school: SchoolUnit, today: dt.date) -> dict[str, Any]:
    dice = chance.uniform(3)
    share = min(0.98, 1 - (1 - _STANDARD[school.level]) * school.laxity) * (0.35 if school.is_private else 1.08)
    if dice[0] >= share:
        return {"standard_level": 0, "standard_until": None}
    months = int(dice[2] * 60) - (4 if school.laxity > 1 else 0)
    return {"standard_level": 1 + chance.happens(0.22), "standard_until": today + dt.timedelta(days=30 * months)}


def _connection(chance: Chance, school: SchoolUnit, today: dt.date) -> dict[str, Any]:
    dice = chance.uniform(4)
    undeclared, none = 0.02 * school.laxity, 0.01 * school.laxity
    if dice[0] < undeclared:
        return {"connection": "", "connection_mbps": None, "connection_checked_on": None}
    if dice[0] < undeclared + none:
        return {"connection": "none", "connection_mbps": None, "connection_checked_on": today - dt.timedelta(days=200)}
    kind, speeds = ("fiber", (100, 150, 200, 300, 500)) if chance.happens(0.94) else ("mobile", (20, 30, 50, 60, 80))
    return {
        "connection": kind,
        "connection_mbps": speeds[int(dice[2] * 5)],
        "connection_checked_on": today - dt.timedelta(days=int(dice[3] * 300)),
    }


def _managed_since(chance: Chance, school: SchoolUnit) -> dt.date | None:
    if chance.happens(0.05 * school.laxity):
        return None
    return dt.date(2025, 7, 1) if school.old_province == 30 else dt.date(2022, 9, 1)


def _inventory(chance: Chance, school: SchoolUnit, today: dt.date) -> dt.date | None:
    dice = chance.uniform(2)
    if dice[0] < 0.10 * school.laxity:
        return None
    days = 370 + 300 * dice[1] if dice[0] < 0.20 * school.laxity else 320 * dice[1]
    return today - dt.timedelta(days=int(days))
