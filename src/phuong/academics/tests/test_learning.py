"""The learning result: levels at their boundaries, the adjustment for one subject, what cannot be decided."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.academics.profiles import secondary
from phuong.academics.rules.learning import learning_result, plain_level
from phuong.academics.rules.levels import Level
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.academics.rules.yearly import secondary_year
from phuong.academics.testing import EDGES, averages, some_secondary

RULES = secondary()
STRICT = RULES.changed(adjustment=RULES.adjustment.model_copy(update={"counts": False}))
PASSED = {"GDTC": 1, "HDTN": 1}
AVERAGE = st.one_of(st.sampled_from(EDGES), st.integers(0, 100))
SCORED = st.dictionaries(st.sampled_from([f"M{n}" for n in range(1, 12)]), AVERAGE, max_size=11)
REMARKED = st.dictionaries(st.sampled_from(["GDTC", "HDTN", "GDDP"]), st.sampled_from([0, 1, 1, 1]), max_size=3)


def level_of(*values: str, failed: int = 0, rules: SecondaryProfile = RULES) -> tuple[str, str, str | None]:
    """Give the result, the one before adjustment, and who was thought away."""
    remarked = {**PASSED, **{f"NX{n}": 0 for n in range(failed)}}
    found = learning_result(rules, averages(*values), remarked)
    assert found.level is not None
    assert found.before is not None
    return found.level.code, found.before.code, found.adjusted_by


@pytest.mark.parametrize(
    ("values", "failed", "expected"),
    [
        (["8.0"] * 6 + ["6.5"] * 2, 0, "tot"),
        (["8.0"] * 5 + ["7.9"] + ["6.5"] * 2, 0, "kha"),
        (["8.0"] * 6 + ["6.4"], 0, "kha"),
        (["8.0"] * 6, 0, "tot"),
        (["8.0"] * 5, 0, "chua_dat"),
        (["6.5"] * 6 + ["5.0"] * 2, 0, "kha"),
        (["6.5"] * 5 + ["6.4"] + ["5.0"] * 2, 0, "dat"),
        (["6.5"] * 6 + ["4.9"], 0, "dat"),
        (["5.0"] * 6 + ["3.5"] * 2, 0, "dat"),
        (["5.0"] * 6 + ["3.4"] * 2, 0, "chua_dat"),
        (["5.0"] * 5 + ["4.9"] * 3, 0, "chua_dat"),
        (["5.0"] * 6, 1, "dat"),
        (["5.0"] * 6, 2, "chua_dat"),
        (["0.0"] * 8, 0, "chua_dat"),
        (["10.0"] * 8, 0, "tot"),
    ],
)
def test_a_level_begins_at_its_threshold_and_with_six_subjects(values: list[str], failed: int, expected: str) -> None:
    assert level_of(*values, failed=failed)[1] == expected


@pytest.mark.parametrize(
    ("values", "failed", "expected"),
    [
        (["8.5"] * 6 + ["4.9"], 0, ("kha", "dat", "M7")),  # two levels: Tốt to Đạt
        (["8.5"] * 7 + ["3.4"], 0, ("dat", "chua_dat", "M8")),  # three levels: Tốt to Chưa đạt
        (["8.5"] * 7 + ["6.4"], 0, ("kha", "kha", None)),  # one level
        (["6.5"] * 6 + ["3.4"], 0, ("dat", "chua_dat", "M7")),  # two levels: Khá to Chưa đạt
        (["6.5"] * 6 + ["4.9"], 0, ("dat", "dat", None)),  # one level: Khá to Đạt
        (["5.0"] * 7 + ["3.4"], 0, ("chua_dat", "chua_dat", None)),  # Đạt to Chưa đạt: not from Tốt or Khá
        (["8.5"] * 6 + ["4.9"] * 2, 0, ("dat", "dat", None)),  # two subjects
        (["8.5"] * 6 + ["3.4"] * 2, 0, ("chua_dat", "chua_dat", None)),
        (["8.5"] * 7, 1, ("kha", "dat", "NX0")),  # the one subject is a remarked one
        (["6.5"] * 7, 1, ("dat", "dat", None)),
        (["8.5"] * 7, 2, ("chua_dat", "chua_dat", None)),
        (["8.5"] * 7 + ["4.9"], 1, ("dat", "dat", None)),
        (["8.5"] * 7 + ["3.4"], 1, ("chua_dat", "chua_dat", None)),
    ],
)
def test_one_single_subject_costs_at_most_one_level_less(
    values: list[str], failed: int, expected: tuple[str, str, str | None]
) -> None:
    assert level_of(*values, failed=failed) == expected


@pytest.mark.parametrize(
    ("values", "counting", "not_counting"),
    [
        (["8.5"] * 5 + ["6.5"] * 2 + ["4.9"], ("kha", "dat", "M8"), ("dat", "dat", None)),
        (["8.5"] * 5 + ["4.9"], ("dat", "chua_dat", "M6"), ("chua_dat", "chua_dat", None)),
        (["8.5"] * 5 + ["5.0"], ("kha", "dat", "M6"), ("dat", "dat", None)),
        (["8.5"] * 6 + ["4.9"], ("kha", "dat", "M7"), ("kha", "dat", "M7")),
    ],
)
def test_whether_the_subject_fills_a_place_among_the_six_is_a_flag(
    values: list[str], counting: tuple[str, str, str | None], not_counting: tuple[str, str, str | None]
) -> None:
    assert level_of(*values) == counting
    assert level_of(*values, rules=STRICT) == not_counting


def test_a_missing_result_leaves_the_level_open_and_is_named() -> None:
    found = learning_result(RULES, {**averages(*["8.5"] * 7), "TOAN": None}, {"GDTC": None})

    assert (found.level, found.before, found.adjusted_by) == (None, None, None)
    assert found.because[0].text == "Chưa có kết quả của: GDTC, TOAN"


def test_who_is_exempt_from_everything_has_no_level() -> None:
    found = learning_result(RULES, {}, {})

    assert found.level is None
    assert found.because[0].text == "Không có môn học nào để xếp mức"


def test_a_result_cites_its_articles_and_says_what_was_lacking() -> None:
    found = learning_result(RULES, averages(*["8.5"] * 6, "4.9"), PASSED)

    assert [reason.article.rpartition(", ")[2] for reason in found.because] == [
        "điều 9 khoản 2 điểm c",
        "điều 9 khoản 3",
    ]
    assert "M7 dưới 5,0" in found.because[0].text
    assert "từ Đạt lên Khá" in found.because[1].text


def closed_form(rules: SecondaryProfile, scored: Mapping[str, int], remarked: Mapping[str, int]) -> Level:
    """Decide as SQL can: counts and the two lowest averages, no subject tried in turn.

    The one subject can only be the lowest average when no remark failed, or the one failed remark.
    """
    values, failed = sorted(scored.values()), sum(not each for each in remarked.values())
    before = plain_level(rules, values, failed)
    best = Level.CHUA_DAT
    for asked in (each for each in rules.thresholds if each.level in rules.adjustment.below):
        others = values if failed else values[1:]
        good = sum(each >= asked.good for each in others) + (not failed and rules.adjustment.counts)
        lowest = others[0] if others else asked.least
        fits = failed <= asked.failed + 1 if failed else bool(values)
        if fits and lowest >= asked.least and good >= asked.subjects:
            best = max(best, asked.level)
    return Level(before + rules.adjustment.raised) if best - before >= rules.adjustment.fallen else before


@given(SCORED, REMARKED, st.booleans())
def test_the_closed_form_that_sql_mirrors_says_the_same(
    scored: dict[str, int], remarked: dict[str, int], counts: bool
) -> None:
    rules = RULES if counts else STRICT
    found = learning_result(rules, scored, remarked)

    assert found.level is None or found.level == closed_form(rules, scored, remarked)


@pytest.mark.parametrize("rule", ["TT22/2021", "TT43/2021-THCS", "TT43/2021-THPT"])
def test_the_closed_form_says_the_same_of_pupils_near_the_thresholds(rule: str) -> None:
    rules = secondary(rule)
    decided = 0

    for pupil in some_secondary(7, 900, rules):
        year = secondary_year(rules, pupil)
        scored = {code: parts[2] for code, parts in year.averages.items()}
        remarked = {code: parts[2] for code, parts in year.remarks.items()}
        if year.results[2] is not None:
            decided += 1
            assert year.results[2] == closed_form(rules, scored, remarked)
    assert decided > 600


@given(SCORED, REMARKED, st.integers(0, 10), st.integers(1, 100), st.booleans())
def test_a_higher_average_never_lowers_the_result(
    scored: dict[str, int], remarked: dict[str, int], place: int, more: int, counts: bool
) -> None:
    rules = RULES if counts else STRICT
    before = learning_result(rules, scored, remarked).level
    raised = dict(scored)
    for code in sorted(scored)[place : place + 1]:
        raised[code] = min(100, scored[code] + more)
    after = learning_result(rules, raised, remarked).level

    assert (after is None) is (before is None)
    assert after is None or before is None or after >= before


@given(SCORED, REMARKED)
def test_a_remark_passed_never_lowers_the_result(scored: dict[str, int], remarked: dict[str, int]) -> None:
    before = learning_result(RULES, scored, remarked).level
    after = learning_result(RULES, scored, dict.fromkeys(remarked, 1)).level

    assert after is None or before is None or after >= before


@given(SCORED, REMARKED, st.booleans())
def test_the_adjustment_raises_by_at_most_one_level(
    scored: dict[str, int], remarked: dict[str, int], counts: bool
) -> None:
    found = learning_result(RULES if counts else STRICT, scored, remarked)

    assert found.level is None or found.before is None or found.level - found.before == (found.adjusted_by is not None)


@given(SCORED, REMARKED, st.randoms())
def test_the_order_of_subjects_does_not_matter(
    scored: dict[str, int], remarked: dict[str, int], chance: object
) -> None:
    mixed = list(scored.items())
    chance.shuffle(mixed)

    assert learning_result(RULES, dict(mixed), remarked) == learning_result(RULES, scored, remarked)


def test_continuing_education_counts_fewer_subjects() -> None:
    lower, upper = secondary("TT43/2021-THCS"), secondary("TT43/2021-THPT")

    assert level_of("8.0", "8.0", "8.0", "6.5", rules=lower)[0] == "tot"
    assert level_of("8.0", "8.0", "7.9", "6.5", rules=lower)[0] == "kha"
    assert level_of(*["8.0"] * 5, "6.5", "6.5", rules=upper)[0] == "tot"
    assert level_of(*["8.0"] * 4, "7.9", "6.5", "6.5", rules=upper)[0] == "kha"
    assert level_of(*["8.0"] * 6, "3.4", rules=upper) == ("dat", "chua_dat", "M7")
