"""The published commands: shapes, exit codes, refusals, places of mistakes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

Ask = Callable[[str, Any], tuple[int, Any]]
PHUONG = Path(sys.executable).with_name("phuong")
GOOD = {f"M{place}": "8.5" for place in range(1, 7)}
TERM = {"regular": ["8", "9"], "midterm": "7", "final": "8"}
RESULT = {"scored": {**GOOD, "TOAN": "4.9"}, "remarked": {"GDTC": "dat"}}
CONDUCT = {"term1": "tot", "term2": "kha"}
FAILED = {"TOAN": "4.0", **{f"M{place}": "5.5" for place in range(1, 6)}}
YEAR = {
    "grade": 8,
    "result": "dat",
    "conduct": "dat",
    "absences": 12,
    "retest": None,
    "scored": {f"M{place}": "5.5" for place in range(1, 9)},
    "remarked": {"GDTC": "dat"},
    "summer_conduct": None,
}
REPEAT = {**YEAR, "result": "chua_dat", "scored": FAILED}
HONOUR = {"result": "tot", "conduct": "tot", "scored": {f"M{place}": "9.0" for place in range(1, 7)}}
CHILD = {
    "grade": 4,
    "subjects": {"TOAN": "T", "TIENGVIET": "T"},
    "tests": {"TOAN": 9, "TIENGVIET": 9},
    "qualities": {"NHANAI": "T"},
    "competences": {"NLTUCHU": "T"},
}


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask a rule in this process: standard input in, exit code and standard output out."""

    def answer(rule: str, case: Any) -> tuple[int, Any]:
        monkeypatch.setattr(sys, "stdin", StringIO(case if isinstance(case, str) else json.dumps(case)))
        with pytest.raises(SystemExit) as left:
            call_command("rules", rule)
        return int(left.value.code or 0), json.loads(capsys.readouterr().out)

    return answer


@pytest.mark.parametrize(
    ("rule", "case", "expected"),
    [
        ("secondary-subject-average", TERM, {"average": "7.9"}),
        ("secondary-subject-average", {"regular": [6.5, 7, 7, 8], "midterm": 6, "final": 6.5}, {"average": "6.7"}),
        ("secondary-subject-average", {"term1": "7.9", "term2": "8.5"}, {"average": "8.3"}),
        ("secondary-subject-average", {"term1": 6.4, "term2": 6.5}, {"average": "6.5"}),
        ("secondary-subject-average", {"regular": ["10"], "midterm": "10", "final": "10"}, {"average": "10.0"}),
        ("secondary-subject-average", {"regular": ["0"], "midterm": "0", "final": "0"}, {"average": "0.0"}),
        ("secondary-subject-average", {**TERM, "final": None}, {"average": None}),
        ("secondary-subject-average", {"regular": ["8"]}, {"average": None}),
        ("secondary-subject-average", {**TERM, "regular": []}, {"average": None}),
        ("secondary-subject-average", {"term1": "7.9"}, {"average": None}),
        ("secondary-result", RESULT, {"result": "kha", "before_adjustment": "dat", "adjusted_by": "TOAN"}),
        (
            "secondary-result",
            {"scored": {**GOOD, "M7": "8.5"}, "remarked": {"GDTC": "chua_dat"}},
            {"result": "kha", "before_adjustment": "dat", "adjusted_by": "GDTC"},
        ),
        (
            "secondary-result",
            {"scored": {**GOOD, "M6": "4.9"}, "remarked": {}, "profile": {"adjust_counts_toward_six": True}},
            {"result": "dat", "before_adjustment": "chua_dat", "adjusted_by": "M6"},
        ),
        (
            "secondary-result",
            {"scored": {**GOOD, "M6": "4.9"}, "remarked": {}, "profile": {"adjust_counts_toward_six": False}},
            {"result": "chua_dat", "before_adjustment": "chua_dat", "adjusted_by": None},
        ),
        ("conduct-year", CONDUCT, {"conduct": "kha"}),
        ("conduct-year", {"term1": "chua_dat", "term2": "tot"}, {"conduct": "kha"}),
        ("promotion", YEAR, {"outcome": "promoted", "retest_subjects": []}),
        ("promotion", {**YEAR, "grade": 9}, {"outcome": "completed", "retest_subjects": []}),
        ("promotion", {**YEAR, "absences": 46}, {"outcome": "retained", "retest_subjects": []}),
        ("promotion", {**YEAR, "conduct": "chua_dat"}, {"outcome": "summer_training", "retest_subjects": []}),
        (
            "promotion",
            {**YEAR, "conduct": "chua_dat", "summer_conduct": "dat"},
            {"outcome": "promoted", "retest_subjects": []},
        ),
        ("promotion", REPEAT, {"outcome": "retest", "retest_subjects": ["TOAN"]}),
        ("promotion", {**REPEAT, "retest": {"TOAN": "5.0"}}, {"outcome": "promoted", "retest_subjects": []}),
        ("promotion", {**REPEAT, "retest": {"TOAN": "4.9"}}, {"outcome": "retained", "retest_subjects": []}),
        ("promotion", {**REPEAT, "conduct": "chua_dat"}, {"outcome": "retained", "retest_subjects": []}),
        (
            "promotion",
            {**REPEAT, "remarked": {"GDTC": "chua_dat", "HDTN": "chua_dat"}, "retest": {"GDTC": "dat", "TOAN": 5}},
            {"outcome": "promoted", "retest_subjects": []},
        ),
        ("promotion", {**YEAR, "retest": {"M1": "5.0"}}, {"outcome": "promoted", "retest_subjects": []}),
        ("honours", HONOUR, {"honour": "xuat_sac"}),
        ("honours", {**HONOUR, "scored": {"TOAN": "9.0"}}, {"honour": "gioi"}),
        ("honours", {**HONOUR, "conduct": "kha"}, {"honour": None}),
        ("primary-year-result", CHILD, {"result": "xuat_sac"}),
        ("primary-year-result", {**CHILD, "tests": {"TOAN": "7", "TIENGVIET": 10}}, {"result": "tot"}),
        ("primary-year-result", {**CHILD, "qualities": {"NHANAI": "D"}}, {"result": "hoan_thanh"}),
        ("primary-year-result", {**CHILD, "subjects": {"TOAN": "C"}}, {"result": "chua_hoan_thanh"}),
    ],
)
def test_a_case_is_answered_with_rule_and_reasons(ask: Ask, rule: str, case: Any, expected: dict[str, Any]) -> None:
    code, answer = ask(rule, case)

    assert code == 0
    assert answer.pop("rule") == ("TT27/2020@1" if rule.startswith("primary") else "TT22/2021@1")
    because = answer.pop("because")
    assert because
    assert all(set(reason) == {"article", "text"} and reason["article"] and reason["text"] for reason in because)
    assert answer == expected


