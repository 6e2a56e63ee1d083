"""The parts of a year (1, 2: its terms, 0: the whole): what each rests on, and what it comes to as it is stored."""

from dataclasses import replace
from typing import Any

from phuong.academics.rules.averages import TermMarks
from phuong.academics.rules.learning import learning_result
from phuong.academics.rules.levels import Level, Reason
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.academics.rules.yearly import SecondaryOutcome, SecondaryYear, secondary_year

YEAR = 0
PARTS = (1, 2, YEAR)
_NONE = TermMarks()


def resting_on(year: SecondaryYear, part: int) -> SecondaryYear:
    """Give what a part rests on: a term on its own marks and conduct alone, whatever comes of the other."""
    if part == YEAR:
        return year
    is_first = part == 1
    return replace(
        year,
        scored={code: (a, _NONE) if is_first else (_NONE, b) for code, (a, b) in year.scored.items()},
        remarked={code: (a, None) if is_first else (None, b) for code, (a, b) in year.remarked.items()},
        conduct=(year.conduct[0], None) if is_first else (None, year.conduct[1]),
        absences=0,
        retest=None,
        summer_conduct=None,
        by_plan=None,
    )


def stored(year: SecondaryYear, outcome: SecondaryOutcome, part: int) -> dict[str, Any]:
    """Give what is stored of a part; levels as numbers, nothing as ``None`` or blank."""
    place = 2 if part == YEAR else part - 1
    conduct = outcome.conduct if part == YEAR else year.conduct[place]
    is_year = part == YEAR
    return {
        "averages": {code: parts[place] for code, parts in sorted(outcome.averages.items())},
        "remarks": {code: parts[place] for code, parts in sorted(outcome.remarks.items())},
        "level": _number(outcome.results[place]),
        "before": _number(outcome.before[place]),
        "adjusted_by": outcome.adjusted_by[place] or "",
        "conduct": _number(conduct),
        "honour": (outcome.honour or "") if is_year else "",
        "outcome": str(outcome.outcome or "") if is_year else "",
        "retest": list(outcome.retest_subjects) if is_year else [],
    }


def decide(profile: SecondaryProfile, year: SecondaryYear, part: int) -> dict[str, Any]:
    """Decide one part of a year anew."""
    return stored(year, secondary_year(profile, year), part)


def because(profile: SecondaryProfile, year: SecondaryYear, part: int) -> tuple[Reason, ...]:
    """Say why a part came to what it did."""
    outcome = secondary_year(profile, year)
    if part == YEAR:
        return outcome.because
    averages = {code: parts[part - 1] for code, parts in outcome.averages.items()}
    remarks = {code: parts[part - 1] for code, parts in outcome.remarks.items()}
    return learning_result(profile, averages, remarks).because


def _number(level: Level | None) -> int | None:
    return None if level is None else int(level)
