"""What is stored can be proved; a shadow run tells who would change; recomputing changes nothing."""

import datetime as dt
from dataclasses import replace
from itertools import count

import pytest

from phuong.academics.profiles import primary, secondary
from phuong.academics.rules.averages import TermMarks
from phuong.academics.rules.levels import Level
from phuong.academics.rules.proof import canonical, inputs_hash, plain, prove, shadow_run
from phuong.academics.rules.yearly import SecondaryYear, primary_year, secondary_year
from phuong.academics.testing import marks, some_primary, some_secondary

RULES = secondary()
STRICT = RULES.changed(adjustment=RULES.adjustment.model_copy(update={"counts": False}))
GOOD, LOW = marks("8.5 8.5", "8.5", "8.5"), marks("4.9 4.9", "4.9", "4.9")
SUBJECTS = ("GDCD", "KHTN", "LSDL", "NGUVAN", "NN1", "TINHOC", "TOAN")
PUPIL = SecondaryYear(
    grade=8,
    scored=dict.fromkeys(SUBJECTS, (GOOD, GOOD)) | {"CONGNGHE": (LOW, LOW)},
    remarked={"GDTC": (1, 1), "HDTN": (0, 1)},
    conduct=(Level.KHA, Level.TOT),
    absences=3,
)


def test_a_year_is_worked_out_from_the_marks_up() -> None:
    found = secondary_year(RULES, PUPIL)

    assert found.averages["TOAN"] == (85, 85, 85)
    assert found.averages["CONGNGHE"] == (49, 49, 49)
    assert found.remarks["HDTN"] == (0, 1, 1)
    assert found.results == (Level.DAT, Level.KHA, Level.KHA)
    assert found.before == (Level.DAT, Level.DAT, Level.DAT)
    assert found.adjusted_by == (None, "CONGNGHE", "CONGNGHE")
    assert (found.conduct, found.honour, found.outcome) == (Level.TOT, None, "promoted")
    assert found.because


def test_a_year_with_one_missing_final_stays_open() -> None:
    open_term = TermMarks(GOOD.regular, GOOD.midterm, None)
    pupil = replace(PUPIL, scored={**PUPIL.scored, "TOAN": (GOOD, open_term)})

    found = secondary_year(RULES, pupil)

    assert found.averages["TOAN"] == (85, None, None)
    assert found.results == (Level.DAT, None, None)
    assert (found.honour, found.outcome, found.final_result) == (None, None, None)


def test_inputs_have_one_text_whatever_their_order() -> None:
    turned = replace(PUPIL, scored=dict(reversed(PUPIL.scored.items())))

    assert canonical({"b": (1, None), "a": Level.TOT}) == '{"a":3,"b":[1,null]}'
    assert canonical([dt.date(2026, 11, 26), "Đạt", True]) == '["2026-11-26","\\u0110\\u1ea1t",true]'
    assert canonical(turned) == canonical(PUPIL)
    assert inputs_hash(RULES, turned) == inputs_hash(RULES, PUPIL)
    assert len(inputs_hash(RULES, PUPIL)) == 64


@pytest.mark.parametrize("value", [0.1, {1: 2}, {3}, object()])
def test_what_has_no_exact_form_is_not_hashed(value: object) -> None:
    with pytest.raises(TypeError):
        plain({"a": value} if not isinstance(value, dict) else value)


def test_the_hash_changes_with_the_inputs_and_with_the_rule_but_not_with_its_wording() -> None:
    other = replace(PUPIL, absences=4)
    reworded = RULES.changed(source="elsewhere", doubts={}, title="another")
    next_version = RULES.changed(version=2)

    assert inputs_hash(RULES, other) != inputs_hash(RULES, PUPIL)
    assert inputs_hash(STRICT, PUPIL) != inputs_hash(RULES, PUPIL)
    assert inputs_hash(next_version, PUPIL) != inputs_hash(RULES, PUPIL)
    assert inputs_hash(reworded, PUPIL) == inputs_hash(RULES, PUPIL)


def test_the_hash_is_the_same_on_every_machine() -> None:
    assert RULES.digest == "13a0b85656ce7d3559e2500ad14510b03ca474ebbd3477cd1e6567620d582bef"
    assert inputs_hash(RULES, PUPIL) == "f522a934d6668bb5db3398d265e9b6557d3b5d37f940928fc4cf1bee149d69d3"


