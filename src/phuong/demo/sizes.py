"""How many schools there are of each level, where they stand, and how many learners each has."""

import zlib
from dataclasses import dataclass

import numpy as np

from phuong.demo.catalog import Commune
from phuong.demo.chance import Chance, Floats, Places, spread

_WHOLE_PROVINCE = 1_050_000  # learners that the numbers of schools below go with
_SMALLEST_WEIGHT = 0.02
_FAR_ISLAND_KM2 = 4


@dataclass(frozen=True)
class LevelShape:
    """The proportions of one level. ``schools``: in the whole province; ``share``: of all learners."""

    level: str
    schools: int
    share: float
    private: float
    spread: float  # standard deviation of the logarithm of a school's size


SHAPES = (  # Source: counts of schools and of public schools of Hải Phòng after the merger (docs/domain, scale)
    LevelShape("preschool", 596, 0.24, 0.22, 0.35),
    LevelShape("primary", 437, 0.36, 0.01, 0.35),
    LevelShape("lower_secondary", 426, 0.25, 0.01, 0.35),
    LevelShape("upper_secondary", 129, 0.13, 0.36, 0.30),
    LevelShape("continuing", 20, 0.02, 0.0, 0.30),
)


def commune_weights(communes: tuple[Commune, ...]) -> Floats:
    """Give each commune a plausible share of the population; the same for every seed."""
    weights = []
    for commune in communes:
        luck = (zlib.crc32(commune.code.encode()) % 1000) / 1000
        base = {"ward": 1.25, "commune": 0.85, "special_zone": 0.45}[commune.kind]
        weight = base * (0.6 + 1.1 * luck**1.6)
        weights.append(
            _SMALLEST_WEIGHT if commune.area_km2 < _FAR_ISLAND_KM2 and commune.kind == "special_zone" else weight
        )
    return np.array(weights)


def counts(learners: int, schools: int | None) -> list[int]:
    """Give the number of schools of each level; every level is there."""
    scale = learners / _WHOLE_PROVINCE if schools is None else schools / sum(shape.schools for shape in SHAPES)
    return [max(1, min(round(shape.schools * scale + 0.4), shape.schools * 2)) for shape in SHAPES]


def place(number: int, weights: Floats) -> Places:
    """Place schools in communes (Sainte-Laguë): the next school goes where a school would serve the most people."""
    seats = np.zeros(len(weights))
    chosen = np.empty(number, dtype=np.int64)
    for step in range(number):
        best = int(np.argmax(weights / (2 * seats + 1)))
        seats[best] += 1
        chosen[step] = best
    return np.sort(chosen)


def sizes(chance: Chance, shape: LevelShape, where: Places, weights: Floats, learners: int) -> Places:
    """Split the learners of one level over its schools; the parts add up to ``learners``."""
    here = weights[where] / np.bincount(where, minlength=len(weights))[where]
    even = np.full(len(where), here.mean())
    pull = 0.5 * here + 0.5 * even
    return spread(learners, pull * np.exp(shape.spread * chance.normal(len(where))))
