"""Preschool (mầm non): age bands, development by indicators, growth against the standards of WHO."""

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phuong.academics.rules.levels import Level, Reason
from phuong.academics.rules.profiles import Band, PreschoolProfile

NORMAL = "normal"


@dataclass(frozen=True)
class Domain:
    """How a child stands in one domain: indicators Đạt, of how many told, and how many are not told yet."""

    met: int
    told: int
    missing: int


@dataclass(frozen=True)
class Growth:
    """Findings of one weighing and measuring, by index; ``normal`` where nothing is found."""

    findings: dict[str, str]
    because: tuple[Reason, ...]


def stage_at(profile: PreschoolProfile, months: int) -> str | None:
    """Name the age band of a child so many full months old; none outside preschool."""
    stages = profile.stages.items()
    return next((code for code, stage in stages if stage.from_month <= months < stage.to_month), None)


def development(
    profile: PreschoolProfile, stage: str, results: Mapping[str, Sequence[int | None]]
) -> dict[str, Domain]:
    """Count, for each domain of an age band, what the indicators say: 1 Đạt, 0 Chưa đạt, ``None`` not told yet.

    There is no overall result: the programme gives none.

    :raises KeyError: no such age band, or a domain it does not have
    """
    domains = profile.stages[stage].domains
    unknown = sorted(set(results) - set(domains))
    if unknown:
        raise KeyError(unknown[0])
    return {code: _domain(results.get(code, ())) for code in domains}


def _domain(results: Sequence[int | None]) -> Domain:
    told = [result for result in results if result is not None]
    return Domain(sum(result == Level.DAT for result in told), len(told), len(results) - len(told))


def growth(profile: PreschoolProfile, deviations: Mapping[str, int]) -> Growth:
    """Say what a child's indices mean; ``deviations``: hundredths of a standard deviation (z-score) by index.

    :raises KeyError: an index the profile does not know
    """
    found = {code: _band(profile.growth[code], value) for code, value in deviations.items()}
    article = profile.article("growth")
    reasons = tuple(Reason(article, f"{code}: {band.title}") for code, band in found.items() if band)
    findings = {code: band.finding if band else NORMAL for code, band in found.items()}
    return Growth(findings, reasons or (Reason(article, "Bình thường"),))


def _band(bands: Sequence[Band], value: int) -> Band | None:
    """Give the first band that holds the value: the profile lists the graver one first."""
    return next((band for band in bands if _holds(band, value)), None)


def _holds(band: Band, value: int) -> bool:
    return value < band.below if band.below is not None else band.above is not None and value > band.above


def next_measuring(profile: PreschoolProfile, months: int) -> int:
    """Say after how many months a child so many months old is to be weighed and measured again."""
    steps = profile.measuring
    return next((step.every_months for step in steps if months < step.to_month), steps[-1].every_months)


def months_old(birth: dt.date, day: dt.date) -> int:
    """Count the full months of a child's life on a day."""
    return (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)


def due_on(profile: PreschoolProfile, birth: dt.date | None, last: dt.date) -> dt.date:
    """Give the day by which a child weighed and measured on ``last`` is due again; unknown birth: as the oldest."""
    every = profile.measuring[-1].every_months if birth is None else next_measuring(profile, months_old(birth, last))
    year, month = divmod(last.month - 1 + every, 12)
    year, month = last.year + year, month + 1
    return dt.date(year, month, min(last.day, monthrange(year, month)[1]))


def findings_of(profile: PreschoolProfile, index: str) -> dict[str, str]:
    """Give what may be found of a growth index, titles by code: normal, then the findings of the profile."""
    return {NORMAL: "Bình thường", **{band.finding: band.title for band in profile.growth[index]}}
