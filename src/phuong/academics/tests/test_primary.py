"""Primary school: tests that are due, the result of the year, completion, honours."""

from dataclasses import replace
from typing import Any

import pytest

from phuong.academics.profiles import primary
from phuong.academics.rules.primary import (
    PrimaryFacts,
    due_tests,
    primary_completion,
    primary_honour,
    primary_result,
)
from phuong.academics.rules.yearly import primary_year
from phuong.academics.testing import some_primary

RULES = primary()
BEST = PrimaryFacts(
    grade=4,
    subjects={"TIENGVIET": "T", "TOAN": "T", "DAODUC": "T"},
    tests={"TIENGVIET": 9, "TOAN": 10},
    qualities={"NHANAI": "T"},
    competences={"NLTUCHU": "T"},
)
BASE, UPPER = ("TIENGVIET", "TOAN"), ("TIENGVIET", "TOAN", "NN1", "TINCN", "LSDLTH", "KHOAHOC")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "xuat_sac"),
        ({"tests": {"TIENGVIET": 9, "TOAN": 8}}, "tot"),
        ({"tests": {"TIENGVIET": 7, "TOAN": 7}}, "tot"),
        ({"tests": {"TIENGVIET": 10, "TOAN": 6}}, "hoan_thanh"),
        ({"tests": {"TIENGVIET": 5, "TOAN": 5}}, "hoan_thanh"),
        ({"tests": {"TIENGVIET": 10, "TOAN": 4}}, "chua_hoan_thanh"),
        ({"subjects": {"TOAN": "H"}}, "hoan_thanh"),
        ({"subjects": {"TOAN": "T", "DAODUC": "C"}}, "chua_hoan_thanh"),
        ({"qualities": {"NHANAI": "D"}}, "hoan_thanh"),
        ({"qualities": {"NHANAI": "C"}}, "chua_hoan_thanh"),
        ({"competences": {"NLTUCHU": "D"}}, "hoan_thanh"),
        ({"competences": {"NLTUCHU": "T", "NLTOAN": "C"}}, "chua_hoan_thanh"),
    ],
)
def test_the_weakest_part_decides_the_year(changed: dict[str, Any], expected: str) -> None:
    found = primary_result(RULES, replace(BEST, **changed))

    assert found.result == expected
    assert found.because[0].article == "Thông tư 27/2020/TT-BGDĐT, điều 9 khoản 2 điểm a"


@pytest.mark.parametrize(
    ("changed", "missing"),
    [
        ({"tests": {"TIENGVIET": 9, "TOAN": None}}, ("TOAN",)),
        ({"subjects": {"TOAN": None, "DAODUC": "T"}}, ("TOAN",)),
        ({"tests": {}}, ("tests",)),
        ({"subjects": {}, "qualities": {}, "competences": {}}, ("subjects", "qualities", "competences")),
    ],
)
def test_a_year_that_lacks_something_is_not_decided(changed: dict[str, Any], missing: tuple[str, ...]) -> None:
    found = primary_result(RULES, replace(BEST, **changed))

    assert (found.result, found.missing) == (None, missing)


@pytest.mark.parametrize(
    ("grade", "middle", "end"),
    [(1, (), BASE), (2, (), BASE), (3, (), (*BASE, "NN1", "TINCN")), (4, BASE, UPPER), (5, BASE, UPPER)],
)
def test_which_tests_are_due_depends_on_the_grade(grade: int, middle: tuple[str, ...], end: tuple[str, ...]) -> None:
    assert due_tests(RULES, grade, "mid1") == due_tests(RULES, grade, "mid2") == middle
    assert due_tests(RULES, grade, "end1") == due_tests(RULES, grade, "end2") == end


@pytest.mark.parametrize(
    ("grade", "result", "again", "decided", "expected"),
    [
        (4, "xuat_sac", None, None, "promoted"),
        (4, "hoan_thanh", None, None, "promoted"),
        (5, "hoan_thanh", None, None, "completed"),
        (4, "chua_hoan_thanh", None, None, "support"),
        (4, "chua_hoan_thanh", "hoan_thanh", None, "promoted"),
        (5, "chua_hoan_thanh", "hoan_thanh", None, "completed"),
        (4, "chua_hoan_thanh", "chua_hoan_thanh", None, "principal"),
        (4, "chua_hoan_thanh", "chua_hoan_thanh", True, "promoted"),
        (5, "chua_hoan_thanh", "chua_hoan_thanh", False, "retained"),
        (4, None, None, None, None),
    ],
)
def test_who_does_not_complete_is_helped_assessed_again_and_decided_on(
    grade: int, result: str | None, again: str | None, decided: bool | None, expected: str | None
) -> None:
    assert primary_completion(RULES, grade, result, again=again, decided=decided).outcome == expected


def test_honours_of_a_primary_year() -> None:
    assert primary_honour(RULES, "xuat_sac") == "xuat_sac"
    assert primary_honour(RULES, "tot", outstanding=True, class_agrees=True) == "tieu_bieu"
    assert primary_honour(RULES, "tot", outstanding=True) is None
    assert primary_honour(RULES, "tot", class_agrees=True) is None
    assert primary_honour(RULES, "hoan_thanh", outstanding=True, class_agrees=True) is None
    assert primary_honour(RULES, None) is None


def test_a_higher_test_mark_never_lowers_the_year() -> None:
    order = ["chua_hoan_thanh", *reversed([terms.result for terms in RULES.results])]

    for pupil in some_primary(3, 300):
        before = primary_year(RULES, pupil)
        raised = {code: min(10, (mark or 0) + 1) for code, mark in pupil.facts.tests.items()}
        after = primary_year(RULES, replace(pupil, facts=replace(pupil.facts, tests=raised)))
        assert before.result is not None
        assert after.result is not None
        assert order.index(after.result) >= order.index(before.result)