def test_what_is_stored_is_proved_until_somebody_touches_it() -> None:
    stored = secondary_year(RULES, PUPIL)
    kept = inputs_hash(RULES, PUPIL)

    assert prove(RULES, PUPIL, stored, kept, secondary_year).is_proved
    touched = prove(RULES, PUPIL, replace(stored, honour="gioi"), kept, secondary_year)
    assert (touched.is_proved, touched.same_inputs) == (False, True)
    assert touched.differences == (("honour", "gioi", None),)
    changed = replace(PUPIL, absences=50)
    moved = prove(RULES, changed, stored, kept, secondary_year)
    assert (moved.is_proved, moved.same_inputs) == (False, False)
    assert moved.differences == (("outcome", "promoted", "retained"),)


def test_a_few_stored_fields_can_be_proved_alone() -> None:
    stored = {"outcome": "promoted", "conduct": Level.TOT, "adjusted_by": [None, "CONGNGHE", "CONGNGHE"]}

    assert prove(RULES, PUPIL, stored, inputs_hash(RULES, PUPIL), secondary_year).is_proved
    wrong = prove(RULES, PUPIL, {"shoe_size": 40}, inputs_hash(RULES, PUPIL), secondary_year)
    assert wrong.differences == (("shoe_size", 40, None),)


def test_recomputing_changes_nothing() -> None:
    for pupil in some_secondary(11, 300):
        first = secondary_year(RULES, pupil)
        assert secondary_year(RULES, pupil) == first
        assert prove(RULES, pupil, first, inputs_hash(RULES, pupil), secondary_year).is_proved


def test_a_higher_final_mark_never_lowers_what_a_year_comes_to() -> None:
    compared = 0

    for pupil in some_secondary(13, 300):
        raised = {
            code: (first, second._replace(final=None if second.final is None else min(100, second.final + 9)))
            for code, (first, second) in pupil.scored.items()
        }
        before = secondary_year(RULES, pupil)
        after = secondary_year(RULES, replace(pupil, scored=raised))
        if before.results[2] is not None:
            compared += 1
            assert after.results[2] is not None
            assert after.results[2] >= before.results[2]
            assert before.honour is None or after.honour in (before.honour, "xuat_sac")
    assert compared > 200


def test_a_shadow_run_tells_who_would_change_and_how() -> None:
    edge = replace(PUPIL, scored={**dict.fromkeys(SUBJECTS[:5], (GOOD, GOOD)), "CONGNGHE": (LOW, LOW)})
    pupils = [("an", PUPIL), ("binh", edge)]

    found = list(shadow_run(RULES, STRICT, pupils, secondary_year))

    assert [change.key for change in found] == ["binh"]
    told = {name: (was, now) for name, was, now in found[0].differences}
    assert told["outcome"] == ("promoted", "retest")
    assert told["retest_subjects"] == ([], ["CONGNGHE"])


def test_a_shadow_run_under_the_same_rules_is_empty() -> None:
    pupils = enumerate(some_secondary(5, 200))

    assert list(shadow_run(RULES, RULES.changed(), pupils, secondary_year)) == []


def test_a_shadow_run_reads_one_pupil_at_a_time() -> None:
    endless = ((place, PUPIL) for place in count())
    stricter = RULES.changed(promotion=RULES.promotion.model_copy(update={"absences": 2}))

    found = next(shadow_run(RULES, stricter, endless, secondary_year))

    assert found.key == 0
    assert found.differences == (("outcome", "promoted", "retained"),)


def test_a_primary_profile_can_be_run_in_the_shadow_too() -> None:
    rules = primary()
    hard = rules.changed(results=tuple(each.model_copy(update={"tests": each.tests + 1}) for each in rules.results))
    pupils = list(enumerate(some_primary(2, 300)))

    found = list(shadow_run(rules, hard, pupils, primary_year))

    assert 0 < len(found) < 300
    assert list(shadow_run(rules, rules, pupils, primary_year)) == []


def test_the_same_seed_draws_the_same_pupils_of_every_kind() -> None:
    drawn = [secondary_year(RULES, pupil) for pupil in some_secondary(1, 1000)]

    assert list(map(canonical, some_secondary(9, 20))) == list(map(canonical, some_secondary(9, 20)))
    assert {each.outcome for each in drawn} == {"promoted", "completed", "retest", "summer_training", "retained", None}
    assert {each.results[2] for each in drawn} == {*Level, None}
    assert {each.honour for each in drawn} == {"xuat_sac", "gioi", None}
    assert sum(each.adjusted_by[2] is not None for each in drawn) > 10
