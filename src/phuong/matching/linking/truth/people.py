"""People as they are, before anybody writes them down: families, siblings, twins, namesakes, staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from phuong.kernel.text import search_key

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]
FIRST_DAY, DAYS = 13_880, 5_840  # learners are born from 2008-01-02 on, within sixteen years
_GROWN_FIRST, _GROWN_DAYS = -1_800, 11_000  # staff: 1965 to 1995
_PREFIXES, _PREFIX_WEIGHTS = (31, 30, 34, 33, 22, 1, 37, 36, 38, 40), (46, 40, 3, 2, 2, 3, 1, 1, 1, 1)
_COMMUNES, _SCHOOLS = 114, 4


@dataclass(frozen=True)
class Shares:
    """How many of the hard cases there are."""

    grown: float = 0.12
    siblings: tuple[float, float, float] = (0.55, 0.38, 0.07)  # families of one, two, three learners
    twins: float = 0.02  # of families with several learners: the first two are twins
    near_twins: float = 0.3  # of twins: names that differ by one letter or one mark
    namesakes: float = 0.004  # of all: somebody else of the same name and birth date in the same commune


@dataclass(frozen=True)
class Stock:
    """Names to draw from, with weights, as the registry's catalog ``names.yaml`` gives them."""

    catalog: Mapping[str, Any]

    @cached_property
    def surnames(self) -> tuple[Words, npt.NDArray[np.float64]]:
        """Give surnames and their shares."""
        return _weighted(self.catalog["surnames"])

    def cohort(self, part: str, sex: int, *, grown: bool) -> tuple[Words, npt.NDArray[np.float64]]:
        """Give middle or given names of one sex (0 boys, 1 girls) and age."""
        cohorts = sorted(self.catalog["cohorts"], key=lambda row: -(row["born_from"] or 0))
        return _weighted(cohorts[1 if grown else 0][part][("nam", "nu")[sex]])


def _weighted(weights: Mapping[str, int]) -> tuple[Words, npt.NDArray[np.float64]]:
    shares = np.array(list(weights.values()), dtype=np.float64)
    return np.array(list(weights), dtype=object), shares / shares.sum()


@dataclass
class People:
    """Everybody: one row a person, columns as arrays. ``born``: days from 1 January 1970."""

    family: Ints
    surname: Words
    middle: Words
    given: Words
    is_female: npt.NDArray[np.bool_]
    born: Ints
    number: Words
    prefix: Ints
    phones: tuple[Words, Words]
    commune: Ints
    other_commune: Ints  # where the person lives in the second province
    school: Ints
    is_twin: npt.NDArray[np.bool_]
    is_namesake: npt.NDArray[np.bool_]

    def names(self) -> Words:
        """Give full names."""
        words: Words = self.surname + " " + self.middle + " " + self.given
        return words


def populate(count: int, stock: Stock, rng: np.random.Generator, shares: Shares | None = None) -> People:
    """Draw ``count`` people; the same random source gives the same people."""
    shares = shares or Shares()
    grown = int(count * shares.grown)
    family, is_twin = _families(count - grown, shares, rng)
    family = np.concatenate([family, family.max(initial=0) + 1 + np.arange(grown)])
    is_twin = np.concatenate([is_twin, np.zeros(grown, dtype=bool)])
    is_grown = np.arange(count) >= count - grown
    of = int(family.max()) + 1
    born = _births(family, is_twin, is_grown, rng)
    is_female = rng.random(count) < 0.48
    surnames, weights = stock.surnames
    people = People(
        family=family,
        surname=surnames[rng.choice(len(surnames), of, p=weights)][family],
        middle=_drawn(stock, "middle_names", is_female, is_grown, rng),
        given=_drawn(stock, "given_names", is_female, is_grown, rng),
        is_female=is_female,
        born=born,
        number=np.empty(count, dtype=object),
        prefix=np.array(_PREFIXES)[rng.choice(len(_PREFIXES), of, p=np.array(_PREFIX_WEIGHTS) / 100)][family],
        phones=(_phones(of, rng)[family], _phones(of, rng)[family]),
        commune=rng.integers(0, _COMMUNES, of)[family],
        other_commune=(_COMMUNES + rng.integers(0, _COMMUNES, of))[family],
        school=rng.integers(0, _SCHOOLS, count),
        is_twin=is_twin,
        is_namesake=np.zeros(count, dtype=bool),
    )
    _name_twins(people, stock, shares, rng)
    _make_namesakes(people, int(count * shares.namesakes), rng)
    people.number = _numbers(people, rng)
    return people


