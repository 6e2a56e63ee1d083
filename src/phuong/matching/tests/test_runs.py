"""Runs: found pairs are kept once, decisions are never asked again, numbers never leave their seal in the clear."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import call_command

from phuong.kernel.jobs import JobState, Progress, cancel, run_job
from phuong.kernel.models import Job
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.vault import fingerprint, seal
from phuong.matching.actions.running import carry_out
from phuong.matching.actions.runs import ask_run, make_run
from phuong.matching.models import Pair, PairState, Run, RunState
from phuong.registry.api import Guardianship, Organisation, Person
from phuong.registry.testing import a_commune, a_guardian, a_learner, a_person, a_province, a_school

pytestmark = pytest.mark.django_db
BORN = dt.date(2013, 5, 19)


def numbered(number: str) -> dict[str, Any]:
    return {"number_cipher": seal(number), "number_hash": fingerprint(number), "number_check": "agrees"}


@pytest.fixture
def schools() -> tuple[Organisation, Organisation]:
    a_province()
    return a_school(a_commune("11311")), a_school(a_commune("11329"))


def known_twice(schools: tuple[Organisation, Organisation], **facts: Any) -> tuple[Person, Person]:
    facts = {"birth_date": BORN, **numbered("031213001234"), **facts}
    one = a_learner(schools[0], name="Đỗ Khánh An", **facts)
    return one, a_learner(schools[1], name="Do Khanh An", **facts)


def a_run(unit: Organisation | None = None, against: Organisation | None = None) -> Run:
    run = make_run(unit or Organisation.objects.get(path="vn.p31"), by=SYSTEM, against=against)
    carry_out(Progress(), str(run.pk))
    run.refresh_from_db()
    return run


def test_somebody_known_at_two_schools_is_found_once_and_kept_without_values(schools: Any) -> None:
    one, two = known_twice(schools)
    a_learner(schools[0], name="Nguyễn Văn Bình", birth_date=BORN)

    run = a_run()
    again = a_run()

    pair = Pair.objects.get()
    assert (pair.one, pair.two) == tuple(sorted((one.pk, two.pk)))
    assert (pair.state, pair.is_sure, pair.guard) == (PairState.OPEN, True, "")
    assert pair.evidence == {
        **{"given": "equal", "rest": "no_marks", "born": "equal", "sex": "equal"},
        **{"number": "equal", "phone": "missing", "place": "other", "birthplace": "missing"},
    }
    assert str(pair.path) == "vn.p31"
    assert (run.state, run.figures["people"], run.figures["sure"]) == (RunState.DONE, 3, 1)
    assert pair.run_id == again.pk


def test_twins_are_not_a_pair_even_with_everything_else_in_common(schools: Any) -> None:
    phone = {"phone": "0912345678", "birthplace": "Hải Phòng", "birth_date": BORN}
    a_learner(schools[0], name="Đỗ Khánh An", **numbered("031213001234"), **phone)
    a_learner(schools[0], name="Đỗ Khánh Ân", **numbered("031213001235"), **phone)
    a_learner(schools[0], name="Đỗ Khánh Bình", **phone)

    a_run()

    assert not Pair.objects.exists()


def test_guardian_and_ward_of_one_name_are_never_a_pair(schools: Any) -> None:
    one, two = known_twice(schools)
    Guardianship.objects.create(guardian=one, learner=two, path=two.path, relation="father")

    a_run()

    assert not Pair.objects.exists()


def test_a_phone_of_the_mother_speaks_for_the_child(schools: Any) -> None:
    one, two = known_twice(schools, number_cipher=None, number_hash=None, number_check="missing")
    for child in (one, two):
        Person.objects.filter(pk=a_guardian(child).pk).update(phone="+84 912 345 678")

    a_run()

    (evidence,) = [pair.evidence for pair in Pair.objects.all() if one.pk in (pair.one, pair.two)]
    assert (evidence["phone"], evidence["number"]) == ("equal", "missing")


@pytest.mark.parametrize("state", [PairState.DIFFERENT, PairState.SAME])
def test_what_people_decided_is_never_asked_again(schools: Any, state: str) -> None:
    known_twice(schools)
    a_run()
    Pair.objects.update(state=state)

    a_run()

    assert Pair.objects.get().state == state


def test_later_stays_later_and_what_is_no_longer_alike_is_closed_and_comes_back(schools: Any) -> None:
    one, _two = known_twice(schools)
    a_run()
    Pair.objects.update(state=PairState.LATER)
    a_run()
    assert Pair.objects.get().state == PairState.LATER
    Pair.objects.update(state=PairState.OPEN)
    Person.objects.filter(pk=one.pk).update(full_name="Phạm Thị Hoa", **numbered("031313009999"))

    a_run()
    assert Pair.objects.get().state == PairState.GONE

    Person.objects.filter(pk=one.pk).update(full_name="Đỗ Khánh An", **numbered("031213001234"))
    a_run()
    assert Pair.objects.get().state == PairState.OPEN


def test_a_run_of_a_school_leaves_the_pairs_of_the_province_alone(schools: Any) -> None:
    known_twice(schools)
    a_run()
    pair = Pair.objects.get()

    a_run(schools[0])

    pair.refresh_from_db()
    assert pair.state == PairState.OPEN


def test_two_units_that_know_everybody_once_are_compared_one_to_one(schools: Any) -> None:
    known_twice(schools)
    a_learner(schools[1], name="Đỗ Khánh An", birth_date=BORN, **numbered("031213001234"))

    run = a_run(schools[0], schools[1])

    assert run.figures["found"] == 2
    assert [pair.guard for pair in Pair.objects.all()] == ["rival", "rival"]


def test_only_who_sees_both_persons_sees_a_pair_also_when_they_move(schools: Any) -> None:
    one, two = known_twice(schools)
    a_run()

    def sees(path: str) -> bool:
        with acting(Actor(scope=path)):
            return Pair.objects.exists()

    assert sees("vn.p31")
    assert not sees(str(schools[0].path))
    Person.objects.filter(pk=two.pk).update(path=schools[0].path, place=schools[0])
    assert sees(str(schools[0].path))
    Person.objects.filter(pk=one.pk).update(path=schools[1].path, place=schools[1])
    assert not sees(str(schools[0].path))
    assert not sees(str(schools[1].path))


def test_a_job_carries_a_run_out_and_a_second_time_changes_nothing(schools: Any) -> None:
    known_twice(schools)
    run = ask_run(Organisation.objects.get(path="vn.p31"), by=SYSTEM)
    job = Job.objects.get(name="matching.run")

    run_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.result["pairs"], job.done) == (JobState.DONE, 1, job.total)
    assert carry_out(Progress(), str(run.pk)) == {}
    assert Pair.objects.count() == 1


def test_a_run_that_is_stopped_leaves_no_pairs_and_may_be_run_again(schools: Any) -> None:
    known_twice(schools)
    run = ask_run(Organisation.objects.get(path="vn.p31"), by=SYSTEM)
    job = Job.objects.get(name="matching.run")
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)

    run_job(str(job.pk))

    run.refresh_from_db()
    assert (run.state, Pair.objects.count()) == (RunState.CANCELLED, 0)
    carry_out(Progress(), str(run.pk))
    assert Pair.objects.count() == 1
    cancel(job)


def command(*arguments: str) -> tuple[int, Any]:
    out = StringIO()
    code = 0
    try:
        call_command("match", *arguments, "--json", stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, json.loads(out.getvalue() or "null")


def test_the_command_finds_exports_and_refuses(schools: Any) -> None:
    one, two = known_twice(schools)

    code, answer = command("run", "--org", "31")
    exported = command("export", "--org", "31", "--state", "open")

    assert (code, answer["pairs"], answer["sure"]) == (0, 1, 1)
    assert exported[0] == 0
    assert {exported[1][0]["one"], exported[1][0]["two"]} == {str(one.pk), str(two.pk)}
    assert command("export", "--org", "31", "--state", "different") == (0, [])
    assert command("run", "--org", "999")[0] == 2
    assert command("run", "--org", "31", "--against", str(schools[0].code))[0] == 2


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_file_of_another_province_is_compared_and_nothing_is_kept(schools: Any, tmp_path: Path, kind: str) -> None:
    one = a_person(schools[0], name="Đỗ Khánh An", is_learner=True, birth_date=BORN, **numbered("031213001234"))
    a_person(schools[0], name="Trần Văn Bình", is_learner=True, birth_date=BORN, **numbered("031213001235"))
    rows = {
        "id": ["x1", "x2"],
        "full_name": ["Do Khanh An", "Vũ Thị Hoa"],
        "birth_date": ["2013-05-19", "2014-01-02"],
        "sex": ["Nam", "Nữ"],
        "number": ["031 213 001 234", ""],
    }
    file = tmp_path / f"people.{kind}"
    frame = pl.DataFrame(rows)
    frame.write_parquet(file) if kind == "parquet" else frame.write_csv(file)

    code, answer = command("run", "--org", "31", "--with", str(file))

    assert code == 0
    assert [(pair["person"], pair["other"], pair["sure"]) for pair in answer["pairs"]] == [(str(one.pk), "x1", True)]
    assert not Pair.objects.exists()
    assert "031213001234" not in json.dumps(answer)


def test_a_file_without_a_needed_column_is_malformed(schools: Any, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,full_name\n1,An\n", encoding="utf-8")

    code, _none = command("run", "--org", "31", "--with", str(file))
    answer = json.loads(capsys.readouterr().out)

    assert (code, answer["error"]) == (2, "matching.bad_file")
    assert "birth_date" in answer["message"]
