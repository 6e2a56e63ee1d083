"""The official catalogs a demo draws on: communes, divisions, names, qualifications."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.apps import apps
from ruamel.yaml import YAML

PROVINCE = "31"


@dataclass(frozen=True)
class Former:
    """A commune before 1 July 2025. ``is_whole``: all of it went into the one new commune."""

    code: str
    name: str
    district: str
    province: str
    is_whole: bool


@dataclass(frozen=True)
class Commune:
    """A commune, ward or special zone of today. Position in degrees, area in km²."""

    code: str
    name: str
    short_name: str
    kind: str
    latitude: float
    longitude: float
    area_km2: float
    former: tuple[Former, ...]

    @property
    def old_province(self) -> str:
        """Name the province (code) of before 2025."""
        return self.former[0].province

    @property
    def district(self) -> str:
        """Name the former district that most of it belonged to."""
        names = [former.district for former in self.former]
        return max(sorted(set(names)), key=names.count)


@dataclass(frozen=True)
class Catalogs:
    """All catalogs of one province, read once."""

    folder: Path

    @cached_property
    def province(self) -> dict[str, Any]:
        """Give the province: ``code``, ``name``, ``short_name``, ``merged_from``, ``merged_on``."""
        return dict(self._communes["province"])

    @cached_property
    def merged_on(self) -> dt.date:
        """Give the day of the mergers."""
        day: dt.date = self.province["merged_on"]
        return day

    @cached_property
    def communes(self) -> tuple[Commune, ...]:
        """Give the communes in the order of their codes."""
        return tuple(_commune(row) for row in sorted(self._communes["communes"], key=lambda row: str(row["code"])))

    @cached_property
    def department(self) -> dict[str, Any]:
        """Give the department with its ``divisions``."""
        departments = self.read("divisions.yaml")["departments"]
        return dict(next(row for row in departments if row["province"] == PROVINCE))

    @cached_property
    def names(self) -> dict[str, Any]:
        """Give the catalog of names."""
        return dict(self.read("names.yaml"))

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Give the rank of each qualification level."""
        entries = self.read("lists/qualification_level.yaml")["entries"]
        return {row["code"]: int(row["attributes"]["rank"]) for row in entries}

    @cached_property
    def _communes(self) -> dict[str, Any]:
        return dict(self.read(f"communes-{PROVINCE}.yaml"))

    def read(self, name: str) -> Any:
        """Read one catalog file as plain data."""
        return YAML(typ="safe", pure=False).load((self.folder / name).read_text(encoding="utf-8"))


def catalogs() -> Catalogs:
    """Find the registry's catalogs."""
    return Catalogs(Path(apps.get_app_config("registry").path) / "catalog")


def _commune(row: dict[str, Any]) -> Commune:
    former = tuple(
        Former(str(old["code"]), old["name"], old["district"], str(old["province"]), not old["part"])
        for old in row["former"]
    )
    return Commune(
        str(row["code"]), row["name"], row["short_name"], row["kind"], row["lat"], row["lon"], row["area_km2"], former
    )
