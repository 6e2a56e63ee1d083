"""Learners of a group of schools: who they are, which class they sit in, and where they sat before."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from phuong.demo import defects
from phuong.demo.chance import EPOCH, Chance, Flags, Places, blanked
from phuong.demo.classes import CELLS, Classes
from phuong.demo.people import Crowd, Homes, Scribe, years
from phuong.demo.twins import Twins

_CITIZEN_FROM = 14
_CITIZEN_SHARES = (("0", 0.07), ("1", 0.15), ("2", 0.78))
_LEFT = ("dropped_out", "transferred_out_of_province", "deferred")
_LEFT_REASONS = {"dropped_out": "hardship", "transferred_out_of_province": "moved_with_family", "deferred": "illness"}
_YOUNGEST_DAYS = 100


@dataclass(frozen=True)
class Pupils:
    """Learners before they are written down. ``seat``: place of the class; ``age``: usual age of its grade."""

    ids: pl.Series
    seat: Places
    home: Places
    level: Places  # place of the cell
    born: Places
    is_female: Flags


def gather(chance: Chance, classes: Classes, *, school_year: int, today: dt.date) -> Pupils:
    """Fill the classes with learners of fitting age."""
    seat = np.repeat(np.arange(len(classes.size)), classes.size)
    size = len(seat)
    cell = classes.cell[seat]
    ages = np.array([cell.age for cell in CELLS])[cell]
    older = np.array([0.0 if cell.grade == 0 else 0.03 if cell.level != "continuing" else 0.4 for cell in CELLS])[cell]
    late = chance.flags(older, size) * chance.between(1, 2, size)
    first = (np.array([f"{school_year - age}-01-01" for age in range(25)], dtype="datetime64[D]")).astype(np.int64)
    born = first[ages + late] + chance.below(365, size)
    born = np.minimum(born, (today - EPOCH).days - _YOUNGEST_DAYS - chance.below(100, size))
    return Pupils(chance.keys(size), seat, classes.school[seat], cell, born, chance.flags(0.478, size))


def write(  # noqa: PLR0913
    chance: Chance, scribe: Scribe, pupils: Pupils, homes: Homes, *, surname: Places, serial: int, twins: Twins
) -> pl.DataFrame:
    """Write the rows of ``Person``. ``serial``: how many learners were written before."""
    size = len(pupils.seat)
    is_preschool = np.array([cell.grade == 0 for cell in CELLS])[pupils.level]
    missing = np.where(is_preschool, defects.PRESCHOOL_MISSING, defects.LEARNERS.missing)
    crowd = Crowd(
        pupils.ids,
        pupils.home,
        pupils.is_female,
        pupils.born,
        surname,
        serial + np.arange(size),
        defects.LEARNERS,
        missing,
    )
    written = scribe.rows(chance, crowd, homes)
    codes = pl.Series(3_100_000_000 + serial + np.arange(size)).cast(pl.String)
    level = pl.Series(chance.places([share for _, share in _CITIZEN_SHARES], size)).cast(pl.Int16)
    too_young = years(np.array([(scribe.today - EPOCH).days]))[0] - written.birth_year < _CITIZEN_FROM
    frame = written.frame(
        role="is_learner",
        code=codes,
        citizen_identity_level=blanked(level, too_young | (pupils.born > _birthday(scribe.today))),
        plays_art=blanked(pl.Series(chance.flags(0.62, size)), is_preschool | chance.flags(0.06, size)),
        plays_sport=blanked(pl.Series(chance.flags(0.71, size)), is_preschool | chance.flags(0.06, size)),
    )
    return twins.known_twice(chance, frame, homes.old_province[pupils.home])


def _birthday(today: dt.date) -> int:
    """Give the last birth day (from 1 January 1970) of those old enough for an account of their own."""
    return (today.replace(year=today.year - _CITIZEN_FROM, day=min(today.day, 28)) - EPOCH).days


@dataclass(frozen=True)
class Stay:
    """Enrolments as columns; ``until`` empty: still there."""

    learner: Places
    seat: Places
    since: pl.Series
    until: pl.Series
    status: pl.Series
    reason: pl.Series


def enrol(
    chance: Chance, pupils: Pupils, classes: Classes, homes: Homes, *, school_year: int, today: dt.date
) -> pl.DataFrame:
    """Write the rows of ``Enrolment``: the present place, and earlier ones of those who moved."""
    opens = dt.date(school_year, 9, 5)
    size = len(pupils.seat)
    has_left = chance.flags(0.006, size) & (years(pupils.born) < school_year - 5)
    moved = chance.flags(0.02, size) & ~has_left
    weeks = max(1, (min(today, dt.date(school_year + 1, 5, 31)) - opens).days // 7)
    turn = pl.Series([opens] * size, dtype=pl.Date) + pl.duration(days=0)
    turning = pl.select(pl.lit(opens) + pl.duration(days=pl.Series(7 * chance.between(1, weeks, size)))).to_series()
    status = chance.pick(_LEFT, (0.55, 0.35, 0.10), size)
    reasons = status.replace_strict(_LEFT_REASONS, return_dtype=pl.String)
    now = Stay(
        np.arange(size),
        pupils.seat,
        _where(moved, turning, turn),
        blanked(turning, ~has_left),
        blanked(status, ~has_left, "studying"),
        blanked(reasons, ~has_left, ""),
    )
    movers = np.flatnonzero(moved)
    before = Stay(
        movers,
        _neighbour(pupils.seat[movers], classes),
        turn.gather(movers),
        turning.gather(movers),
        pl.repeat("transferred_out", len(movers), eager=True),
        pl.repeat("other", len(movers), eager=True),
    )
    return pl.concat([_rows(chance, stay, pupils, classes, homes, school_year) for stay in (now, before)])


def _where(chosen: Flags, these: pl.Series, others: pl.Series) -> pl.Series:
    return pl.select(pl.when(pl.Series(chosen)).then(these).otherwise(others)).to_series()


def _neighbour(seat: Places, classes: Classes) -> Places:
    """Give the next class of the same grade, in this school or the next; the class before where there is none."""
    following = np.minimum(seat + 1, len(classes.cell) - 1)
    previous = np.maximum(seat - 1, 0)
    return np.where(classes.cell[following] == classes.cell[seat], following, previous)


def _rows(chance: Chance, stay: Stay, pupils: Pupils, classes: Classes, homes: Homes, school_year: int) -> pl.DataFrame:
    size = len(stay.learner)
    school = classes.school[stay.seat]
    return pl.DataFrame(
        {
            "id": chance.keys(size),
            "path": homes.paths.gather(school),
            "learner_id": pupils.ids.gather(stay.learner),
            "class_group_id": classes.ids.gather(stay.seat),
            "organisation_id": homes.ids.gather(school),
            "school_year": pl.repeat(school_year, size, dtype=pl.Int16, eager=True),
            "during": pl.select(pl.format("[{},{})", stay.since, stay.until.cast(pl.String).fill_null(""))).to_series(),
            "status": stay.status,
            "reason": stay.reason,
        }
    )
