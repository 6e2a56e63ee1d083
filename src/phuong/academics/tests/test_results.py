"""Results of a school: what the rules say of each pupil, kept once, proved, and in place when pupils move."""

import datetime as dt
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from phuong.academics.actions.results import compute_all, compute_results, prove_results
from phuong.academics.models import GradeSheet, Mark, Result, TermRecord
from phuong.academics.profiles import CATALOG, profile_for, secondary
from phuong.academics.queries.results import cases_of
from phuong.academics.rules.averages import TermMarks
from phuong.academics.rules.levels import Level
from phuong.academics.rules.parts import decide, resting_on, stored
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.academics.rules.proof import inputs_hash
from phuong.academics.rules.yearly import SecondaryYear, secondary_year
from phuong.academics.testing import YEAR, keep_years, marks, some_secondary
from phuong.kernel.jobs import Progress
from phuong.kernel.text import name_sort_key, search_key
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person
from phuong.registry.testing import FIRST_DAY, a_class, a_learner, a_school, an_enrolment

pytestmark = pytest.mark.django_db
GOOD, FAIR = marks("8.5 8.5", "8.5", "8.5"), marks("6 6", "6", "6")
SCORED = ("CONGNGHE", "GDCD", "KHTN", "LSDL", "NGUVAN", "NN1", "TINHOC", "TOAN")
REMARKED = ("GDDP", "GDTC", "HDTN", "NGHETHUAT")
FULL = SecondaryYear(
    grade=8,
    scored=dict.fromkeys(SCORED, (GOOD, GOOD)),
    remarked=dict.fromkeys(REMARKED, (1, 1)),
    conduct=(Level.TOT, Level.TOT),
    absences=2,
)
PUPILS = int(os.environ.get("PHUONG_RANDOM_PUPILS", "1000"))
Ask = Callable[..., tuple[int, Any]]


def a_pupil(group: ClassGroup, **facts: Any) -> Enrolment:
    """Put a pupil into a class."""
    return Enrolment.objects.get(learner=a_learner(group.organisation, group, **facts))


def a_full_class() -> tuple[ClassGroup, Enrolment]:
    """Make a class with one pupil whose year is complete."""
    group = a_class(a_school())
    pupil = a_pupil(group)
    keep_years(group, {pupil: FULL})
    return group, pupil