def _families(count: int, shares: Shares, rng: np.random.Generator) -> tuple[Ints, npt.NDArray[np.bool_]]:
    sizes = 1 + rng.choice(3, count, p=shares.siblings)
    family = np.repeat(np.arange(count), sizes)[:count]
    place = np.arange(len(family)) - np.searchsorted(family, family)
    has_twins = (sizes > 1) & (rng.random(count) < shares.twins)
    is_twin = has_twins[family] & (place < 2)
    last = family == family[-1]
    is_twin[last] &= last.sum() > 1
    return family.astype(np.int64), is_twin


def _births(family: Ints, is_twin: Any, is_grown: Any, rng: np.random.Generator) -> Ints:
    count = len(family)
    place = np.arange(count) - np.searchsorted(family, family)
    first = FIRST_DAY + rng.integers(0, DAYS, int(family.max()) + 1)
    gaps = rng.integers(400, 2000, count) * place
    born = np.minimum(first[family] + np.where(is_twin, 0, gaps), FIRST_DAY + DAYS + 1_500)
    return np.where(is_grown, _GROWN_FIRST + rng.integers(0, _GROWN_DAYS, count), born)


def _drawn(stock: Stock, part: str, is_female: Any, is_grown: Any, rng: np.random.Generator) -> Words:
    words = np.empty(len(is_female), dtype=object)
    for sex in (0, 1):
        for grown in (False, True):
            rows = np.flatnonzero((is_female == bool(sex)) & (is_grown == grown))
            names, weights = stock.cohort(part, sex, grown=grown)
            words[rows] = names[rng.choice(len(names), len(rows), p=weights)]
    return words


def _phones(count: int, rng: np.random.Generator) -> Words:
    return np.array([f"09{number:08d}" for number in rng.integers(0, 10**8, count)], dtype=object)


def _numbers(people: People, rng: np.random.Generator) -> Words:
    year = people.born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    century = (year - 1900) // 100 * 2 + people.is_female
    endings = rng.integers(0, 10**6, len(year))
    rows = zip(people.prefix, century, year % 100, endings, strict=True)
    return np.array([f"{p:03d}{c}{y:02d}{n:06d}" for p, c, y, n in rows], dtype=object)


def _name_twins(people: People, stock: Stock, shares: Shares, rng: np.random.Generator) -> None:
    """Give twins names that go together: often one middle name, given names now and then a letter or a mark apart."""
    rows = np.flatnonzero(people.is_twin)
    near = _neighbours(stock)
    for one, two in zip(rows[::2], rows[1::2], strict=False):
        if rng.random() < 0.7:
            people.is_female[two] = people.is_female[one]
            people.middle[two] = people.middle[one]
            names, weights = stock.cohort("given_names", int(people.is_female[one]), grown=False)
            people.given[two] = names[rng.choice(len(names), p=weights)]
        options = near[int(people.is_female[one])].get(people.given[one], [])
        if options and people.middle[one] == people.middle[two] and rng.random() < shares.near_twins:
            people.given[two] = options[int(rng.integers(len(options)))]
        if people.given[one] == people.given[two] and people.middle[one] == people.middle[two]:
            people.given[two] = "Khánh" if people.given[one] != "Khánh" else "Giang"


def _neighbours(stock: Stock) -> tuple[dict[str, list[str]], ...]:
    """Give for each given name those that differ from it by marks alone, or by one letter."""
    found = []
    for sex in (0, 1):
        names = list(stock.cohort("given_names", sex, grown=False)[0])
        found.append({one: [two for two in names if two != one and _is_near(one, two)] for one in names})
    return tuple(found)


def _is_near(one: str, two: str) -> bool:
    left, right = search_key(one), search_key(two)
    if abs(len(left) - len(right)) > 1:
        return False
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) <= 1
    short, long = sorted((left, right), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _make_namesakes(people: People, count: int, rng: np.random.Generator) -> None:
    """Let some people share name, birth date, sex and commune with somebody of another family."""
    singles = np.flatnonzero(~people.is_twin & (np.bincount(people.family)[people.family] == 1))
    chosen = rng.permutation(singles)[: 2 * count]
    for one, two in zip(chosen[::2], chosen[1::2], strict=False):
        for column in (people.surname, people.middle, people.given, people.is_female, people.born):
            column[two] = column[one]
        for column in (people.commune, people.other_commune, people.prefix):
            column[two] = column[one]
        people.is_namesake[[one, two]] = True
