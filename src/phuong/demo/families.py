"""Guardians: one family for most learners, one for two where siblings are at school."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from phuong.demo import defects
from phuong.demo.chance import EPOCH, Chance, Flags, Places
from phuong.demo.learners import Pupils
from phuong.demo.people import Crowd, Homes, Scribe, years

_RELATIONS = ("mother", "father", "grandparent", "guardian", "other")
_RELATION_SHARES = (0.56, 0.37, 0.05, 0.015, 0.005)
_CUSTODIES = ("full", "shared", "none_contact_allowed", "none")
_CUSTODY_SHARES = (0.968, 0.020, 0.006, 0.006)
_SIBLING_TRIES = 0.44  # share of learners tried as one of two siblings; half of the tries fail for their ages


@dataclass(frozen=True)
class Families:
    """Which family each learner belongs to, and what is common to a family."""

    of: Places  # one for each learner
    count: int
    surname: Places  # one for each family


def found(chance: Chance, pupils: Pupils, homes: Homes, surnames: Places) -> Families:
    """Join learners of one commune into families. ``surnames``: one for each learner, the first one's is kept."""
    size = len(pupils.seat)
    order = np.lexsort((chance.uniform(size), homes.commune[pupils.home]))
    first, second = order[0 : size - 1 : 2], order[1:size:2]
    year = years(pupils.born)
    apart = np.abs(year[first] - year[second])
    same = homes.commune[pupils.home[first]] == homes.commune[pupils.home[second]]
    joined = same & (apart >= 2) & (apart <= 9) & chance.flags(_SIBLING_TRIES, len(first))
    head = np.arange(size)
    head[second[joined]] = first[joined]
    heads, of = np.unique(head, return_inverse=True)
    return Families(of.astype(np.int64), len(heads), surnames[heads])


def write(
    chance: Chance, scribe: Scribe, families: Families, pupils: Pupils, homes: Homes, *, serial: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Write one guardian for each family: rows of ``Person`` and of ``Guardianship``."""
    count = families.count
    relation = chance.places(_RELATION_SHARES, count)
    crowd = _crowd(chance, scribe, families, pupils, relation, serial)
    people = scribe.rows(chance, crowd, homes).frame(role="is_guardian")
    custody = chance.places(_CUSTODY_SHARES, count)
    size = len(pupils.seat)
    ties = pl.DataFrame(
        {
            "id": chance.keys(size),
            "path": homes.paths.gather(pupils.home),
            "guardian_id": crowd.ids.gather(families.of),
            "learner_id": pupils.ids,
            "relation": pl.Series(_RELATIONS).gather(relation[families.of]),
            "custody": pl.Series(_CUSTODIES).gather(custody[families.of]),
            "contact_order": pl.repeat(1, size, dtype=pl.Int16, eager=True),
            "starts_on": pl.Series(pupils.born.astype(np.int32)).cast(pl.Date),
            "ends_on": pl.repeat(None, size, dtype=pl.Date, eager=True),
        }
    )
    return people, ties


def _crowd(chance: Chance, scribe: Scribe, families: Families, pupils: Pupils, relation: Places, serial: int) -> Crowd:
    count = families.count
    eldest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(eldest, families.of, pupils.born)
    home = np.zeros(count, dtype=np.int64)
    home[families.of[::-1]] = pupils.home[::-1]  # the school of the first child
    is_old = relation == _RELATIONS.index("grandparent")
    age = np.where(is_old, chance.between(46, 62, count), chance.between(20, 37, count)) * 365
    shares_name = (relation == _RELATIONS.index("father")) | (is_old & chance.flags(0.5, count))
    is_female = _is_female(chance, relation, count)
    surname = np.where(shares_name, families.surname, scribe.book.surnames_for(chance, count))
    born = np.maximum(eldest - age - chance.below(365, count), (scribe.today.replace(year=1938) - EPOCH).days)
    missing = np.full(count, defects.GUARDIANS.missing)
    return Crowd(
        chance.keys(count), home, is_female, born, surname, serial + np.arange(count), defects.GUARDIANS, missing
    )


def _is_female(chance: Chance, relation: Places, count: int) -> Flags:
    either = chance.flags(0.6, count)
    mother, father = (relation == _RELATIONS.index(name) for name in ("mother", "father"))
    return np.asarray(mother | (~father & either))