@pytest.mark.parametrize(
    ("rule", "case", "at"),
    [
        ("secondary-subject-average", {}, "regular"),
        ("secondary-subject-average", {**TERM, "colour": "red"}, "colour"),
        ("secondary-subject-average", {**TERM, "term1": "7"}, "regular"),
        ("secondary-subject-average", {**TERM, "regular": ["8", "11"]}, "regular.1"),
        ("secondary-subject-average", {**TERM, "regular": ["8", None]}, "regular.1"),
        ("secondary-subject-average", {**TERM, "regular": "8"}, "regular"),
        ("secondary-subject-average", {**TERM, "regular": ["8"] * 101}, "regular"),
        ("secondary-subject-average", {**TERM, "midterm": "7,5"}, "midterm"),
        ("secondary-subject-average", {**TERM, "final": 8.25}, "final"),
        ("secondary-subject-average", {**TERM, "final": True}, "final"),
        ("secondary-subject-average", {"term1": "7.9", "term2": "8.55"}, "term2"),
        ("secondary-subject-average", "[{", "$"),
        ("secondary-subject-average", '{"regular": [NaN], "midterm": 7, "final": 8}', "regular.0"),
        ("secondary-subject-average", "[" * 100_000, "$"),
        ("secondary-subject-average", "7", "$"),
        ("secondary-subject-average", [TERM, {**TERM, "colour": "red"}], "colour"),
        ("secondary-subject-average", '{"regular": [8], "\\ud800": 1}', "$"),
        ("secondary-result", {"remarked": {}}, "scored"),
        ("secondary-result", {**RESULT, "scored": {"TOAN": None}}, "scored.TOAN"),
        ("secondary-result", {**RESULT, "scored": {"TOAN": "-1"}}, "scored.TOAN"),
        ("secondary-result", {**RESULT, "scored": {"": "8"}}, "scored..[key]"),
        ("secondary-result", {**RESULT, "remarked": {"GDTC": "tot"}}, "remarked.GDTC"),
        ("secondary-result", {**RESULT, "remarked": {"TOAN": "dat"}}, "remarked.TOAN"),
        ("secondary-result", {**RESULT, "profile": {"absences": 3}}, "profile.absences"),
        (
            "secondary-result",
            {**RESULT, "profile": {"adjust_counts_toward_six": 1}},
            "profile.adjust_counts_toward_six",
        ),
        ("conduct-year", {"term1": "tot"}, "term2"),
        ("conduct-year", {**CONDUCT, "term1": None}, "term1"),
        ("conduct-year", {**CONDUCT, "term2": "Tốt"}, "term2"),
        ("conduct-year", {**CONDUCT, "term3": "tot"}, "term3"),
        ("promotion", {**YEAR, "grade": 5}, "grade"),
        ("promotion", {**YEAR, "grade": "8"}, "grade"),
        ("promotion", {**YEAR, "grade": True}, "grade"),
        ("promotion", {**YEAR, "absences": -1}, "absences"),
        ("promotion", {**YEAR, "absences": 1.5}, "absences"),
        ("promotion", {**YEAR, "result": "gioi"}, "result"),
        ("promotion", {**YEAR, "summer_conduct": "yes"}, "summer_conduct"),
        ("promotion", {**YEAR, "result": "chua_dat", "scored": {}, "remarked": {}}, "scored"),
        ("promotion", {**REPEAT, "retest": {"VATLI": "5.0"}}, "retest.VATLI"),
        ("promotion", {**REPEAT, "retest": {"TOAN": "dat"}}, "retest.TOAN"),
        ("promotion", {**REPEAT, "retest": {"TOAN": "5.25"}}, "retest.TOAN"),
        ("promotion", {**REPEAT, "retest": {"GDTC": "5.0"}}, "retest.GDTC"),
        ("promotion", {**REPEAT, "retest": ["TOAN"]}, "retest"),
        ("promotion", {**YEAR, "remarked": {"M1": "dat"}}, "remarked.M1"),
        ("promotion", {**YEAR, "profile": {}}, "profile"),
        ("honours", {"result": "tot", "conduct": "tot"}, "scored"),
        ("honours", {**HONOUR, "result": "xuat_sac"}, "result"),
        ("primary-year-result", {**CHILD, "grade": 6}, "grade"),
        ("primary-year-result", {**CHILD, "subjects": {"TOAN": "D"}}, "subjects.TOAN"),
        ("primary-year-result", {**CHILD, "qualities": {"NHANAI": "H"}}, "qualities.NHANAI"),
        ("primary-year-result", {**CHILD, "tests": {"TOAN": 8.5}}, "tests.TOAN"),
        ("primary-year-result", {**CHILD, "tests": {"TOAN": 0}}, "tests.TOAN"),
        ("primary-year-result", {**CHILD, "tests": {"TOAN": 11}}, "tests.TOAN"),
        ("primary-year-result", {**CHILD, "conduct": "tot"}, "conduct"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_malformed_input_is_refused_with_its_place(ask: Ask, rule: str, case: Any, at: str) -> None:
    code, answer = ask(rule, case)

    assert code == 2
    assert set(answer) == {"error", "at", "message"}
    assert answer["at"] == at
    assert answer["error"]
    assert answer["message"]


@pytest.mark.parametrize(
    ("rule", "case", "error"),
    [
        ("secondary-result", {"scored": {}, "remarked": {}}, "academics.nothing_to_judge"),
        ("promotion", {**REPEAT, "retest": {"M1": "9.0"}}, "academics.not_retested"),
        ("primary-year-result", {**CHILD, "subjects": {}}, "academics.nothing_to_judge"),
        ("primary-year-result", {**CHILD, "tests": {}}, "academics.nothing_to_judge"),
        ("primary-year-result", {**CHILD, "qualities": {}}, "academics.nothing_to_judge"),
    ],
)
def test_a_case_the_rule_cannot_decide_is_refused(ask: Ask, rule: str, case: Any, error: str) -> None:
    code, answer = ask(rule, case)

    assert code == 1
    assert answer["error"] == error
    assert answer["message"]


@pytest.mark.parametrize(
    ("rule", "cases"),
    [
        ("secondary-subject-average", [TERM, {"term1": "7.9", "term2": "8.5"}]),
        ("secondary-result", [RESULT, RESULT]),
        ("conduct-year", [CONDUCT] * 3),
        ("promotion", [YEAR, REPEAT]),
        ("honours", []),
        ("primary-year-result", [CHILD]),
    ],
)
def test_a_list_is_answered_with_a_list_in_its_order(ask: Ask, rule: str, cases: list[Any]) -> None:
    alone = [ask(rule, case)[1] for case in cases]

    assert ask(rule, cases) == (0, alone)


def test_a_primary_case_says_which_tests_were_not_there(ask: Ask) -> None:
    _code, answer = ask("primary-year-result", CHILD)

    assert answer["because"][-1]["text"].endswith("KHOAHOC, LSDLTH, NN1, TINCN")
    assert answer["because"][-1]["article"].endswith("điều 7 khoản 1")


@pytest.mark.slow
def test_a_rule_is_asked_as_a_program_without_a_database(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "PYTEST"))}

    done = subprocess.run(
        [PHUONG, "rules", "secondary-result"],
        input=json.dumps([RESULT]),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**env, "PHUONG_HOME": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)[0]["result"] == "kha"
    assert not (tmp_path / "postgres").exists()