def many_pupils(group: ClassGroup, count: int) -> list[Enrolment]:
    """Put many pupils into a class, without history."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.bulk_load', 'on', true)")
    school, name = group.organisation, "Lê Văn Nam"
    keys = {"name_key": name_sort_key(name), "search_key": search_key(name), "is_learner": True}
    facts = {"place": school, "path": school.path, "full_name": name, "sex": "male", **keys}
    people = Person.objects.bulk_create(Person(**facts, birth_date=FIRST_DAY) for _each in range(count))
    where = {"class_group": group, "organisation": school, "path": school.path, "school_year": group.school_year}
    return Enrolment.objects.bulk_create(Enrolment(learner=one, during=(FIRST_DAY, None), **where) for one in people)


def result_of(pupil: Enrolment | Person, part: int = 0) -> Result:
    learner = pupil.learner_id if isinstance(pupil, Enrolment) else pupil.pk
    return Result.objects.get(learner=learner, part=part)


def test_the_results_of_a_whole_year_are_kept_with_rule_and_hash() -> None:
    group, pupil = a_full_class()

    told = compute_results(group.organisation_id, YEAR)

    assert (told.pupils, told.written, told.unchanged, told.skipped) == (1, 3, 0, 0)
    year = result_of(pupil)
    assert (year.level, year.before, year.conduct, year.honour, year.outcome) == (3, 3, 3, "gioi", "promoted")
    assert year.averages == dict.fromkeys(SCORED, 85)
    assert year.remarks == dict.fromkeys(REMARKED, 1)
    assert (year.rule, year.inputs_hash) == ("TT22/2021@1", inputs_hash(secondary(), FULL))
    assert str(year.path) == str(group.organisation.path)
    term = result_of(pupil, 1)
    assert (term.level, term.conduct, term.honour, term.outcome, term.retest) == (3, 3, "", "", [])


def test_computing_again_changes_nothing() -> None:
    group, pupil = a_full_class()
    compute_results(group.organisation_id, YEAR)
    before = list(Result.objects.order_by("id").values())

    again = compute_results(group.organisation_id, YEAR)

    assert (again.written, again.unchanged) == (0, 3)
    assert list(Result.objects.order_by("id").values()) == before


def test_a_changed_mark_of_term_2_writes_term_2_and_the_year_alone() -> None:
    group, pupil = a_full_class()
    compute_results(group.organisation_id, YEAR)
    first = result_of(pupil, 1).computed_at
    Mark.objects.filter(sheet__subject="TOAN", sheet__term=2).update(final=20)

    told = compute_results(group.organisation_id, YEAR)

    assert told.written == 2
    assert result_of(pupil, 1).computed_at == first
    assert result_of(pupil).averages["TOAN"] == 66  # (8,5 + 8,5 + 2 × 8,5 + 3 × 2) : 7 = 5,7; (8,5 + 2 × 5,7) : 3


def test_a_mark_that_lacks_leaves_the_result_open_until_the_year_is_closed() -> None:
    group, pupil = a_full_class()
    Mark.objects.filter(sheet__subject="TOAN", sheet__term=2).update(final=-1)

    compute_results(group.organisation_id, YEAR)
    open_year = result_of(pupil)
    compute_results(group.organisation_id, YEAR, is_closed=True)
    closed = result_of(pupil)

    assert (open_year.level, open_year.averages["TOAN"], open_year.outcome) == (None, None, "")
    assert closed.averages["TOAN"] == 61  # (8,5 + 8,5 + 2 × 8,5 + 3 × 0) : 7 = 4,9; (8,5 + 2 × 4,9) : 3
    assert prove_results(group.organisation_id, YEAR).unproved == ()


def test_a_subject_nobody_entered_marks_for_keeps_the_result_open() -> None:
    group, pupil = a_full_class()
    other = a_class(group.organisation, name="8A4")
    without = a_pupil(other)
    scored = {code: pair for code, pair in FULL.scored.items() if code != "TOAN"}
    keep_years(other, {without: replace(FULL, scored=scored)})

    compute_results(group.organisation_id, YEAR)

    assert result_of(without).level is None
    assert result_of(without).averages["TOAN"] is None
    assert result_of(pupil).level == Level.TOT


def test_an_exempt_subject_is_left_out() -> None:
    group, pupil = a_full_class()
    Mark.objects.filter(sheet__subject="GDTC").update(is_exempt=True)

    compute_results(group.organisation_id, YEAR)

    assert "GDTC" not in result_of(pupil).remarks
    assert result_of(pupil).level == Level.TOT


def test_who_changed_classes_has_one_result_from_the_marks_of_both() -> None:
    school = a_school()
    early, late = a_class(school, name="8A1"), a_class(school, name="8A2")
    learner = a_learner(school)

    first = an_enrolment(learner, early, to=dt.date(2026, 12, 1))
    keep_years(early, {first: replace(FULL, scored=dict.fromkeys(SCORED, (FAIR, TermMarks())), conduct=(None, None))})
    compute_results(school.pk, YEAR)
    second = an_enrolment(learner, late, since=dt.date(2026, 12, 1))
    keep_years(
        late, {second: replace(FULL, scored=dict.fromkeys(SCORED, (TermMarks((100,), None, None), GOOD)), absences=1)}
    )

    compute_results(school.pk, YEAR)

    assert Result.objects.filter(learner=learner).count() == 3
    assert result_of(learner).enrolment_id == second.pk
    assert result_of(learner, 1).averages["TOAN"] == 65  # (6 + 6 + 10 + 2 × 6 + 3 × 6) : 8
    assert cases_of(school.pk, YEAR).found[0].year.absences == 3


def test_who_came_from_another_school_brings_its_marks() -> None:

    old, new = a_school(), a_school(Organisation.objects.get(code="11311"))
    here, there = a_class(old), a_class(new)
    learner = a_learner(new)
    first = an_enrolment(learner, here, to=dt.date(2027, 1, 18))
    second = an_enrolment(learner, there, since=dt.date(2027, 1, 18))
    keep_years(here, {first: replace(FULL, scored=dict.fromkeys(SCORED, (FAIR, TermMarks())), conduct=(None, None))})
    keep_years(there, {second: replace(FULL, scored=dict.fromkeys(SCORED, (TermMarks(), GOOD)))})

    counts = [compute_results(school.pk, YEAR).pupils for school in (old, new)]

    assert counts == [0, 1]
    assert result_of(learner).averages["TOAN"] == 77


def test_preschool_groups_are_counted_and_left() -> None:
    group, _pupil = a_full_class()
    a_pupil(a_class(group.organisation, name="Mầm", grade=5, level="preschool"))

    told = compute_results(group.organisation_id, YEAR)

    assert (told.pupils, told.skipped) == (1, 1)


@pytest.mark.slow
def test_results_of_many_pupils_are_those_of_the_rules() -> None:
    school = a_school()
    without = {"retest": None, "summer_conduct": None, "by_plan": None}
    drawn = [replace(year, **without) for year in some_secondary(seed=7, count=PUPILS)]
    expected: dict[Any, SecondaryYear] = {}
    for grade in range(6, 13):
        level = "lower_secondary" if grade < 10 else "upper_secondary"
        group = a_class(school, name=f"{grade}A", grade=grade, level=level)
        these = [year for year in drawn if year.grade == grade]
        years = dict(zip(many_pupils(group, len(these)), these, strict=True))
        keep_years(group, years)
        expected |= {each.pk: year for each, year in years.items()}

    told = compute_results(school.pk, YEAR)

    assert (told.pupils, told.written) == (PUPILS, 3 * PUPILS)
    rows = {(each.enrolment_id, each.part): each for each in Result.objects.filter(organisation=school)}
    for enrolment, year in expected.items():
        profile = profile_for("lower_secondary" if year.grade < 10 else "upper_secondary", year.grade, YEAR)
        assert isinstance(profile, SecondaryProfile)
        outcome = secondary_year(profile, year)
        for part in (1, 2, 0):
            row, facts = rows[(enrolment, part)], stored(year, outcome, part)
            assert {name: getattr(row, name) for name in facts} == facts
            assert row.inputs_hash == inputs_hash(profile, resting_on(year, part))
    assert prove_results(school.pk, YEAR).proved == 3 * PUPILS


def test_a_term_comes_to_the_same_from_its_own_marks_alone() -> None:
    rules = secondary()
    for year in some_secondary(seed=11, count=300):
        outcome = secondary_year(rules, year)
        for part in (1, 2, 0):
            assert decide(rules, resting_on(year, part), part) == stored(year, outcome, part)


def test_what_no_longer_follows_is_named() -> None:
    group, pupil = a_full_class()
    compute_results(group.organisation_id, YEAR)
    Result.objects.filter(part=0).update(level=2)
    Mark.objects.filter(sheet__subject="TOAN", sheet__term=1).update(final=20)

    told = prove_results(group.organisation_id, YEAR)

    assert (told.results, told.proved) == (3, 1)
    by_part = {each.part: each for each in told.unproved}
    assert set(by_part) == {0, 1}
    assert ("level", 2, 3) in by_part[0].differences
    assert not by_part[1].same_inputs


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run ``phuong results`` in this process: exit code and standard output."""

    def answer(*words: str) -> tuple[int, Any]:
        code = 0
        try:
            call_command("results", *words, "--json", stdout=sys.stdout)
        except SystemExit as left:
            code = int(left.code or 0)
        return code, json.loads(capsys.readouterr().out)

    return answer


