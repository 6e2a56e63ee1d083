"""Classes of a group of schools: how many, how large, of which grade."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from phuong.demo import defects
from phuong.demo.chance import Chance, Places, spread
from phuong.demo.schools import SchoolUnit
from phuong.kernel.text import vi_key

_FEWEST = 6  # a grade with fewer learners is not opened: they join the next one


@dataclass(frozen=True)
class Cell:
    """Learners of one grade or age group. ``age``: of most of them, in calendar years; ``size``: of a usual class."""

    level: str
    grade: int
    age_group: str
    share: float
    age: int
    size: int


CELLS = (
    Cell("nursery", 0, "3-12m", 0.01, 0, 14),
    Cell("nursery", 0, "13-24m", 0.05, 1, 20),
    Cell("nursery", 0, "25-36m", 0.12, 2, 24),
    Cell("kindergarten", 0, "3-4y", 0.24, 3, 24),
    Cell("kindergarten", 0, "4-5y", 0.28, 4, 28),
    Cell("kindergarten", 0, "5-6y", 0.30, 5, 32),
    *(Cell("primary", grade, "", 0.2, grade + 5, 33) for grade in range(1, 6)),
    *(Cell("lower_secondary", grade, "", 0.25, grade + 5, 41) for grade in range(6, 10)),
    *(Cell("upper_secondary", grade, "", 0.33, grade + 5, 43) for grade in range(10, 13)),
    *(Cell("continuing", grade, "", 0.33, grade + 6, 38) for grade in range(10, 13)),
)
_OF_TYPE = {
    "preschool": ("nursery", "kindergarten"),
    "primary_lower_secondary": ("primary", "lower_secondary"),
    "lower_upper_secondary": ("lower_secondary", "upper_secondary"),
    "specialised": ("upper_secondary",),
    "multi_level": ("primary", "lower_secondary", "upper_secondary"),
    "vocational_continuing": ("continuing",),
}
_AGE_NAMES = {
    "3-12m": "Nhà trẻ 3-12 tháng",
    "13-24m": "Nhà trẻ 13-24 tháng",
    "25-36m": "Nhà trẻ 25-36 tháng",
    "3-4y": "Mẫu giáo 3 tuổi",
    "4-5y": "Mẫu giáo 4 tuổi",
    "5-6y": "Mẫu giáo 5 tuổi",
}
_TWO_SESSIONS = {"primary": 0.93, "lower_secondary": 0.3, "upper_secondary": 0.2, "continuing": 0.0}


@dataclass(frozen=True)
class Classes:
    """Classes as columns. ``school``: place in the group of schools; ``number``: 0, 1, … within the school."""

    ids: pl.Series
    school: Places
    cell: Places
    number: Places
    size: Places


def form(chance: Chance, schools: tuple[SchoolUnit, ...]) -> Classes:
    """Split the learners of each school into classes; their sizes add up to the school's learners."""
    school: list[int] = []
    cell: list[int] = []
    number: list[int] = []
    size: list[int] = []
    for place, unit in enumerate(schools):
        fill = float(np.exp(0.08 * chance.normal(1)[0] + 0.05 * (unit.laxity - 1)))
        count = 0
        for which, learners in _grades(unit):
            parts = max(1, math.floor(learners / (CELLS[which].size * fill) + 0.6))
            school += [place] * parts
            cell += [which] * parts
            number += range(count, count + parts)
            size += [learners // parts + (part < learners % parts) for part in range(parts)]
            count += parts
    return Classes(chance.keys(len(size)), np.array(school), np.array(cell), np.array(number), np.array(size))


def _grades(unit: SchoolUnit) -> list[tuple[int, int]]:
    """Give ``(place of the cell, learners)`` for the grades a school opens."""
    levels = _OF_TYPE.get(unit.type, (unit.level,))
    cells = [place for place, cell in enumerate(CELLS) if cell.level in levels]
    counts = spread(unit.learners, np.array([CELLS[place].share for place in cells]))
    opened, waiting = [], 0
    for place, learners in zip(cells, counts.tolist(), strict=True):
        waiting += learners
        if waiting >= _FEWEST or place == cells[-1]:
            opened.append((place, waiting))
            waiting = 0
    return [(place, learners) for place, learners in opened if learners]


def rows(
    chance: Chance, classes: Classes, schools: tuple[SchoolUnit, ...], homeroom: pl.Series, *, school_year: int
) -> pl.DataFrame:
    """Write the rows of ``ClassGroup``. ``homeroom``: key of the homeroom teacher of each class."""
    cells = [CELLS[place] for place in classes.cell]
    names = _names(classes)
    units = [schools[place] for place in classes.school]
    lax = np.array([unit.laxity for unit in units])
    full_days = np.array([_TWO_SESSIONS.get(cell.level, 1.0) for cell in cells])
    one_session = np.where(full_days > 0.5, defects.rate(1 - full_days, lax), 1 - full_days)
    return pl.DataFrame(
        {
            "id": classes.ids,
            "organisation_id": [unit.key for unit in units],
            "school_year": pl.repeat(school_year, len(cells), dtype=pl.Int16, eager=True),
            "level": [cell.level for cell in cells],
            "age_group": [cell.age_group for cell in cells],
            "grade": pl.Series([cell.grade for cell in cells], dtype=pl.Int16),
            "name": names,
            "name_key": [_key(name) for name in names],
            "kind": ["specialised" if unit.type == "specialised" else "single" for unit in units],
            "two_sessions": ~chance.flags(one_session, len(cells)),
            "homeroom_id": homeroom,
        }
    )


def _names(classes: Classes) -> list[str]:
    names, parallel, before = [], 0, (-1, -1)
    for school, place in zip(classes.school.tolist(), classes.cell.tolist(), strict=True):
        parallel = parallel + 1 if (school, place) == before else 1
        before = (school, place)
        cell = CELLS[place]
        if cell.age_group:
            names.append(f"{_AGE_NAMES[cell.age_group]} {_letter(parallel)}")
        else:
            names.append(f"{cell.grade}A{parallel}")
    return names


def _letter(parallel: int) -> str:
    return chr(64 + parallel) if parallel <= 26 else f"A{parallel}"


@cache
def _key(name: str) -> str:
    return vi_key(name)
