"""The command-line contracts: shapes, exit codes, refusals."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from phuong.kernel.text import name_sort_key
from phuong.plans.models import Plan
from tests.world import World, a_world

PHUONG = Path(sys.executable).with_name("phuong")
CODE = "registry.learners_with_number"
NUMBER = {"number": "031205001234", "birth_date": "2005-03-01", "sex": "male"}
NAMES = {"names": ["Đỗ Khánh Dương", "Nguyễn Thị Ánh"]}
LIMIT = {"from": "2026-11-20T15:30:00+07:00", "days": 5}
Ask = Callable[[str, Any], tuple[int, Any]]


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
    ("rule", "case", "code", "words"),
    [
        ("personal-number", [NUMBER], 0, '"031"'),
        ("name-key", NAMES, 0, "do khanh duong"),
        ("name-key", "{", 2, "not_json"),
        ("working-days", {**LIMIT, "holidays": ["2026-11-24"]}, 0, '"2026-11-30"'),
    ],
)
def test_a_rule_is_asked_without_a_database(tmp_path: Path, rule: str, case: Any, code: int, words: str) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "PYTEST"))}

    done = subprocess.run(
        [PHUONG, "rules", rule],
        input=case if isinstance(case, str) else json.dumps(case),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**env, "PHUONG_HOME": str(tmp_path)},
        timeout=60,
        check=False,
    )

    assert (done.returncode, words in done.stdout) == (code, True)
    assert isinstance(json.loads(done.stdout), type(case) if code == 0 else dict)
    assert bool(done.stderr) is (code == 2)
    assert not (tmp_path / "postgres").exists()


def test_a_number_that_agrees_is_answered_with_rule_and_reason(ask: Ask) -> None:
    code, answer = ask("personal-number", NUMBER)

    assert code == 0
    assert set(answer) == {"well_formed", "province_of_registration", "agrees", "rule", "because"}
    assert (answer["well_formed"], answer["province_of_registration"]) == (True, "031")
    assert answer["agrees"] == {"sex": True, "birth_year": True}
    assert [set(reason) for reason in answer["because"]] == [{"article", "text"}]


def test_a_list_of_numbers_is_answered_with_a_list_in_its_order(ask: Ask) -> None:
    cases = [
        {"number": "031305001234", "sex": "male", "birth_date": "2004-03-01"},  # a girl of 2005
        {"number": "031205001234"},
        {"number": "000205001234"},  # no such province
        {"number": "097205001234"},
        {"number": "03120500123"},
        {"number": "031099000001", "birth_date": "1999-12-31", "sex": "male"},
    ]

    code, answers = ask("personal-number", cases)

    assert code == 0
    assert [answer["well_formed"] for answer in answers] == [True, True, False, False, False, True]
    assert [answer["agrees"] for answer in answers] == [
        {"sex": False, "birth_year": False},
        {"sex": None, "birth_year": None},
        {"sex": None, "birth_year": None},
        {"sex": None, "birth_year": None},
        {"sex": None, "birth_year": None},
        {"sex": True, "birth_year": True},
    ]


def test_names_are_sorted_as_on_a_class_list(ask: Ask) -> None:
    code, answer = ask("name-key", NAMES)

    assert code == 0
    assert answer["sorted"] == ["Nguyễn Thị Ánh", "Đỗ Khánh Dương"] == sorted(NAMES["names"], key=name_sort_key)
    assert answer["search_keys"] == ["do khanh duong", "nguyen thi anh"]
    assert {"rule", "because"} <= set(answer)


@pytest.mark.parametrize(
    ("rule", "case", "at"),
    [
        ("personal-number", {**NUMBER, "colour": "red"}, "colour"),
        ("personal-number", {"sex": "male"}, "number"),
        ("personal-number", {**NUMBER, "sex": "nam"}, "sex"),
        ("personal-number", {**NUMBER, "birth_date": "1/3/2005"}, "birth_date"),
        ("personal-number", {"number": 31205001234}, "number"),
        ("personal-number", [NUMBER, {**NUMBER, "colour": "red"}], "colour"),
        ("personal-number", "not json", "$"),
        ("personal-number", "", "$"),
        ("personal-number", 7, "$"),
        ("name-key", {"names": "Lan"}, "names"),
        ("name-key", {"names": ["Lan", 3]}, "names.1"),
        ("name-key", {**NAMES, "order": "en"}, "order"),
        ("working-days", {**LIMIT, "days": 0}, "days"),
        ("working-days", {**LIMIT, "from": "20/11/2026"}, "from"),
        ("working-days", {**LIMIT, "holidays": ["24/11"]}, "holidays.0"),
        ("working-days", {**LIMIT, "worked": []}, "worked"),
    ],
    ids=str,
)
def test_malformed_input_is_refused_with_its_place(ask: Ask, rule: str, case: Any, at: str) -> None:
    code, answer = ask(rule, case)

    assert code == 2
    assert set(answer) == {"error", "at", "message"}
    assert answer["at"] == at
    assert answer["error"]
    assert answer["message"]


def test_a_list_of_nothing_is_a_list_of_nothing(ask: Ask) -> None:
    assert ask("personal-number", []) == (0, [])


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def told(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, dict[str, Any], str]:
    with pytest.raises(SystemExit) as left:
        call_command(*arguments, "--json")
    written = capsys.readouterr()
    return left.value.code, json.loads(written.out), written.err


def test_the_status_of_a_plan(world: World) -> None:
    (row,) = told("plans", "status", "ke-hoach", "--year", "2026", "--org", world.school.code)

    assert row == {
        "code": "1",
        "name": "Học sinh có số định danh",
        "unit": "percent",
        "target": "90",
        "comparator": ">=",
        "actual": "0.0",
        "numerator": 0,
        "denominator": 2,
        "source": "counted",
        "status": "behind",
        "as_of": "2026-11-22",
    }


def test_the_status_without_an_organisation_is_that_of_the_province(world: World) -> None:
    (row,) = told("plans", "status", "ke-hoach", "--year", "2026")

    assert row["denominator"] == 4


@pytest.mark.parametrize("arguments", [["plans", "status", "khong-co"], ["plans", "status", "ke-hoach", "--org", "x9"]])
def test_what_nobody_knows_is_refused(world: World, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, answer, message = refused(capsys, *arguments)

    assert code == 2
    assert (answer["error"], answer["at"]) == ("not_there", "")
    assert answer["message"]
    assert message


def test_the_list_of_plans(world: World) -> None:
    (row,) = told("plans", "list")

    assert row == {
        "code": "ke-hoach",
        "title": "Kế hoạch thử",
        "province": "31",
        "starts": 2025,
        "ends": 2030,
        "version": 1,
    }


def test_a_plan_file_is_read_in_once(world: World, tmp_path: Path) -> None:
    file = tmp_path / "moi.yaml"
    file.write_text(
        "plan: {code: moi, title: Mới, issuer: Sở, province: '31', starts: 2026, ends: 2030}\n"
        "indicators:\n  - {code: A, title: Một, unit: count, targets: [{year: 2026, comparator: '>=', value: '3'}]}\n"
    )

    first, second = (told("plans", "import", str(file))[0] for _ in range(2))

    assert first == {
        "plan": "moi",
        "changed": True,
        "indicators": 1,
        "tasks": 0,
        "duties": 0,
        "new_targets": 1,
        "changed_targets": [],
    }
    assert (second["changed"], second["new_targets"]) == (False, 0)


def test_a_bad_plan_file_is_refused_with_every_place(
    world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "hong.yaml"
    file.write_text("plan: {code: hong}\nindicators: []\n")

    code, answer, message = refused(capsys, "plans", "import", str(file))

    assert code == 2
    assert answer["error"] == "plans.bad_file"
    assert {place["at"] for place in answer["places"]} == {f"plan.{name}" for name in MISSING}
    assert message.count("hong.yaml:1: plan.") == len(MISSING)
    assert Plan.objects.filter(code="hong").count() == 0


MISSING = ("title", "issuer", "province", "starts", "ends")


def test_one_bad_file_of_two_leaves_neither(world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good, bad = tmp_path / "a.yaml", tmp_path / "b.yaml"
    good.write_text(
        "plan: {code: tot, title: Tốt, issuer: Sở, province: '31', starts: 2026, ends: 2030}\nindicators: []\n"
    )
    bad.write_text("plan: 1\nindicators: []\n")

    code, _answer, _message = refused(capsys, "plans", "import", str(good), str(bad))

    assert code == 2
    assert Plan.objects.filter(code="tot").count() == 0


def test_the_list_of_measures(world: World) -> None:
    rows = told("measures", "list")

    assert {frozenset(row) for row in rows} == {frozenset({"code", "title", "unit", "app", "serves", "state"})}
    assert {row["state"] for row in rows} <= {"computed", "planned", "reported"}
    (row,) = [row for row in rows if row["code"] == CODE]
    assert (row["app"], row["unit"], row["state"]) == ("registry", "percent", "computed")
    assert all(":" in served for served in row["serves"])


@pytest.mark.parametrize("by", ["school", "commune", "level"])
def test_a_measure_with_its_parts(world: World, by: str) -> None:
    answer = told("measures", "show", CODE, "--org", "31", "--by", by)

    parts = answer.pop("parts")
    assert answer == {"code": CODE, "as_of": "2026-11-22", "numerator": 0, "denominator": 4, "value": "0.0"}
    assert {frozenset(part) for part in parts} == {frozenset({"org", "name", "numerator", "denominator", "value"})}
    assert sum(part["denominator"] for part in parts) == 4
    assert len(parts) == {"school": 3, "commune": 2, "level": 2}[by]


def test_a_measure_of_one_school_has_no_parts_unless_asked(world: World) -> None:
    answer = told("measures", "show", CODE, "--org", world.school.code)

    assert (answer["denominator"], answer["parts"]) == (2, [])


def test_records_are_paged_with_why_and_address(world: World) -> None:
    first = told("measures", "records", CODE, "--org", "31", "--missing", "--limit", "3")
    rest = told("measures", "records", CODE, "--org", "31", "--missing", "--limit", "3", "--after", first["next"])

    assert set(first) == {"count", "records", "next"}
    assert (first["count"], len(first["records"]), len(rest["records"]), rest["next"]) == (4, 3, 1, None)
    for record in first["records"] + rest["records"]:
        assert set(record) == {"id", "label", "org", "url", "why"}
        assert str(UUID(record["id"])) in record["url"]
        assert record["why"]


def test_records_that_meet(world: World) -> None:
    assert told("measures", "records", CODE, "--org", "31", "--met") == {"count": 0, "records": [], "next": None}


@pytest.mark.parametrize(
    "arguments",
    [
        ["measures", "show", "registry.unheard_of"],
        ["measures", "records", "registry.unheard_of", "--missing"],
        ["measures", "records", CODE, "--after", "not-a-key"],
        ["measures", "records", CODE, "--limit", "-1"],
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    world: World, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, answer, message = refused(capsys, *arguments)

    assert code == 2
    assert {"error", "at", "message"} <= set(answer)
    assert message
