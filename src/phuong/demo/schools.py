"""The schools of the province: where each stands, what it teaches, and its rows."""

from dataclasses import dataclass

import numpy as np

from phuong.demo import defects, sizes
from phuong.demo.catalog import Catalogs, Commune
from phuong.demo.chance import Chance, Floats, Places, spread
from phuong.demo.organisations import DEPARTMENT_PATH, Tree, commune_path

_DIGITS = {"preschool": 3, "primary": 4, "lower_secondary": 5, "upper_secondary": 7, "continuing": 9}
TITLES = {
    "preschool": "Trường mầm non",
    "primary": "Trường tiểu học",
    "lower_secondary": "Trường THCS",
    "primary_lower_secondary": "Trường TH&THCS",
    "upper_secondary": "Trường THPT",
    "specialised": "Trường THPT chuyên",
    "lower_upper_secondary": "Trường THCS&THPT",
    "multi_level": "Trường TH, THCS & THPT",
    "continuing": "Trung tâm GDTX",
    "vocational_continuing": "Trung tâm GDNN-GDTX",
}
_UNDER_DEPARTMENT = ("upper_secondary", "continuing")
_MAY_BE_SPECIALISED = 2


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


def _of_level(  # noqa: PLR0913
    chance: Chance,
    tree: Tree,
    namer: "_Namer",
    communes: tuple[Commune, ...],
    shape: sizes.LevelShape,
    where: Places,
    each: Places,
    laxity: Floats,
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
                chance.key(),
                f"{above}.s{code}",
                code,
                namer.name(commune, kind),
                shape.level,
                kind,
                bool(private[place]),
                int(each[place]),
                int(commune_place),
                int(commune.old_province),
                float(laxity[place]),
            )
        )
    return made


def _type(chance: Chance, level: str, place: int, *, is_private: bool) -> str:
    """Draw the type of school number ``place`` of a level; the first public upper secondary ones may be specialised."""
    first = place < _MAY_BE_SPECIALISED
    if level == "lower_secondary" and chance.happens(0.05):
        return "primary_lower_secondary"
    if level == "upper_secondary" and is_private and chance.happens(0.3):
        return "multi_level" if chance.happens(0.5) else "lower_upper_secondary"
    if level == "upper_secondary" and first and not is_private and chance.happens(0.5):
        return "specialised"
    return "vocational_continuing" if level == "continuing" and place else level


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
        return f"{TITLES[kind]} {chosen}"

    def code(self, commune: Commune, level: str) -> str:
        """Number a school: province (2), former district (3), level digit and serial (3)."""
        head = f"{commune.old_province}{301 + self._districts[commune.district]}{_DIGITS[level]}"
        self._serials[head] = self._serials.get(head, 0) + 1
        if self._serials[head] > 99:
            head = f"{commune.old_province}{601 + self._districts[commune.district]}{_DIGITS[level]}"
            self._serials[head] = self._serials.get(head, 0) + 1
        return f"{head}{self._serials[head]:02d}"