def test_the_command_computes_and_proves(ask: Ask) -> None:
    group, _pupil = a_full_class()
    org = group.organisation.code

    code, told = ask("compute", "--org", org, "--year", str(YEAR))
    assert (code, told["schools"], told["pupils"], told["written"]) == (0, 1, 1, 3)
    code, told = ask("prove", "--org", "31", "--year", str(YEAR))
    assert (code, told["results"], told["proved"], told["not_proved"], told["unproved"]) == (0, 3, 3, 0, [])
    TermRecord.objects.filter(term=2).update(conduct=1)
    code, told = ask("prove", "--org", org, "--year", str(YEAR))
    assert (code, told["proved"], told["not_proved"]) == (1, 1, 2)
    assert {each["part"] for each in told["unproved"]} == {0, 2}


def test_the_command_refuses_a_place_nobody_knows(ask: Ask) -> None:
    code, told = ask("compute", "--org", "nowhere")

    assert (code, told["error"]) == (2, "not_there")


def test_a_shadow_run_names_who_would_change_and_keeps_nothing(ask: Ask, tmp_path: Path) -> None:
    group, pupil = a_full_class()
    told = (CATALOG / "profiles" / "tt22-2021.yaml").read_text(encoding="utf-8")
    file = tmp_path / "stricter.yaml"
    file.write_text(told.replace("least: 6.5, good: 8.0", "least: 6.5, good: 9.0"), encoding="utf-8")

    code, told = ask("shadow", "--org", group.organisation.code, "--year", str(YEAR), "--profile", str(file))
    bad, _told = ask("shadow", "--org", group.organisation.code, "--profile", str(tmp_path / "no.yaml"))

    assert (code, told["pupils"], told["changed"]) == (0, 1, 1)
    assert told["told"][0]["learner"] == str(pupil.learner_id)
    assert bad == 2
    assert not Result.objects.exists()


def test_all_schools_of_a_place_in_one_go() -> None:
    group, _pupil = a_full_class()
    other = a_class(a_school(Organisation.objects.get(code="11311")))
    keep_years(other, {a_pupil(other): FULL})

    told = compute_all(Progress(), "vn.p31", YEAR, asked_by="Lan")

    assert (told["schools"], told["pupils"], told["written"]) == (2, 2, 6)
    assert compute_all(Progress(), "vn.p31", YEAR)["unchanged"] == 6
    assert GradeSheet.objects.filter(organisation=group.organisation).count() == 24
