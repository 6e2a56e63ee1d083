"""The end of a year: re-tests, closing, moving up and back; nobody is lost and nobody sits in two places."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phuong.academics.actions.closing import close_year, reopen_year
from phuong.academics.actions.marks import Cell, save_cells
from phuong.academics.actions.promotion import promote_all, promote_school, undo_promotion
from phuong.academics.actions.results import compute_results, prove_results
from phuong.academics.actions.yearend import say_afterwards
from phuong.academics.errors import AlreadyPromoted, NamesClash, NotUndone, YearClosed, YearOpen
from phuong.academics.models import ClosedYear, Promotion, Result, YearEndRecord
from phuong.academics.queries.afterwards import After
from phuong.academics.queries.opening import opened
from phuong.academics.queries.promotion import FINAL_GRADES, left_over, plan_of
from phuong.academics.rules.levels import Level
from phuong.academics.rules.yearly import SecondaryYear
from phuong.academics.testing import YEAR, a_mark, keep_years, marks
from phuong.academics.tests.test_results import FULL, a_pupil
from phuong.identity.testing import an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM
from phuong.registry.api import ClassGroup, Enrolment, Organisation
from phuong.registry.testing import a_class, a_learner, a_school, a_teacher, a_teaching

pytestmark = pytest.mark.django_db
WEAK = marks("3 3", "3", "3")
FIRST = dt.date(YEAR + 1, 8, 1)
FAILING = replace(FULL, scored={**FULL.scored, "TOAN": (WEAK, WEAK), "NGUVAN": (WEAK, WEAK)})
ROUGH = replace(FULL, conduct=(Level.TOT, Level.CHUA_DAT))
OPEN = replace(FULL, conduct=(Level.TOT, None))


def a_year(school: Organisation, name: str, grade: int, years: list[SecondaryYear]) -> list[Enrolment]:
    """Fill a class with pupils whose years are given."""
    group = a_class(school, name=name, grade=grade)
    pupils = [a_pupil(group) for _each in years]
    keep_years(group, {each: replace(year, grade=grade) for each, year in zip(pupils, years, strict=True)})
    return pupils


def sitting(school: Organisation) -> Counter[tuple[int, str, str]]:
    """Count who sits where today: year, class, status."""
    rows = Enrolment.objects.filter(organisation=school, ends_on=None)
    return Counter(rows.values_list("school_year", "class_group__name", "status"))


def as_it_stands(school: Organisation) -> set[Any]:
    """Give every enrolment and class of a school as it is."""
    seats = Enrolment.objects.filter(organisation=school)
    facts = seats.values_list("pk", "learner", "class_group", "school_year", "starts_on", "ends_on", "status", "path")
    return {*facts, *ClassGroup.objects.filter(organisation=school).values_list("pk", "name", "school_year")}


def outcome_of(pupil: Enrolment) -> str:
    return str(Result.objects.get(enrolment=pupil, part=0).outcome)


def test_a_school_from_marks_to_the_next_year_and_back() -> None:
    school = a_school()
    good, failing, rough, undecided = a_year(school, "8A3", 8, [FULL, FAILING, ROUGH, OPEN])
    (leaver,) = a_year(school, "9A", 9, [FULL])
    group = good.class_group
    compute_results(school.pk, YEAR)
    found = [outcome_of(each) for each in (good, failing, rough, undecided, leaver)]
    assert found == ["promoted", "retest", "summer_training", "", "completed"]
    with pytest.raises(YearOpen):
        promote_school(school, YEAR, by=SYSTEM)
    close_year(school, YEAR, by=SYSTEM)

    first = promote_school(school, YEAR, by=SYSTEM)

    assert first.counts == {"pupils": 5, "promoted": 1, "retained": 0, "completed": 1, "left": 3}
    assert sitting(school) == {(2027, "9A3", "studying"): 1, (2026, "8A3", "studying"): 3}
    said = {failing.learner_id: After(retest={"TOAN": 55, "NGUVAN": 50}), rough.learner_id: After(summer_conduct=0)}
    assert say_afterwards(group, said, by=SYSTEM) == 2
    assert (outcome_of(failing), outcome_of(rough)) == ("promoted", "retained")
    assert prove_results(school.pk, YEAR).unproved == ()
    before = as_it_stands(school)

    _move_the_rest(school, leaver)

    undo_promotion(school, YEAR, by=SYSTEM)
    assert as_it_stands(school) == before
    undo_promotion(school, YEAR, by=SYSTEM)
    assert sitting(school) == {(2026, "8A3", "studying"): 4, (2026, "9A", "studying"): 1}
    assert not ClassGroup.objects.filter(school_year=2027).exists()
    reopen_year(school, YEAR, reason="nhầm", by=SYSTEM)
    assert ClosedYear.objects.get().reason == "nhầm"


def _move_the_rest(school: Organisation, leaver: Enrolment) -> None:
    """Move up those the re-tests decided on; a third time there is nobody left to move."""
    second = promote_school(school, YEAR, by=SYSTEM)

    assert second.counts == {"pupils": 3, "promoted": 1, "retained": 1, "completed": 0, "left": 1}
    assert sitting(school) == {
        (2027, "9A3", "studying"): 2,
        (2027, "8A3", "repeating"): 1,
        (2026, "8A3", "studying"): 1,
    }
    ended = Enrolment.objects.get(pk=leaver.pk)
    assert (ended.ends_on, ended.status) == (FIRST, "completed")
    assert second.made == 1
    again = promote_school(school, YEAR, by=SYSTEM)
    assert (again.promotion, Promotion.objects.count()) == (None, 2)
    with pytest.raises(AlreadyPromoted):
        reopen_year(school, YEAR, reason="nhầm", by=SYSTEM)


def test_a_moving_up_that_is_used_or_changed_since_is_not_undone() -> None:
    school = a_school()
    (pupil,) = a_year(school, "8A3", 8, [FULL])
    compute_results(school.pk, YEAR)
    close_year(school, YEAR, by=SYSTEM)
    promote_school(school, YEAR, by=SYSTEM)
    now = Enrolment.objects.get(learner=pupil.learner_id, ends_on=None)
    stands = as_it_stands(school)
    newcomer = a_learner(school, now.class_group)

    with pytest.raises(NotUndone):
        undo_promotion(school, YEAR, by=SYSTEM)

    Enrolment.objects.filter(learner=newcomer).delete()
    assert as_it_stands(school) == stands
    a_mark(now.class_group, pupil.learner)
    with pytest.raises(NotUndone):
        undo_promotion(school, YEAR, by=SYSTEM)
    assert Promotion.objects.get().undone_at is None
    assert as_it_stands(school) == stands


def test_names_of_classes_that_follow_are_chosen_and_must_tell_grades_apart() -> None:
    school = a_school()
    (eight,) = a_year(school, "8A3", 8, [FULL])
    (seven,) = a_year(school, "7A3", 7, [FULL])
    compute_results(school.pk, YEAR)
    close_year(school, YEAR, by=SYSTEM)

    with pytest.raises(NamesClash):
        names = {eight.class_group_id: ("9B", "8A3"), seven.class_group_id: ("9B", "7A3")}
        promote_school(school, YEAR, by=SYSTEM, names=names)
    assert not Promotion.objects.exists()
    standing = a_class(school, name="9B", grade=9, school_year=2027)
    promote_school(school, YEAR, by=SYSTEM, names={eight.class_group_id: (" 9B ", "8A3")})

    assert sitting(school) == {(2027, "9B", "studying"): 1, (2027, "8A3", "studying"): 1}
    assert Enrolment.objects.get(learner=eight.learner_id, ends_on=None).class_group == standing
    undo_promotion(school, YEAR, by=SYSTEM)
    assert ClassGroup.objects.filter(pk=standing.pk).exists()


def test_a_closed_year_counts_what_lacks_and_takes_no_more_marks() -> None:
    school = a_school()
    lan = a_teacher(school)
    (pupil,) = a_year(school, "8A3", 8, [FULL])
    a_teaching(pupil.class_group, lan)
    pupil.marks.filter(sheet__subject="TOAN", sheet__term=2).update(final=None)
    compute_results(school.pk, YEAR)
    assert outcome_of(pupil) == ""
    account = an_account("teacher", school, person=lan)
    teacher = replace(SYSTEM, account_id=account.pk, permissions=frozenset({Permission.MARKS_WRITE}))

    close_year(school, YEAR, by=SYSTEM)
    compute_results(school.pk, YEAR)

    assert outcome_of(pupil) == "promoted"
    assert prove_results(school.pk, YEAR).unproved == ()
    cell = Cell(pupil.learner_id, "final", 70, None)
    with pytest.raises(YearClosed), transaction.atomic():
        save_cells(opened(teacher, pupil.class_group_id, "TOAN", 2), [cell])
    assert pupil.marks.get(sheet__subject="TOAN", sheet__term=2).final is None


def test_the_individual_plan_decides_and_every_word_is_kept() -> None:
    school = a_school()
    (pupil,) = a_year(school, "8A3", 8, [OPEN])
    compute_results(school.pk, YEAR)
    for fulfilled, outcome in ((True, "promoted"), (False, "retained"), (None, "")):
        say_afterwards(pupil.class_group, {pupil.learner_id: After(by_plan=fulfilled)}, by=SYSTEM)
        assert outcome_of(pupil) == outcome
    assert YearEndRecord.history.rel.related_model.objects.count() == 2  # type: ignore[attr-defined]


OUTCOMES = ("promoted", "completed", "retest", "summer_training", "retained", "", None)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=st.lists(st.tuples(st.integers(1, 12), st.sampled_from(OUTCOMES)), min_size=1, max_size=25))
def test_nobody_is_lost_and_nobody_sits_in_two_places(told: list[tuple[int, str | None]]) -> None:
    school = a_school(Organisation.objects.filter(code="11311").first())
    groups = {grade: a_class(school, name=f"{grade}A", grade=grade) for grade in {each for each, _outcome in told}}
    seats = [a_pupil(groups[grade]) for grade, _outcome in told]
    Result.objects.bulk_create(
        a_result(seat, outcome) for seat, (_g, outcome) in zip(seats, told, strict=True) if outcome is not None
    )
    ClosedYear.objects.create(
        path=school.path, organisation=school, school_year=YEAR, closed_at=dt.datetime.now(dt.UTC)
    )
    before = as_it_stands(school)

    counts = promote_school(school, YEAR, by=SYSTEM).counts

    assert counts["pupils"] == len(told) == sum(counts[each] for each in ("promoted", "retained", "completed", "left"))
    now = Enrolment.objects.filter(organisation=school, ends_on=None)
    assert now.count() == counts["promoted"] + counts["retained"] + counts["left"]
    assert now.filter(school_year=YEAR + 1).count() == counts["promoted"] + counts["retained"]
    for seat, (grade, outcome) in zip(seats, told, strict=True):
        to = now.filter(learner=seat.learner_id).values_list("class_group__grade", "school_year").first()
        is_final = grade in FINAL_GRADES
        if outcome in ("promoted", "completed") and (outcome == "completed") is is_final:
            assert to == (None if is_final else (grade + 1, YEAR + 1))
        else:
            assert to == (grade, YEAR + 1 if outcome == "retained" else YEAR)
    left = left_over(plan_of(school.pk, YEAR))
    assert len(left) == counts["left"]
    assert all(each.why for each in left)
    if counts["left"] < len(told):
        undo_promotion(school, YEAR, by=SYSTEM)
    assert as_it_stands(school) == before


def a_result(seat: Enrolment, outcome: str) -> Result:
    """Give a result of the year that says so."""
    facts = {"enrolment": seat, "learner_id": seat.learner_id, "path": seat.path, "organisation": seat.organisation}
    return Result(
        **facts,
        school_year=YEAR,
        part=0,
        outcome=outcome,
        rule="x",
        inputs_hash="x",
        computed_at=dt.datetime.now(dt.UTC),
    )


def test_all_schools_of_a_place_in_one_go_dry_first() -> None:
    done = a_school()
    still_open = a_school(Organisation.objects.get(code="11311"))
    for school in (done, still_open):
        a_year(school, "8A3", 8, [FULL, FAILING])
        compute_results(school.pk, YEAR)
    close_year(done, YEAR, by=SYSTEM)

    dry = promote_all(Progress(), "vn.p31", YEAR, dry_run=True)
    assert not Promotion.objects.exists()
    told = promote_all(Progress(), "vn.p31", YEAR)

    assert (dry["schools"], dry["still_open"], dry["pupils"], dry["promoted"], dry["left"]) == (2, 1, 4, 2, 2)
    assert (told["pupils"], told["promoted"], told["classes_made"]) == (2, 1, 1)
    assert told["left_because"] == {"retest": 1}
    assert promote_all(Progress(), "vn.p31", YEAR)["promoted"] == 0
    assert sitting(still_open) == {(2026, "8A3", "studying"): 2}
