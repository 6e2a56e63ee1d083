"""Names of people with their keys, put together from parts whose keys are worked out once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import polars as pl

from phuong.demo.chance import Chance, Flags, Places
from phuong.kernel.text import search_key, vi_key

_SEXES = ("nam", "nu")
_YEARS_BEFORE = (2005, 1980)  # the first birth year of the two younger cohorts


@dataclass(frozen=True)
class Group:
    """The names of one sex and cohort; both firsts are places in the tables of the whole book."""

    first_rest: int
    first_given: int
    middles: tuple[str, ...]
    givens: tuple[str, ...]
    middle_weights: tuple[float, ...]
    given_weights: tuple[float, ...]


class NameBook:
    """All names that may occur. A full name is a *rest* (surname and middle name) and a given name."""

    def __init__(self, catalog: Mapping[str, Any]) -> None:
        """Lay out the tables: per cohort and sex, surname × middle name, and given names."""
        self.surnames = tuple(catalog["surnames"])
        self._surname_weights = tuple(float(weight) for weight in catalog["surnames"].values())
        self._rests: list[str] = []
        self._givens: list[str] = []
        self._groups = [
            self._add(cohort["middle_names"][sex], cohort["given_names"][sex])
            for cohort in sorted(catalog["cohorts"], key=lambda row: -(row["born_from"] or 0))
            for sex in _SEXES
        ]

    def _add(self, middles: Mapping[str, int], givens: Mapping[str, int]) -> Group:
        group = Group(
            len(self._rests),
            len(self._givens),
            tuple(middles),
            tuple(givens),
            tuple(map(float, middles.values())),
            tuple(map(float, givens.values())),
        )
        self._rests += [f"{surname} {middle}" for surname in self.surnames for middle in middles]
        self._givens += list(givens)
        return group

    @cached_property
    def _tables(self) -> dict[str, pl.Series]:
        return {
            "rest": pl.Series(self._rests),
            "rest_key": pl.Series([_rest_key(*rest.split(" ", 1)) for rest in self._rests]),
            "rest_search": pl.Series([" ".join(map(_bare, rest.split(" ", 1))) for rest in self._rests]),
            "given": pl.Series(self._givens),
            "given_key": pl.Series([vi_key(given) + "\u0002" for given in self._givens]),
            "given_search": pl.Series([search_key(given) for given in self._givens]),
        }

    def surnames_for(self, chance: Chance, size: int) -> Places:
        """Draw surnames, as places in ``surnames``."""
        return chance.places(self._surname_weights, size)

    def draw(self, chance: Chance, *, surname: Places, is_female: Flags, birth_year: Places) -> "Names":
        """Draw middle and given names that suit sex and age."""
        cohort = sum((birth_year < year).astype(np.int64) for year in _YEARS_BEFORE)
        rest, given = np.zeros_like(surname), np.zeros_like(surname)
        for place, group in enumerate(self._groups):
            rows = np.flatnonzero((cohort * 2 + is_female) == place)
            middles = chance.places(group.middle_weights, len(rows))
            givens = chance.places(group.given_weights, len(rows))
            ends = np.array([middle.split()[-1] for middle in group.middles])
            repeats = ends[middles] == np.array(group.givens)[givens]
            givens = np.where(repeats, (givens + 1) % len(group.givens), givens)
            rest[rows] = group.first_rest + surname[rows] * len(group.middles) + middles
            given[rows] = group.first_given + givens
        return Names(rest, given)

    def columns(self, names: "Names") -> dict[str, pl.Series]:
        """Give ``full_name``, ``name_key`` and ``search_key``."""
        table = self._tables
        return {
            "full_name": table["rest"].gather(names.rest) + " " + table["given"].gather(names.given),
            "name_key": table["given_key"].gather(names.given) + table["rest_key"].gather(names.rest),
            "search_key": table["rest_search"].gather(names.rest) + " " + table["given_search"].gather(names.given),
        }


@dataclass(frozen=True)
class Names:
    """Names of people, as places in a book's tables."""

    rest: Places
    given: Places


@cache
def _bare(words: str) -> str:
    return search_key(words)


@cache
def _key_parts(words: str) -> tuple[str, str]:
    letters, _, tones = vi_key(words).partition("\u0001")
    return letters, tones


def _rest_key(surname: str, middle: str) -> str:
    """Put the sorting key of surname and middle name together from theirs: letters first, tones after."""
    letters, tones = zip(_key_parts(surname), _key_parts(middle), strict=True)
    return " ".join(letters) + "\u0001" + " ".join(tones)
