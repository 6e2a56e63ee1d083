"""Records of people as two registers keep them: who stands in which, written down with slips."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from phuong.matching.linking.truth.people import People, Shares, Stock, Words, populate
from phuong.matching.linking.truth.slips import DATES, NAMES, Rates, wrong_digit

_EPOCH = dt.date(1970, 1, 1)
_PLACES = {
    **{31: "Hải Phòng", 30: "Hải Dương", 34: "Thái Bình", 33: "Hưng Yên", 22: "Quảng Ninh", 1: "Hà Nội"},
    **{37: "Ninh Bình", 36: "Nam Định", 38: "Thanh Hóa", 40: "Nghệ An"},
}
_STYLES = ("{}", "{}", "TP {}", "Thành phố {}", "tỉnh {}")
FIRST, SECOND = "a", "b"


@dataclass(frozen=True)
class Truth:
    """Two registers. ``records``: every column the engine reads, and ``person``, the truth, with the slips of each."""

    records: pl.DataFrame
    people: People

    def pairs(self, *, within: bool = False) -> pl.DataFrame:
        """Give the true pairs (``one``, ``two``: keys of records); ``within``: also those inside one register."""
        left = self.records.select("key", "person", "source")
        pairs = left.join(left, on="person", suffix="_two").filter(pl.col("key") < pl.col("key_two"))
        if not within:
            pairs = pairs.filter(pl.col("source") != pl.col("source_two"))
        return pairs.select(one="key", two="key_two")


def two_registers(
    each: int, stock: Stock, *, seed: int, both: float = 0.2, rates: Rates | None = None, shares: Shares | None = None
) -> Truth:
    """Make two registers of ``each`` records; a share ``both`` of each stands in the other too."""
    rng = np.random.default_rng(seed)
    shared = int(each * both)
    people = populate(2 * each - shared, stock, rng, shares)
    order = rng.permutation(2 * each - shared)
    first, second = order[:each], order[each - shared :]
    frames = [
        _register(people, first, FIRST, rng, rates or Rates()),
        _register(people, second, SECOND, rng, rates or Rates()),
    ]
    records = pl.concat(frames).with_columns(key=pl.int_range(pl.len(), dtype=pl.Int64))
    return Truth(records, people)


def _register(people: People, rows: Any, source: str, rng: np.random.Generator, rates: Rates) -> pl.DataFrame:
    chance = random.Random(int(rng.integers(1 << 62)))  # noqa: S311 - an experiment that can be repeated
    names, spoilt = _names(people.names()[rows], rng, chance, rates)
    dates, mistaken = _dates(people.born[rows], rng, chance, rates)
    numbers, miswritten = _numbers(people, rows, rng, chance, rates)
    size = len(rows)
    female = people.is_female[rows] ^ (rng.random(size) < rates.wrong_sex)
    commune = (people.commune if source == FIRST else people.other_commune)[rows]
    verified = (miswritten == "") & (rng.random(size) < 0.9)
    return pl.DataFrame(
        {
            "source": pl.repeat(source, size, eager=True),
            "person": pl.Series(rows.astype(np.int64)),
            "full_name": pl.Series(names.tolist(), dtype=pl.String),
            "birth_date": pl.Series(dates, dtype=pl.Date),
            "sex": np.where(female, "female", "male").astype(str),
            "number": pl.Series(numbers.tolist(), dtype=pl.String),
            "is_verified": verified & np.array([number is not None for number in numbers]),
            "phones": pl.Series(_phones(people, rows, rng, rates), dtype=pl.List(pl.String)),
            "school": [f"{place}.{number}" for place, number in zip(commune, people.school[rows], strict=True)],
            "commune": commune.astype(str),
            "birthplace": pl.Series(_birthplaces(people, rows, rng, rates), dtype=pl.String),
            "name_slip": pl.Series(spoilt.tolist(), dtype=pl.String),
            "date_slip": pl.Series(mistaken.tolist(), dtype=pl.String),
            "number_slip": pl.Series(miswritten.tolist(), dtype=pl.String),
            "is_twin": people.is_twin[rows],
            "is_namesake": people.is_namesake[rows],
        }
    )


def _names(names: Words, rng: np.random.Generator, chance: random.Random, rates: Rates) -> tuple[Words, Words]:
    spoilt = np.full(len(names), "", dtype=object)
    for slip, write in NAMES.items():
        for row in np.flatnonzero(rng.random(len(names)) < getattr(rates, slip)).tolist():
            written = write(str(names[row]), chance)
            if written != names[row]:
                names[row], spoilt[row] = written, slip
    for row in np.flatnonzero(rng.random(len(names)) < rates.renamed).tolist():
        other = str(names[chance.randrange(len(names))]).split()[-1]
        names[row] = " ".join([*str(names[row]).split()[:-1], other])
        spoilt[row] = "renamed"
    return names, spoilt


def _dates(
    born: Any, rng: np.random.Generator, chance: random.Random, rates: Rates
) -> tuple[list[dt.date | None], Words]:
    days: list[dt.date | None] = [_EPOCH + dt.timedelta(days=int(day)) for day in born]
    mistaken = np.full(len(born), "", dtype=object)
    for slip, write in DATES.items():
        for row in np.flatnonzero(rng.random(len(born)) < getattr(rates, slip)).tolist():
            written = write(days[row], chance)  # type: ignore[arg-type]  # all are there until the last step
            if written != days[row]:
                days[row], mistaken[row] = written, slip
    for row in np.flatnonzero(rng.random(len(born)) < rates.no_date).tolist():
        days[row], mistaken[row] = None, "no_date"
    return days, mistaken


def _numbers(
    people: People, rows: Any, rng: np.random.Generator, chance: random.Random, rates: Rates
) -> tuple[Words, Words]:
    numbers = people.number[rows]
    miswritten = np.full(len(rows), "", dtype=object)
    dice = rng.random(len(rows))
    edges = np.cumsum([rates.no_number, rates.wrong_digit, rates.number_of_kin])
    for row in np.flatnonzero(dice < edges[2]).tolist():
        if dice[row] < edges[0]:
            numbers[row], miswritten[row] = None, "no_number"
        elif dice[row] < edges[1]:
            numbers[row], miswritten[row] = wrong_digit(str(numbers[row]), chance), "wrong_digit"
        elif (kin := _kin(people, int(rows[row]))) is not None:
            numbers[row], miswritten[row] = people.number[kin], "number_of_kin"
    return numbers, miswritten


def _kin(people: People, person: int) -> int | None:
    near = [person - 1, person + 1]
    of_family = [one for one in near if 0 <= one < len(people.family) and people.family[one] == people.family[person]]
    return of_family[0] if of_family else None


def _phones(people: People, rows: Any, rng: np.random.Generator, rates: Rates) -> list[list[str]]:
    first, second = people.phones[0][rows], people.phones[1][rows]
    families = people.family[rows]
    moved = rng.random(int(people.family.max()) + 1) < rates.other_phone  # a family changes its number together
    gone, other = rng.random(len(rows)) < rates.no_phone, moved[families]
    both = rng.random(len(rows)) < 0.4
    mothers = rng.random(len(rows)) < 0.65
    fresh = rng.integers(0, 10**8, len(moved))[families]
    found: list[list[str]] = []
    for row in range(len(rows)):
        if gone[row]:
            found.append([])
        elif other[row]:
            found.append([f"03{fresh[row]:08d}"])
        else:
            found.append([first[row], second[row]] if both[row] else [first[row] if mothers[row] else second[row]])
    return found


def _birthplaces(people: People, rows: Any, rng: np.random.Generator, rates: Rates) -> list[str | None]:
    gone = rng.random(len(rows)) < rates.no_birthplace
    styles = rng.integers(0, len(_STYLES), len(rows))
    codes = np.where(rng.random(len(rows)) < rates.other_birthplace, 31, people.prefix[rows])
    return [None if gone[row] else _STYLES[styles[row]].format(_PLACES[int(codes[row])]) for row in range(len(rows))]
