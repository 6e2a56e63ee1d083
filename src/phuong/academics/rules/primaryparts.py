"""The parts of a primary year that are kept (1: the end of term 1, 0: the year): what each rests on and comes to."""

from dataclasses import dataclass
from typing import Any

from phuong.academics.rules.levels import Reason
from phuong.academics.rules.primary import PrimaryFacts, primary_result
from phuong.academics.rules.profiles import PrimaryProfile
from phuong.academics.rules.yearly import PrimaryYear, primary_year

HALF, YEAR = 1, 0
PRIMARY_PARTS = (HALF, YEAR)
ASSESSED = "assessed"  # the outcome of a half year in which nothing lacks: it has no result of its own


@dataclass(frozen=True)
class PrimaryTimes:
    """What both parts of a pupil's year rest on."""

    half: PrimaryFacts
    year: PrimaryYear

    def part(self, part: int) -> PrimaryFacts | PrimaryYear:
        """Give what one part rests on."""
        return self.year if part == YEAR else self.half


def decide_primary(profile: PrimaryProfile, rests_on: PrimaryFacts | PrimaryYear) -> dict[str, Any]:
    """Decide a part as it is stored.

    ``averages``: whole marks of the tests; ``remarks``: T, H, C by subject and T, D, C by quality and competence;
    ``level``: 0 Chưa hoàn thành to 3 Hoàn thành xuất sắc; ``retest``: the subjects in which to be helped.
    """
    if isinstance(rests_on, PrimaryFacts):
        missing = primary_result(profile, rests_on).missing
        return _stored(rests_on, outcome="" if missing else ASSESSED)
    found, facts = primary_year(profile, rests_on), rests_on.facts
    level = None if found.result is None else result_codes(profile).index(found.result)
    outcome = str(found.outcome or "")
    helped = below(profile, facts) if level == 0 else []
    return _stored(facts, level=level, honour=found.honour or "", outcome=outcome, retest=helped)


def _stored(facts: PrimaryFacts, **more: Any) -> dict[str, Any]:
    said = {**facts.subjects, **facts.qualities, **facts.competences}
    decided = {"level": None, "honour": "", "outcome": "", "retest": [], **more}
    return {
        "averages": dict(sorted(facts.tests.items())),
        "remarks": dict(sorted(said.items())),
        "before": decided["level"],
        "adjusted_by": "",
        "conduct": None,
        **decided,
    }


def because_primary(profile: PrimaryProfile, rests_on: PrimaryFacts | PrimaryYear) -> tuple[Reason, ...]:
    """Say why a part came to what it did."""
    if isinstance(rests_on, PrimaryYear):
        return primary_year(profile, rests_on).because
    found = primary_result(profile, rests_on)
    if found.missing:
        return found.because
    return (Reason(profile.article("tests"), "Đã đánh giá đủ các môn, phẩm chất, năng lực; chưa xếp kết quả năm học"),)


def below(profile: PrimaryProfile, facts: PrimaryFacts) -> list[str]:
    """Name the subjects whose level or test is below the least that completes the year."""
    least = profile.results[-1]
    failed = {code for code, level in facts.subjects.items() if level not in least.subjects}
    failed |= {code for code, mark in facts.tests.items() if mark is not None and mark < least.tests}
    return sorted(failed)


def result_codes(profile: PrimaryProfile) -> list[str]:
    """Give the results of a year from the lowest up; a stored level is the place in this list."""
    return [profile.lowest_result, *(terms.result for terms in reversed(profile.results))]


def result_titles(profile: PrimaryProfile) -> list[str]:
    """Name the results of a year from the lowest up."""
    return ["Chưa hoàn thành", *(terms.title for terms in reversed(profile.results))]
