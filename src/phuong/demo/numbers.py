"""Personal numbers: mostly right, some missing, malformed or at odds with the record; sealed as the vault does."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from phuong.demo.chance import Chance, Flags, Floats, Places
from phuong.kernel.vault import fingerprint_many, seal_many

MISSING, MALFORMED, DISAGREES, AGREES = range(4)
CHECKS = pl.Series(["missing", "malformed", "disagrees", "agrees"])
_ELSEWHERE = np.array([34, 33, 22, 1, 37, 36, 38, 40])
_STEP = 314_159  # shares no factor with a million: serials give a million different endings
_ENDINGS = 1_000_000
_BAD_PREFIXES = np.array([0, 97, 98, 99])


@dataclass(frozen=True)
class Holders:
    """What a number says of its holder. ``serial``: a count that keeps numbers apart; ``prefix``: province, 1 to 96."""

    is_female: Flags
    birth_year: Places
    prefix: Places
    serial: Places


@dataclass(frozen=True)
class Numbers:
    """Numbers (12 digits; meaningless where ``check`` is missing) and what their structure says."""

    digits: Places
    check: Places


def prefixes(chance: Chance, home: Places) -> Places:
    """Draw provinces of birth registration: mostly ``home``, sometimes another."""
    elsewhere = chance.flags(0.06, len(home))
    return np.where(elsewhere, _ELSEWHERE[chance.below(len(_ELSEWHERE), len(home))], home)


def draw(chance: Chance, holders: Holders, *, missing: Floats, malformed: Floats, disagrees: Floats) -> Numbers:
    """Give each holder a number, with the slips asked for (probabilities, one for each holder)."""
    size = len(holders.serial)
    dice = chance.uniform(size)
    check = np.select(
        [dice < missing, dice < missing + malformed, dice < missing + malformed + disagrees],
        [MISSING, MALFORMED, DISAGREES],
        AGREES,
    )
    wrong_sex = (check == DISAGREES) & chance.flags(0.4, size)
    wrong_year = (check == DISAGREES) & ~wrong_sex
    year = holders.birth_year - wrong_year * chance.between(1, 3, size)
    century = (year - 1900) // 100 * 2 + (holders.is_female ^ wrong_sex)
    prefix = np.where(check == MALFORMED, _BAD_PREFIXES[chance.below(4, size)], holders.prefix)
    ending = holders.serial * _STEP % _ENDINGS
    return Numbers(prefix * 10**9 + century * 10**8 + year % 100 * 10**6 + ending, check)


def columns(numbers: Numbers) -> dict[str, pl.Series]:
    """Give ``number_cipher``, ``number_hash`` (both binary) and ``number_check``."""
    held = np.flatnonzero(numbers.check != MISSING)
    texts = pl.Series(numbers.digits[held]).cast(pl.String).str.zfill(12).to_list()
    places = np.full(len(numbers.check), -1)
    places[held] = np.arange(len(held))
    where = pl.Series(places).replace(-1, None)
    return {
        "number_cipher": pl.Series(seal_many(texts), dtype=pl.Binary).gather(where),
        "number_hash": pl.Series(fingerprint_many(texts), dtype=pl.Binary).gather(where),
        "number_check": CHECKS.gather(numbers.check),
    }
