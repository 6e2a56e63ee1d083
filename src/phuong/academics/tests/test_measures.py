"""Completion, going on and promotion, against rows worked out by hand; parts add up to the whole."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from phuong.academics.measures import MEASURES
from phuong.academics.models import EntryWindow, GrowthCheck, Mark, Result
from phuong.academics.testing import a_mark
from phuong.kernel.expressions import compile_sql
from phuong.kernel.measures import Measure
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Organisation, Person
from phuong.registry.testing import a_class, a_learner, a_person, a_school, a_teacher, a_teaching, an_enrolment

pytestmark = pytest.mark.django_db
LAST, NOW = 2025, 2026
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
BY_CODE = {each.code.removeprefix("academics."): each for each in MEASURES}


def rows(expression: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(compile_sql(expression))
        return list(cursor.fetchall())


def figure(measure: Measure) -> dict[str, tuple[int, int]]:
    """Count a measure: numerator and denominator by unit."""
    table = measure.population.table
    found = rows(table.group_by("organisation_id").agg(n=measure.numerator(), d=measure.denominator()))
    return {str(unit): (int(n), int(d)) for unit, n, d in found if d}


def missing(measure: Measure) -> dict[str, str]:
    return {label: why for label, met, why in rows(measure.records().select("label", "met", "why")) if not met}


def a_leaver(group: ClassGroup, name: str, outcome: str | None, **facts: Any) -> Person:
    """Put a pupil into a class of last year, with what the year came to."""
    learner = a_person(group.organisation, name=name, is_learner=True)
    since = facts.pop("since", dt.date(group.school_year, 9, 5))
    seat = an_enrolment(learner, group, since=since, to=facts.pop("to", dt.date(group.school_year + 1, 8, 1)), **facts)
    if outcome is not None:
        told = {"path": seat.path, "organisation": group.organisation, "school_year": group.school_year, "part": 0}
        told |= {"rule": "x", "inputs_hash": "x", "computed_at": dt.datetime.now(dt.UTC), "honour": facts.get("x", "")}
        Result.objects.create(enrolment=seat, learner=learner, outcome=outcome, **told)
    return learner


def test_completion_is_read_over_the_last_grade_of_the_year_that_ended() -> None:
    school = a_school()
    nine, eight = (a_class(school, name=f"{grade}A", grade=grade, school_year=LAST) for grade in (9, 8))
    a_leaver(nine, "xong", "completed")
    a_leaver(nine, "ở lại", "retained")
    a_leaver(nine, "bỏ học", None, status="dropped_out", to=dt.date(2026, 1, 5))
    a_leaver(nine, "chuyển đi", None, status="transferred_out", to=dt.date(2026, 1, 5))
    a_leaver(nine, "chưa tính", None)
    a_leaver(eight, "lớp tám", "promoted")
    older = a_class(school, name="9A", grade=9, school_year=LAST - 1)
    a_leaver(older, "năm kia", "completed")
    moved = a_leaver(nine, "đổi trường", None, to=dt.date(2026, 1, 5))
    other = a_school(Organisation.objects.get(code="11311"))
    there = a_class(other, name="9C", grade=9, school_year=LAST)
    an_enrolment(moved, there, since=dt.date(2026, 1, 5), to=dt.date(2026, 8, 1))

    completed, promoted = BY_CODE["completed_lower"], BY_CODE["promoted"]

    assert figure(completed) == {str(school.pk): (1, 4), str(other.pk): (0, 1)}
    told = {"ở lại": "retained", "bỏ học": "dropped", "chưa tính": "open", "đổi trường": "open"}
    assert missing(completed) == told
    assert figure(promoted) == {str(school.pk): (2, 5), str(other.pk): (0, 1)}
    assert figure(BY_CODE["completed_primary"]) == {}


def test_who_completed_a_level_is_looked_for_in_the_classes_of_this_year() -> None:
    school = a_school(level="primary")
    five = a_class(school, name="5A", grade=5, level="primary", school_year=LAST)
    here, again = a_leaver(five, "lên cấp", "completed"), a_leaver(five, "học lại", "completed")
    a_leaver(five, "vắng", "completed")
    a_leaver(five, "ở lại", "retained")
    lower = a_school(Organisation.objects.get(code="11311"))
    an_enrolment(here, a_class(lower, name="6A", grade=6))
    an_enrolment(again, a_class(school, name="5A", grade=5, level="primary"))

    on = BY_CODE["primary_to_lower"]

    assert figure(on) == {str(school.pk): (1, 3)}
    assert set(missing(on)) == {"học lại", "vắng"}
    assert figure(BY_CODE["lower_to_upper"]) == {}


def test_a_class_counts_once_marks_stand_in_its_sheets() -> None:
    school = a_school()
    group, empty = a_class(school), a_class(school, name="8A4")
    for learner in (a_learner(school, group), a_learner(school, group)):
        a_mark(group, learner)
    a_class(school, name="8A5", school_year=LAST)
    a_class(a_school(Organisation.objects.get(code="11311"), level="primary"), name="1A", grade=1, level="primary")

    marked = BY_CODE["classes_with_marks"]

    assert figure(marked) == {str(school.pk): (1, 2)}
    assert missing(marked) == {empty.name: None}


def test_children_are_measured_in_time_by_their_age() -> None:
    school, now = a_school(level="preschool"), today()
    group = a_class(school, name="Lá 1", grade=0, level="kindergarten")
    for name, months, ago in (
        ("bé, kịp", 20, 20),
        ("bé, trễ", 20, 40),
        ("lớn, kịp", 50, 40),
        ("lớn, trễ", 50, 100),
        ("chưa đo", 50, None),
    ):
        born = now - dt.timedelta(months * 30.44)
        learner = a_learner(school, group, name=name, birth_date=born)
        if ago is not None:
            facts = {"path": school.path, "enrolment": learner.enrolments.get(), "learner": learner, "weight": 12_000}
            GrowthCheck.objects.create(day=now - dt.timedelta(ago), **facts)

    measured = BY_CODE["children_measured"]

    assert figure(measured) == {str(school.pk): (2, 5)}
    assert missing(measured) == {"bé, trễ": "late", "lớn, trễ": "late", "chưa đo": "never"}


def test_marks_are_in_time_by_the_day_they_were_first_written() -> None:
    school, ends = a_school(), today() - dt.timedelta(3)
    other = a_school(Organisation.objects.get(code="11311"))  # sets no days
    where = {"path": school.path, "organisation": school, "school_year": NOW, "opens_on": ends, "closes_on": ends}
    EntryWindow.objects.create(**where, term=1, column="midterm")
    EntryWindow.objects.create(**{**where, "closes_on": today()}, term=1, column="final")
    teacher, late, timely = a_teacher(school), {"midterm_on": today()}, {"midterm_on": ends}
    for name, days in (("8A1", (timely, timely)), ("8A2", (timely, late)), ("8A3", (timely, None)), ("8A4", ())):
        group = a_class(school, name=name)
        a_teaching(group, teacher)
        for one in days or (None,):
            learner = a_learner(school, group)
            if one is not None:
                a_mark(group, learner, **one)
        newcomer = a_person(school, name="mới", is_learner=True)
        an_enrolment(newcomer, group, since=today())
    a_mark(a_class(other), a_learner(other, other.classes.get()), midterm=None)

    sheets, marks = BY_CODE["sheets_in_time"], BY_CODE["marks_in_time"]

    assert figure(sheets) == {str(school.pk): (1, 4)}
    assert figure(marks) == {str(school.pk): (4, 7)}
    told = {"8A2, Toán, học kì I": "late", "8A3, Toán, học kì I": "lacking", "8A4, Toán, học kì I": "empty"}
    assert missing(sheets) == told


def test_the_first_day_of_a_mark_is_kept_whatever_is_written_later() -> None:
    school = a_school()
    mark = a_mark(group := a_class(school), a_learner(school, group), midterm=None)
    days = []
    for facts in ({"final": 70}, {"midterm": 80}, {"midterm": None}, {"midterm": 90}):
        Mark.objects.filter(pk=mark.pk).update(**facts)
        mark.refresh_from_db()
        days.append((mark.midterm_on, mark.final_on))
        Mark.objects.filter(pk=mark.pk).exclude(midterm_on=None).update(midterm_on=dt.date(2026, 9, 9))

    now, first = dt.datetime.now(VIETNAM).date(), dt.date(2026, 9, 9)
    assert days == [(None, now), (now, now), (first, now), (first, now)]
