"""Rows of the tree above the schools: country, province, department, communes, and the units of before the mergers."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from phuong.demo.catalog import PROVINCE, Catalogs, Commune, Former
from phuong.demo.chance import Chance
from phuong.kernel.text import search_key, vi_key

PROVINCE_PATH = f"vn.p{PROVINCE}"
DEPARTMENT_PATH = f"{PROVINCE_PATH}.sgd"
_FOUNDED = dt.date(1955, 5, 13)
_DECISION = "Nghị quyết 1669/NQ-UBTVQH15"
_DAY = dt.timedelta(days=1)


@dataclass
class Tree:
    """Rows of organisations made so far, and the keys that schools hang on."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    aliases: list[dict[str, Any]] = field(default_factory=list)
    lineage: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  # path: key

    def frames(self) -> dict[str, pl.DataFrame]:
        """Give the rows as tables."""
        made = {
            "registry.Organisation": self.rows,
            "registry.OrganisationAlias": self.aliases,
            "registry.Lineage": self.lineage,
        }
        return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in made.items() if rows}


def organisation(key: str, kind: str, path: str, code: str, name: str, **more: Any) -> dict[str, Any]:
    """Make one row of ``Organisation``; what ``more`` leaves out is empty."""
    return {
        "id": key,
        "kind": kind,
        "parent_id": None,
        "territory_id": None,
        "path": path,
        "code": code,
        "name": name,
        "short_name": name,
        "name_key": vi_key(name),
        "search_key": search_key(name),
        "opened_on": None,
        "closed_on": None,
        "latitude": None,
        "longitude": None,
        **more,
    }


def grow(catalog: Catalogs, chance: Chance) -> Tree:
    """Make the tree of one province down to the communes."""
    tree = Tree()
    _add(tree, chance, "country", "vn", "VN", "Việt Nam")
    province = catalog.province
    _add(
        tree,
        chance,
        "province",
        PROVINCE_PATH,
        PROVINCE,
        province["name"],
        short_name=province["short_name"],
        opened_on=_FOUNDED,
    )
    _department(tree, chance, catalog)
    for commune in catalog.communes:
        _commune(tree, chance, commune, catalog.merged_on)
    _former_provinces(tree, chance, catalog)
    _former_communes(tree, chance, catalog)
    return tree


def _add(tree: Tree, chance: Chance, kind: str, path: str, code: str, name: str, **more: Any) -> str:
    key = chance.key()
    tree.keys[path] = key
    parent = tree.keys.get(path.rpartition(".")[0])
    tree.rows.append(organisation(key, kind, path, code, name, **{"parent_id": parent, **more}))
    return key


def _department(tree: Tree, chance: Chance, catalog: Catalogs) -> None:
    department = catalog.department
    province = tree.keys[PROVINCE_PATH]
    _add(
        tree,
        chance,
        "department",
        DEPARTMENT_PATH,
        department["code"],
        department["name"],
        short_name=department["short_name"],
        territory_id=province,
        opened_on=_FOUNDED,
    )
    for division in department["divisions"]:
        retired = {"closed_on": catalog.merged_on - _DAY} if division.get("retired") else {}
        _add(
            tree,
            chance,
            "division",
            f"{DEPARTMENT_PATH}.{division['code'].lower()}",
            division["code"],
            division["name"],
            territory_id=province,
            opened_on=_FOUNDED,
            **retired,
        )


def _commune(tree: Tree, chance: Chance, commune: Commune, opened: dt.date) -> None:
    _add(
        tree,
        chance,
        commune.kind,
        commune_path(commune),
        commune.code,
        commune.name,
        short_name=commune.short_name,
        opened_on=opened,
        latitude=commune.latitude,
        longitude=commune.longitude,
    )


def commune_path(commune: Commune) -> str:
    """Give a commune's place in the tree."""
    return f"{PROVINCE_PATH}.c{commune.code}"


def _former_provinces(tree: Tree, chance: Chance, catalog: Catalogs) -> None:
    closed = catalog.merged_on - _DAY
    for old in catalog.province["merged_from"]:
        key = _add(
            tree,
            chance,
            "province",
            f"vn.o{old['code']}",
            str(old["code"]),
            old["name"],
            parent_id=tree.keys["vn"],
            opened_on=dt.date(1997, 1, 1),
            closed_on=closed,
        )
        _became(tree, chance, key, tree.keys[PROVINCE_PATH], catalog.merged_on, whole=True)


def _former_communes(tree: Tree, chance: Chance, catalog: Catalogs) -> None:
    for commune in catalog.communes:
        for old in commune.former:
            path = f"{PROVINCE_PATH}.o{old.code}"
            if path not in tree.keys:
                _former_commune(tree, chance, path, old, catalog.merged_on - _DAY)
            after = tree.keys[commune_path(commune)]
            _became(tree, chance, tree.keys[path], after, catalog.merged_on, whole=old.is_whole)


def _former_commune(tree: Tree, chance: Chance, path: str, old: Former, closed: dt.date) -> None:
    kind = "ward" if old.name.startswith("Phường") else "commune"
    key = _add(
        tree,
        chance,
        kind,
        path,
        old.code,
        old.name,
        short_name=f"{old.name}, {old.district}",
        parent_id=tree.keys[f"vn.o{old.province}"],
        closed_on=closed,
    )
    tree.aliases.append(
        {
            "id": chance.key(),
            "organisation_id": key,
            "scheme": "gso",
            "code": old.code,
            "valid_from": None,
            "valid_to": closed,
        }
    )


def _became(tree: Tree, chance: Chance, before: str, after: str, on: dt.date, *, whole: bool) -> None:
    tree.lineage.append(
        {
            "id": chance.key(),
            "before_id": before,
            "after_id": after,
            "kind": "merge",
            "is_whole": whole,
            "on": on,
            "decision": _DECISION,
        }
    )
