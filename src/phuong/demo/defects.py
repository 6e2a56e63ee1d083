"""How imperfect the records are: base shares, and how much more or less so in one place than another."""

from dataclasses import dataclass

import numpy as np

from phuong.demo.chance import Chance, Floats, Places

_COMMUNE_SPREAD = 0.5
_SCHOOL_SPREAD = 0.35
_WORST = 0.9


@dataclass(frozen=True)
class Slips:
    """Shares of records (0 to 1) with a defect, before the place's own laxity."""

    missing: float
    malformed: float
    disagrees: float
    no_ethnicity: float
    no_address: float
    no_phone: float
    stale: float


LEARNERS = Slips(0.022, 0.008, 0.007, 0.012, 0.03, 0.10, 0.08)
GUARDIANS = Slips(0.03, 0.006, 0.005, 0.05, 0.04, 0.02, 0.12)
STAFF = Slips(0.006, 0.003, 0.004, 0.004, 0.02, 0.01, 0.06)
PRESCHOOL_MISSING = 0.175
TWICE_KNOWN = 0.003  # learners known a second time, in the other former province


def laxity_of_communes(chance: Chance, size: int) -> Floats:
    """Draw how lax each commune is: a factor around 1."""
    return np.exp(_COMMUNE_SPREAD * chance.normal(size) - _COMMUNE_SPREAD**2 / 2)


def laxity_of_schools(chance: Chance, communes: Floats) -> Floats:
    """Draw how lax each school is, from its commune's laxity."""
    noise = _SCHOOL_SPREAD * chance.normal(len(communes)) - _SCHOOL_SPREAD**2 / 2
    return np.asarray(communes * np.exp(noise))


def rate(base: float | Floats, laxity: Floats) -> Floats:
    """Give the share of defects for each row, from the base share and the place's laxity."""
    return np.minimum(base * laxity, _WORST)


def identity_states(chance: Chance, check: Places) -> Places:
    """Draw states of identity verification (places in ``IDENTITY_STATES``) that fit the check of the number."""
    dice = chance.uniform(len(check))
    edges = np.array(_STATE_EDGES)[check]
    return np.asarray((dice[:, None] >= edges).sum(axis=1))


IDENTITY_STATES = ("matched", "unverified", "mismatched", "not_found", "duplicate")
_STATE_EDGES = (  # cumulated shares per check (missing, malformed, disagrees, agrees); the rest is duplicate
    (0.0, 0.80, 0.82, 1.0),
    (0.0, 0.45, 0.60, 1.0),
    (0.10, 0.25, 0.98, 1.0),
    (0.985, 0.988, 0.995, 0.9955),
)
