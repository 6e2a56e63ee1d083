"""Rows of ``Person``, for learners, guardians and staff alike."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from phuong.demo import defects, numbers
from phuong.demo.catalog import Commune
from phuong.demo.chance import EPOCH, Chance, Flags, Floats, Places, blanked, dates
from phuong.demo.names import NameBook, Names

_NEIGHBOURHOODS = 12
_HOUSES = pl.Series(["", *(f"Số {number}, " for number in range(1, 240))])
_ETHNICITIES = ("01", "04", "06", "02", "15", "07", "09")
_ETHNICITY_WEIGHTS = (985, 4, 3, 3, 3, 1, 1)
_FOREIGN = ("VN", "CN", "KR", "JP")
_FOREIGN_WEIGHTS = (9988, 5, 4, 3)
_BIRTHPLACES = {
    30: "Hải Dương",
    31: "Hải Phòng",
    34: "Thái Bình",
    33: "Hưng Yên",
    22: "Quảng Ninh",
    1: "Hà Nội",
    37: "Ninh Bình",
    36: "Nam Định",
    38: "Thanh Hóa",
    40: "Nghệ An",
}
_SEXES = pl.Series(["male", "female"])
_MOBILE = (32, 33, 34, 35, 36, 37, 38, 39, 70, 76, 77, 79, 81, 82, 83, 85, 88, 90, 91, 93, 96, 97, 98)


@dataclass(frozen=True)
class Homes:
    """The units that keep records, as columns: one row for each unit."""

    ids: pl.Series
    paths: pl.Series
    commune: Places  # place in the catalog of communes
    old_province: Places  # code as a number
    laxity: Floats


@dataclass(frozen=True)
class Crowd:
    """People to write down. ``born``: days from 1 January 1970; ``home``: place in ``Homes``; one row each."""

    ids: pl.Series
    home: Places
    is_female: Flags
    born: Places
    surname: Places
    serial: Places
    slips: defects.Slips
    missing: Floats  # share without a personal number, before laxity


class Scribe:
    """Writes rows of ``Person`` for one province and day."""

    def __init__(self, book: NameBook, communes: tuple[Commune, ...], province: str, today: dt.date) -> None:
        """Lay out the tables that all rows draw on."""
        self.book = book
        self.today = today
        self._addresses = pl.Series(
            [
                f"{'Thôn' if commune.kind == 'commune' else 'Tổ dân phố số'} {number}, {commune.name}, {province}"
                for commune in communes
                for number in range(1, _NEIGHBOURHOODS + 1)
            ]
        )

    def rows(self, chance: Chance, crowd: Crowd, homes: Homes) -> "Written":
        """Write the crowd down: every column of ``Person`` but those of the role (code, work e-mail, flags)."""
        laxity = homes.laxity[crowd.home]
        year = years(crowd.born)
        prefix = numbers.prefixes(chance, homes.old_province[crowd.home])
        names = self.book.draw(chance, surname=crowd.surname, is_female=crowd.is_female, birth_year=year)
        drawn = numbers.draw(
            chance,
            numbers.Holders(crowd.is_female, year, prefix, crowd.serial),
            missing=defects.rate(crowd.missing, laxity),
            malformed=defects.rate(crowd.slips.malformed, laxity),
            disagrees=defects.rate(crowd.slips.disagrees, laxity),
        )
        columns = {
            "id": crowd.ids,
            "path": homes.paths.gather(crowd.home),
            "place_id": homes.ids.gather(crowd.home),
            **self.book.columns(names),
            "birth_date": dates(crowd.born),
            "sex": _SEXES.gather(crowd.is_female.astype(np.int64)),
            **self._whereabouts(chance, crowd, homes.commune[crowd.home], prefix, laxity),
            **self._identity(chance, drawn.check),
            "updated_on": self._updated(chance, defects.rate(crowd.slips.stale, laxity)),
        }
        return Written(columns, names, drawn, year)

    def _whereabouts(
        self, chance: Chance, crowd: Crowd, commune: Places, prefix: Places, laxity: Floats
    ) -> dict[str, pl.Series]:
        size, slips = len(commune), crowd.slips
        houses = _HOUSES.gather(chance.below(len(_HOUSES), size))
        streets = self._addresses.gather(commune * _NEIGHBOURHOODS + chance.below(_NEIGHBOURHOODS, size))
        places = pl.Series(prefix).replace_strict(_BIRTHPLACES, default="Hải Phòng", return_dtype=pl.String)
        hide_address = chance.flags(defects.rate(slips.no_address, laxity), size)
        return {
            "ethnicity": blanked(
                chance.pick(_ETHNICITIES, _ETHNICITY_WEIGHTS, size),
                chance.flags(defects.rate(slips.no_ethnicity, laxity), size),
                "",
            ),
            "nationality": chance.pick(_FOREIGN, _FOREIGN_WEIGHTS, size),
            "birthplace": places,
            "address": blanked(houses + streets, hide_address, ""),
            "phone": blanked(phones(chance, size), chance.flags(defects.rate(slips.no_phone, laxity), size), ""),
            "email": pl.repeat("", size, eager=True),
        }

    def _identity(self, chance: Chance, check: Places) -> dict[str, pl.Series]:
        state = defects.identity_states(chance, check)
        unchecked = state == defects.IDENTITY_STATES.index("unverified")
        checked = chance.days(self.today - dt.timedelta(days=420), self.today, len(check))
        return {
            "identity_state": pl.Series(defects.IDENTITY_STATES).gather(state),
            "identity_source": blanked(pl.repeat("population", len(check), eager=True), unchecked, ""),
            "identity_checked_on": blanked(dates(checked), unchecked),
        }

    def _updated(self, chance: Chance, stale: Floats) -> pl.Series:
        size = len(stale)
        fresh = chance.days(self.today - dt.timedelta(days=80), self.today, size)
        old = chance.days(self.today - dt.timedelta(days=1100), self.today - dt.timedelta(days=400), size)
        is_stale = chance.flags(stale, size)
        return blanked(dates(np.where(is_stale, old, fresh)), is_stale & chance.flags(0.4, size))


@dataclass(frozen=True)
class Written:
    """Columns of ``Person`` written so far, and what later columns build on."""

    columns: dict[str, pl.Series]
    names: Names
    numbers: numbers.Numbers
    birth_year: Places

    def frame(self, *, role: str, **more: pl.Series) -> pl.DataFrame:
        """Complete the rows: encrypted numbers, the role's flag, and ``more`` columns."""
        size = len(self.birth_year)
        flags = {flag: pl.repeat(flag == role, size, eager=True) for flag in ("is_learner", "is_staff", "is_guardian")}
        given = {"code", "work_email"} - set(more)
        unknown = {"citizen_identity_level": pl.Int16, "plays_art": pl.Boolean, "plays_sport": pl.Boolean}
        return pl.DataFrame(
            {
                **self.columns,
                **numbers.columns(self.numbers),
                **flags,
                **{name: pl.repeat("", size, eager=True) for name in sorted(given)},
                **{name: pl.repeat(None, size, dtype=kind, eager=True) for name, kind in unknown.items()},
                **more,
            }
        )


def years(days: Places) -> Places:
    """Give the calendar year of each day (days from 1 January 1970)."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + EPOCH.year


def phones(chance: Chance, size: int) -> pl.Series:
    """Draw mobile numbers of ten digits."""
    heads = np.array(_MOBILE)[chance.below(len(_MOBILE), size)]
    return pl.Series(heads * 10**7 + chance.below(10**7, size)).cast(pl.String).str.zfill(10)
