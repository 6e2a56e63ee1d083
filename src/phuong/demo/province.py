"""One synthetic province, made piece by piece: never more than some twenty thousand learners at a time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from phuong.demo import (
    classes,
    families,
    learners,
    officers,
    organisations,
    programmes,
    rooms,
    school_facts,
    schools,
    staff,
)
from phuong.demo.catalog import Catalogs
from phuong.demo.chance import Chance
from phuong.demo.learners import Pupils
from phuong.demo.names import NameBook
from phuong.demo.people import Homes, Scribe
from phuong.demo.schools import SchoolUnit
from phuong.demo.twins import Twins
from phuong.kernel.calendar import school_year_of

_LEARNERS_AT_A_TIME = 12_000

Tables = dict[str, list[pl.DataFrame]]


@dataclass(frozen=True)
class Piece:
    """Rows by model (``registry.Person``), and how many learners are among them."""

    tables: Tables
    learners: int


@dataclass
class Province:
    """A province of ``learners`` learners; the same ``seed`` and day give the same rows."""

    catalog: Catalogs
    learners: int
    seed: int
    today: dt.date
    schools: int | None = None
    _learners_made: int = 0
    _guardians_made: int = 0
    _staff_made: int = 0
    units: tuple[SchoolUnit, ...] = field(default=(), init=False)

    def pieces(self) -> Iterator[Piece]:
        """Make all rows: first the tree with its offices, then group after group of schools."""
        chance = Chance(self.seed, self.learners, self.schools or 0)
        scribe = Scribe(NameBook(self.catalog.names), self.catalog.communes, self.catalog.province["name"], self.today)
        tree = organisations.grow(self.catalog, chance)
        office_paths, office_posts = officers.units(tree)
        self.units = schools.plan(self.catalog, chance, tree, learners=self.learners, schools=self.schools)
        school_rows = school_facts.write(self.catalog, chance, tree, self.units, today=self.today)
        tables: Tables = {name: [frame] for name, frame in tree.frames().items()}
        tables["registry.School"] = [school_rows]
        self._offices(chance, scribe, tree, (office_paths, office_posts), tables)
        yield Piece(tables, 0)
        twins = Twins(30, 31)
        for group in _groups(self.units):
            yield self._group(chance, scribe, group, twins)

    def _offices(
        self,
        chance: Chance,
        scribe: Scribe,
        tree: organisations.Tree,
        offices: tuple[list[str], list[tuple[str, ...]]],
        tables: Tables,
    ) -> None:
        communes = {organisations.commune_path(one): place for place, one in enumerate(self.catalog.communes)}
        old = [int(one.old_province) for one in self.catalog.communes]
        homes = officers.homes(tree, offices[0], communes, old)
        posts = officers.appoint(chance, offices[1])
        self._staff(chance, scribe, posts, homes, np.zeros(len(homes.ids), dtype=bool), tables)

    def _group(self, chance: Chance, scribe: Scribe, group: tuple[SchoolUnit, ...], twins: Twins) -> Piece:
        year = school_year_of(self.today).start
        homes = _homes(group)
        formed = classes.form(chance, group)
        posts = staff.hire(chance, group, formed)
        tables: Tables = {
            "registry.ClassGroup": [
                classes.rows(chance, formed, group, staff.homerooms(posts, formed), school_year=year)
            ]
        }
        private = np.array([school.is_private for school in group])
        self._staff(chance, scribe, posts, homes, private, tables)
        pupils = learners.gather(chance, formed, school_year=year, today=self.today)
        self._families(chance, scribe, pupils, homes, twins, tables)
        tables["registry.Enrolment"] = [
            learners.enrol(chance, pupils, formed, homes, school_year=year, today=self.today)
        ]
        for name, frame in rooms.build(chance, group, formed, today=self.today).items():
            tables[name] = [frame]
        tables["facilities.Programme"] = [programmes.declare(chance, group, school_year=year, today=self.today)]
        return Piece(tables, len(pupils.seat))

    def _staff(
        self, chance: Chance, scribe: Scribe, posts: staff.Posts, homes: Homes, private: np.ndarray, tables: Tables
    ) -> None:
        people, born = staff.write(chance, scribe, posts, homes, serial=self._staff_made)
        self._staff_made += len(people)
        tables.setdefault("registry.Person", []).append(people)
        tables["registry.StaffPosition"] = [staff.positions(chance, posts, homes, private, born, self.today)]
        tables["registry.Qualification"] = [staff.qualifications(chance, posts, homes, born, self.catalog.ranks)]

    def _families(
        self, chance: Chance, scribe: Scribe, pupils: Pupils, homes: Homes, twins: Twins, tables: Tables
    ) -> None:
        surnames = scribe.book.surnames_for(chance, len(pupils.seat))
        found = families.found(chance, pupils, homes, surnames)
        tables["registry.Person"].append(
            learners.write(
                chance, scribe, pupils, homes, surname=found.surname[found.of], serial=self._learners_made, twins=twins
            )
        )
        people, ties = families.write(chance, scribe, found, pupils, homes, serial=self._guardians_made)
        tables["registry.Person"].append(people)
        tables["registry.Guardianship"] = [ties]
        self._learners_made += len(pupils.seat)
        self._guardians_made += found.count


def _homes(group: tuple[SchoolUnit, ...]) -> Homes:
    return Homes(
        pl.Series([school.key for school in group]),
        pl.Series([school.path for school in group]),
        np.array([school.commune for school in group]),
        np.array([school.old_province for school in group]),
        np.array([school.laxity for school in group]),
    )


def _groups(units: tuple[SchoolUnit, ...]) -> Iterator[tuple[SchoolUnit, ...]]:
    group: list[SchoolUnit] = []
    learners_in_group = 0
    for unit in units:
        group.append(unit)
        learners_in_group += unit.learners
        if learners_in_group >= _LEARNERS_AT_A_TIME:
            yield tuple(group)
            group, learners_in_group = [], 0
    if group:
        yield tuple(group)
