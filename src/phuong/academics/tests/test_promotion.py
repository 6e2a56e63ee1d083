"""Promotion, completion, re-test, summer training, retention."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from phuong.academics.profiles import secondary
from phuong.academics.rules.levels import Level, tenths
from phuong.academics.rules.yearend import Outcome, YearFacts, counted_absences, promotion, retest_subjects
from phuong.academics.testing import averages

RULES = secondary()
LENIENT = RULES.changed(promotion=RULES.promotion.model_copy(update={"retest_needs_conduct": False}))
PASSED = YearFacts(8, Level.DAT, Level.DAT, 0, averages(*["5.5"] * 8), {"GDTC": 1})
FAILED = replace(PASSED, result=Level.CHUA_DAT, scored=averages(*["5.5"] * 5, "4.9", "4.0", "3.4"))


def end_of(facts: YearFacts, **changed: Any) -> tuple[str | None, tuple[str, ...]]:
    found = promotion(RULES, replace(facts, **changed))
    return found.outcome, found.retest_subjects


@pytest.mark.parametrize("grade", range(6, 13))
def test_who_meets_all_three_terms_moves_up_or_completes_the_level(grade: int) -> None:
    assert end_of(PASSED, grade=grade) == ("completed" if grade in (9, 12) else "promoted", ())


@pytest.mark.parametrize(("absences", "outcome"), [(0, "promoted"), (45, "promoted"), (46, "retained")])
def test_forty_five_half_days_may_be_missed(absences: int, outcome: str) -> None:
    assert end_of(PASSED, absences=absences) == (outcome, ())


def test_too_many_absences_leave_no_second_chance() -> None:
    assert end_of(FAILED, absences=46) == ("retained", ())
    assert end_of(FAILED, absences=46, retest={"M6": 80, "M7": 80, "M8": 80}) == ("retained", ())


def test_who_failed_learning_is_tested_again_in_what_failed() -> None:
    assert end_of(FAILED, remarked={"GDTC": 0, "HDTN": 1}) == ("retest", ("GDTC", "M6", "M7", "M8"))
    assert retest_subjects(RULES, {**averages("5.0", "4.9"), "TOAN": None}, {"GDTC": None}) == ("M2",)


@pytest.mark.parametrize(
    ("retest", "outcome"),
    [
        ({"M6": "5.0", "M7": "5.0", "M8": "5.0"}, "promoted"),
        ({"M6": "5.0", "M8": "3.5"}, "promoted"),  # six from 5.0, none below 3.5
        ({"M6": "5.0", "M8": "3.4"}, "retained"),
        ({"M6": "4.9", "M7": "4.9", "M8": "4.9"}, "retained"),
        ({}, "retained"),
    ],
)
def test_new_results_take_the_place_of_the_old_ones(retest: dict[str, str], outcome: str) -> None:
    new = {code: tenths(value) for code, value in retest.items()}

    assert end_of(FAILED, retest=new) == (outcome, ())
    assert end_of(FAILED, retest=new, grade=9)[0] == ("completed" if outcome == "promoted" else outcome)


def test_the_result_after_a_re_test_is_worked_out_anew_adjustment_included() -> None:
    facts = replace(FAILED, scored=averages(*["6.5"] * 6, "3.0", "3.0"), retest={"M7": tenths("7.0")})

    found = promotion(RULES, facts)

    assert (found.outcome, found.result) == (Outcome.PROMOTED, Level.DAT)
    assert [reason.article.rpartition(", ")[2] for reason in found.because] == [
        "điều 14",
        "điều 9 khoản 2 điểm d",
        "điều 9 khoản 3",
    ]


def test_a_new_remark_counts_like_a_new_mark() -> None:
    facts = replace(FAILED, scored=averages(*["5.5"] * 6), remarked={"GDTC": 0, "HDTN": 0})

    assert end_of(facts) == ("retest", ("GDTC", "HDTN"))
    assert end_of(facts, retest={"GDTC": 1, "HDTN": 0}) == ("promoted", ())
    assert end_of(facts, retest={"GDTC": 0, "HDTN": 0}) == ("retained", ())


def test_results_nobody_asked_for_change_nothing() -> None:
    assert end_of(FAILED, retest={"M1": 100, "NN2": 100}) == ("retained", ())
    assert end_of(PASSED, retest={"M1": 0}) == ("promoted", ())
    assert end_of(PASSED, summer_conduct=Level.CHUA_DAT) == ("promoted", ())


def test_poor_conduct_means_training_in_summer() -> None:
    poor = replace(PASSED, conduct=Level.CHUA_DAT)

    assert end_of(poor) == ("summer_training", ())
    assert end_of(poor, summer_conduct=Level.DAT) == ("promoted", ())
    assert end_of(poor, summer_conduct=Level.CHUA_DAT) == ("retained", ())
    assert promotion(RULES, replace(poor, summer_conduct=Level.KHA)).conduct == Level.KHA


def test_who_failed_both_is_retained_unless_the_profile_reads_the_law_the_other_way() -> None:
    both = replace(FAILED, conduct=Level.CHUA_DAT)
    again = {"M6": 50, "M7": 50, "M8": 50}

    assert end_of(both) == end_of(both, summer_conduct=Level.DAT, retest=again) == ("retained", ())
    trained = replace(both, summer_conduct=Level.DAT)
    assert promotion(LENIENT, both).outcome == Outcome.SUMMER_TRAINING
    assert promotion(LENIENT, both).retest_subjects == ("M6", "M7", "M8")
    assert promotion(LENIENT, trained).outcome == Outcome.RETEST
    assert promotion(LENIENT, replace(trained, retest=again)).outcome == Outcome.PROMOTED
    assert promotion(LENIENT, replace(both, summer_conduct=Level.CHUA_DAT)).outcome == Outcome.RETAINED


def test_with_nothing_to_test_again_a_failed_year_is_repeated() -> None:
    facts = replace(FAILED, scored=averages(*["5.0"] * 5))

    found = promotion(RULES, facts)

    assert (found.outcome, found.retest_subjects) == (Outcome.RETAINED, ())
    assert "không có môn nào" in found.because[0].text


def test_a_pupil_with_an_individual_plan_is_decided_on_by_the_principal() -> None:
    assert end_of(FAILED, by_plan=True, absences=60) == ("promoted", ())
    assert end_of(FAILED, by_plan=True, grade=9) == ("completed", ())
    assert end_of(PASSED, by_plan=False) == ("retained", ())


@pytest.mark.parametrize("lacking", ["result", "conduct"])
def test_nothing_is_decided_while_a_result_lacks(lacking: str) -> None:
    assert end_of(PASSED, **{lacking: None}) == (None, ())


def test_a_day_of_absence_counts_once() -> None:
    monday, tuesday = dt.date(2026, 11, 23), dt.date(2026, 11, 24)

    assert counted_absences([monday, monday, tuesday]) == 2
