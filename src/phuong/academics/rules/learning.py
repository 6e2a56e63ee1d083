"""The learning result (kết quả học tập) of a term or a year, with the adjustment for one single subject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phuong.academics.rules.levels import HIGHEST, Level, Reason, shown
from phuong.academics.rules.profiles import SecondaryProfile, Threshold

Scored = Mapping[str, int | None]
Remarked = Mapping[str, int | None]


@dataclass(frozen=True)
class Result:
    """A learning result; ``None`` levels: it cannot be decided yet. ``adjusted_by``: the subject thought away."""

    level: Level | None
    before: Level | None
    adjusted_by: str | None
    because: tuple[Reason, ...]


def plain_level(profile: SecondaryProfile, averages: Sequence[int], failed: int) -> Level:
    """Give the level before any adjustment; ``averages`` in tenths, ``failed``: remark-assessed subjects Chưa đạt."""
    for threshold in profile.thresholds:
        if _meets(threshold, averages, failed):
            return threshold.level
    return Level.CHUA_DAT


def _meets(threshold: Threshold, averages: Sequence[int], failed: int) -> bool:
    good = sum(average >= threshold.good for average in averages)
    return failed <= threshold.failed and good >= threshold.subjects and all(a >= threshold.least for a in averages)


def adjusting_subject(profile: SecondaryProfile, scored: Mapping[str, int], remarked: Mapping[str, int]) -> str | None:
    """Name the one subject that alone pulls the level down so far that it is given back, if there is one.

    Each subject is thought perfect in turn. When the profile does not let it count towards the number of good subjects,
    it is left out instead. Of several (no profile so far allows that) the lowest average, then the first code.
    """
    failed = sum(not result for result in remarked.values())
    now = plain_level(profile, list(scored.values()), failed)
    perfect = (HIGHEST,) if profile.adjustment.counts else ()
    for code in sorted(scored, key=lambda each: (scored[each], each)):
        others = [average for each, average in scored.items() if each != code]
        if _is_far(profile, now, plain_level(profile, [*others, *perfect], failed)):
            return code
    for code in sorted(each for each, result in remarked.items() if not result):
        if _is_far(profile, now, plain_level(profile, list(scored.values()), failed - 1)):
            return code
    return None


def _is_far(profile: SecondaryProfile, now: Level, then: Level) -> bool:
    return then in profile.adjustment.below and then - now >= profile.adjustment.fallen


def learning_result(profile: SecondaryProfile, scored: Scored, remarked: Remarked) -> Result:
    """Decide the learning result from the averages of a term or of the year, in tenths, and the remarks (1 Đạt, 0 not).

    A subject the pupil is exempt from is left out of both; ``None`` is a result that is not there yet. No level is
    given while one is missing, or when there is no subject at all.
    """
    missing = sorted(code for code, value in (*scored.items(), *remarked.items()) if value is None)
    if missing or not (scored or remarked):
        return Result(None, None, None, (_undecided(profile, missing),))
    marks = {code: value for code, value in scored.items() if value is not None}
    remarks = {code: value for code, value in remarked.items() if value is not None}
    before = plain_level(profile, list(marks.values()), sum(not result for result in remarks.values()))
    code = adjusting_subject(profile, marks, remarks)
    plain = _why(profile, before, marks, remarks)
    if code is None:
        return Result(before, before, None, (plain,))
    level = Level(min(before + profile.adjustment.raised, Level.TOT))
    return Result(level, before, code, (plain, _raised(profile, code, before, level)))


def _undecided(profile: SecondaryProfile, missing: list[str]) -> Reason:
    text = f"Chưa có kết quả của: {', '.join(missing)}" if missing else "Không có môn học nào để xếp mức"
    return Reason(profile.article("result"), text)


def _why(profile: SecondaryProfile, level: Level, scored: Mapping[str, int], remarked: Mapping[str, int]) -> Reason:
    text = _counts(profile, level, list(scored.values()), sum(not result for result in remarked.values()))
    failing = next((each for each in reversed(profile.thresholds) if each.level == level + 1), None)
    if failing:
        text += f"; chưa đạt mức {failing.level.title}: {_lacks(failing, scored, remarked)}"
    return Reason(profile.article(f"result_{level.code}"), text)


def _counts(profile: SecondaryProfile, level: Level, averages: list[int], failed: int) -> str:
    threshold = next((each for each in profile.thresholds if each.level == level), profile.thresholds[-1])
    good = sum(average >= threshold.good for average in averages)
    lowest = f", thấp nhất {shown(min(averages))}" if averages else ""
    remarks = f"; {failed} môn nhận xét Chưa đạt" if failed else ""
    return f"Mức {level.title}: {len(averages)} môn tính điểm{lowest}, {good} môn từ {shown(threshold.good)}{remarks}"


def _lacks(threshold: Threshold, scored: Mapping[str, int], remarked: Mapping[str, int]) -> str:
    low = sorted(code for code, average in scored.items() if average < threshold.least)
    failed = sorted(code for code, result in remarked.items() if not result)
    good = sum(average >= threshold.good for average in scored.values())
    lacks = []
    if low:
        lacks.append(f"{', '.join(low)} dưới {shown(threshold.least)}")
    if len(failed) > threshold.failed:
        lacks.append(f"{', '.join(failed)} Chưa đạt")
    if good < threshold.subjects:
        lacks.append(f"chỉ {good} trong {threshold.subjects} môn từ {shown(threshold.good)}")
    return "; ".join(lacks)


def _raised(profile: SecondaryProfile, code: str, before: Level, level: Level) -> Reason:
    fallen = profile.adjustment.fallen
    text = f"Chỉ do môn {code} mà thấp xuống từ {fallen} mức trở lên: điều chỉnh từ {before.title} lên {level.title}"
    return Reason(profile.article("adjustment"), text)
