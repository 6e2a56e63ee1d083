"""Buildings, rooms and the equipment in them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from phuong.demo import defects
from phuong.demo.chance import Chance, Flags, Places, blanked, dates
from phuong.demo.classes import Classes
from phuong.demo.schools import SchoolUnit


@dataclass(frozen=True)
class Special:
    """A room besides the classrooms. ``shares``: of schools that have one, by level; ``per``: classes to one room."""

    kind: str
    title: str
    shares: dict[str, float]
    area: int
    per: int = 1000
    equipment: tuple[tuple[str, int, int], ...] = ()  # kind, least and most pieces


_PRESCHOOL, _PRIMARY, _LOWER, _UPPER, _CONTINUING = (
    "preschool",
    "primary",
    "lower_secondary",
    "upper_secondary",
    "continuing",
)
_COMPUTERS = (("computer", 18, 42), ("network", 1, 2))
SPECIALS = (
    Special(
        "computer_room",
        "Phòng máy tính",
        {_PRIMARY: 0.94, _LOWER: 0.96, _UPPER: 1, _CONTINUING: 0.9},
        56,
        22,
        _COMPUTERS,
    ),
    Special(
        "language_room",
        "Phòng ngoại ngữ",
        {_PRIMARY: 0.5, _LOWER: 0.62, _UPPER: 0.8},
        52,
        1000,
        (("audio", 1, 2), ("television", 1, 1)),
    ),
    Special(
        "laboratory", "Phòng thí nghiệm", {_LOWER: 0.88, _UPPER: 0.97, _CONTINUING: 0.4}, 60, 14, (("lab_set", 4, 24),)
    ),
    Special(
        "stem_room",
        "Phòng STEM",
        {_PRIMARY: 0.12, _LOWER: 0.2, _UPPER: 0.34},
        60,
        1000,
        (("stem_kit", 2, 12), ("robot_kit", 1, 8), ("printer_3d", 1, 2)),
    ),
    Special(
        "smart_classroom",
        "Phòng học thông minh",
        {_PRESCHOOL: 0.08, _PRIMARY: 0.3, _LOWER: 0.28, _UPPER: 0.42},
        60,
        1000,
        (("interactive_board", 1, 1), ("tablet", 15, 40)),
    ),
    Special(
        "studio",
        "Phòng studio",
        {_PRIMARY: 0.1, _LOWER: 0.16, _UPPER: 0.34, _CONTINUING: 0.1},
        36,
        1000,
        (("camera", 1, 3), ("conference", 1, 1)),
    ),
    Special(
        "music_room",
        "Phòng âm nhạc",
        {_PRESCHOOL: 0.8, _PRIMARY: 0.66, _LOWER: 0.6, _UPPER: 0.2},
        56,
        1000,
        (("music_set", 1, 3),),
    ),
    Special(
        "library",
        "Thư viện",
        {_PRESCHOOL: 0.4, _PRIMARY: 0.98, _LOWER: 0.98, _UPPER: 1, _CONTINUING: 0.7},
        90,
        1000,
        (("computer", 1, 6),),
    ),
    Special("gym", "Nhà đa năng", {_PRIMARY: 0.3, _LOWER: 0.36, _UPPER: 0.68}, 400, 1000, (("sport_set", 2, 8),)),
    Special("counselling", "Phòng tư vấn học đường", {_PRIMARY: 0.4, _LOWER: 0.5, _UPPER: 0.75}, 20),
    Special(
        "office",
        "Phòng hành chính",
        dict.fromkeys((_PRESCHOOL, _PRIMARY, _LOWER, _UPPER, _CONTINUING), 1.0),
        24,
        1000,
        (("computer", 2, 8), ("printer", 1, 4)),
    ),
    Special("medical", "Phòng y tế", {_PRESCHOOL: 0.9, _PRIMARY: 0.9, _LOWER: 0.85, _UPPER: 0.95}, 24),
    Special("kitchen", "Nhà bếp", {_PRESCHOOL: 0.97, _PRIMARY: 0.35}, 80),
)
_SCREENS = ("television", "projector", "interactive_board")


@dataclass
class _Plan:
    """Rooms as columns while they are collected."""

    school: list[int] = field(default_factory=list)
    building: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    area: list[int] = field(default_factory=list)
    special: list[int] = field(default_factory=list)  # place in SPECIALS, -1 for a classroom

    def add(self, school: int, building: int, name: str, kind: str, area: int, special: int = -1) -> None:
        """Add one room."""
        self.school.append(school)
        self.building.append(building)
        self.name.append(name)
        self.kind.append(kind)
        self.area.append(area)
        self.special.append(special)


def build(
    chance: Chance, schools: tuple[SchoolUnit, ...], classes: Classes, *, today: dt.date
) -> dict[str, pl.DataFrame]:
    """Write the rows of ``Building``, ``Room`` and ``Equipment``."""
    class_count = np.bincount(classes.school, minlength=len(schools))
    buildings = _buildings(chance, schools, class_count, today)
    plan = _Plan()
    first = 0
    for place, school in enumerate(schools):
        houses = _houses(int(class_count[place]))
        _plan_rooms(chance, plan, school, place, int(class_count[place]), range(first, first + houses))
        first += houses
    rooms = _rooms(chance, plan, schools, buildings)
    return {
        "facilities.Building": buildings,
        "facilities.Room": rooms,
        "facilities.Equipment": _equipment(chance, plan, schools, rooms, today),
    }


def _houses(classes: int) -> int:
    return 1 + (classes > 10) + (classes > 22)


def _buildings(chance: Chance, schools: tuple[SchoolUnit, ...], class_count: Places, today: dt.date) -> pl.DataFrame:
    owner = [place for place, count in enumerate(class_count) for _ in range(_houses(int(count)))]
    number = [one for count in class_count for one in range(_houses(int(count)))]
    lax = np.array([schools[place].laxity for place in owner])
    semi = chance.flags(defects.rate(0.04, lax), len(owner))
    return pl.DataFrame(
        {
            "id": chance.keys(len(owner)),
            "organisation_id": [schools[place].key for place in owner],
            "name": [f"Nhà {chr(65 + one)}" for one in number],
            "construction": blanked(pl.repeat("solid", len(owner), eager=True), semi, "semi_solid"),
            "built_in": pl.Series(chance.between(1985, today.year - 1, len(owner))).cast(pl.Int16),
        }
    )


def _plan_rooms(chance: Chance, plan: _Plan, school: SchoolUnit, place: int, classes: int, buildings: range) -> None:
    rooms = max(1, round(classes * float(0.94 + 0.14 * chance.uniform(1)[0])))
    kind, title = ("group_room", "Phòng nhóm") if school.level == _PRESCHOOL else ("classroom", "Phòng học")
    for number in range(rooms):
        house = number * len(buildings) // rooms
        name = f"{title} {chr(65 + house)}{100 * (1 + number % 3) + 1 + number // 3}"
        plan.add(place, buildings[house], name, kind, 48 + 6 * (number % 3))
    dice = chance.uniform(len(SPECIALS))
    for which, special in enumerate(SPECIALS):
        has = dice[which] < special.shares.get(school.level, 0) * min(1.0, 1.3 - 0.25 * school.laxity)
        for number in range(int(has) * (1 + classes // special.per)):
            name = special.title if number == 0 else f"{special.title} {number + 1}"
            plan.add(place, buildings[-1], name, special.kind, special.area, which)


def _rooms(chance: Chance, plan: _Plan, schools: tuple[SchoolUnit, ...], buildings: pl.DataFrame) -> pl.DataFrame:
    size = len(plan.school)
    lax = np.array([schools[place].laxity for place in plan.school])
    offline = chance.flags(defects.rate(0.12, lax), size)
    undeclared = chance.flags(defects.rate(0.02, lax), size)
    construction = buildings["construction"].gather(plan.building)
    temporary = chance.flags(defects.rate(0.004, lax), size)
    seats = pl.Series(np.where(np.array(plan.special) < 0, 24 + 2 * chance.below(12, size), 0)).cast(pl.Int16)
    return pl.DataFrame(
        {
            "id": chance.keys(size),
            "organisation_id": [schools[place].key for place in plan.school],
            "building_id": buildings["id"].gather(plan.building),
            "name": plan.name,
            "kind": plan.kind,
            "construction": blanked(construction, temporary, "temporary"),
            "level": [schools[place].level for place in plan.school],
            "area_m2": blanked(pl.Series(plan.area, dtype=pl.Int16), chance.flags(defects.rate(0.04, lax), size)),
            "seats": seats.replace(0, None),
            "has_internet": blanked(pl.Series(~offline), undeclared),
            "in_use": ~chance.flags(0.012, size),
        }
    )


def _equipment(
    chance: Chance, plan: _Plan, schools: tuple[SchoolUnit, ...], rooms: pl.DataFrame, today: dt.date
) -> pl.DataFrame:
    size = len(plan.school)
    special = np.array(plan.special)
    lax = np.array([schools[place].laxity for place in plan.school])
    screened = np.flatnonzero((special < 0) & ~chance.flags(defects.rate(0.25, lax), size))
    parts = [_pieces(chance, screened, chance.pick(_SCREENS, (0.6, 0.25, 0.15), len(screened)), (1, 1))]
    for which, one in enumerate(SPECIALS):
        here = np.flatnonzero(special == which)
        for kind, least, most in one.equipment:
            parts.append(_pieces(chance, here, pl.repeat(kind, len(here), eager=True), (least, most)))
    found = pl.concat(parts)
    room = found["place"]
    in_rooms = pl.DataFrame(
        {"organisation_id": rooms["organisation_id"].gather(room), "room_id": rooms["id"].gather(room)}
    ).hstack(found.drop("place"))
    everything = pl.concat([in_rooms, _in_store(chance, schools)])
    count = len(everything)
    bought = chance.days(dt.date(today.year - 9, 1, 1), today, count)
    codes = pl.select(pl.format("TS{}", pl.Series(chance.below(9_000_000, count) + 1_000_000))).to_series()
    return everything.with_columns(
        id=chance.keys(count),
        acquired_on=blanked(dates(bought), chance.flags(0.05, count)),
        asset_code=blanked(codes, chance.flags(0.1, count), ""),
    )


def _pieces(chance: Chance, place: Places, kind: pl.Series, span: tuple[int, int]) -> pl.DataFrame:
    size = len(place)
    quantity = chance.between(span[0], span[1], size)
    broken: Flags = chance.flags(0.06, size)
    lost = np.minimum(quantity, np.where(broken, np.maximum(1, quantity // 6), 0))
    numbers: dict[str, Any] = {
        name: pl.Series(values).cast(pl.Int16)
        for name, values in (("quantity", quantity), ("working", quantity - lost))
    }
    return pl.DataFrame({"place": pl.Series(place, dtype=pl.Int64), "kind": kind, **numbers})


def _in_store(chance: Chance, schools: tuple[SchoolUnit, ...]) -> pl.DataFrame:
    """Give what belongs to the school as a whole: laptops, cameras at the gate, minimum teaching sets."""
    kinds = ("laptop", "security_camera", "minimum_set")
    place = np.repeat(np.arange(len(schools)), len(kinds))
    rows = _pieces(chance, place, pl.Series(kinds * len(schools)), (2, 24))
    keys = pl.Series([school.key for school in schools]).gather(place)
    rooms = pl.repeat(None, len(place), dtype=pl.String, eager=True)
    return pl.DataFrame({"organisation_id": keys, "room_id": rooms}).hstack(rows.drop("place"))
