"""Who may be known already, while somebody enters a person: found in spite of slips, and never across the own place."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor, acting
from phuong.records.api import kind_named
from phuong.registry.api import Organisation
from phuong.registry.rules import day_month_swapped, is_near_date, is_near_name, is_one_slip
from phuong.registry.testing import a_commune, a_guardian, a_learner, a_province, a_school

READING = frozenset({Permission.PERSONS_READ, Permission.STAFF_READ})
BORN = dt.date(2013, 5, 9)


@pytest.fixture
def school(db: None) -> Organisation:
    a_province()
    return a_school(a_commune("11311"))


def warned(school: Organisation, kind: str = "learner", **values: Any) -> list[str]:
    actor = Actor(scope=str(school.path), permissions=READING)
    given = {"full_name": "Đỗ Khánh An", "birth_date": BORN, **values}
    with acting(actor):
        return [each.title for each in kind_named(kind).alike(actor, given, None)]


@pytest.mark.parametrize("kind", ["learner", "staff", "guardian", "guardianship"])
@pytest.mark.parametrize(
    ("name", "born"),
    [
        ("Do Khanh An", BORN),
        ("ĐỖ KHÁNH AN", BORN),
        ("An Đỗ Khánh", BORN),
        ("Đỗ An", BORN),
        ("Đỗ Thị Khánh An", BORN),
        ("Đỗ Kháng An", BORN),
        ("Đỗ Khánh Anh", BORN),
        ("Đỗ Khánh An", dt.date(2013, 9, 5)),
        ("Do Khanh An", dt.date(2013, 5, 19)),
        ("Đỗ Khánh An", dt.date(2012, 5, 9)),
    ],
)
def test_a_slip_does_not_hide_who_is_known(school: Organisation, kind: str, name: str, born: dt.date) -> None:
    a_learner(school, name="Đỗ Khánh An", birth_date=BORN)

    assert warned(school, kind, full_name=name, birth_date=born) == ["Đỗ Khánh An"]


@pytest.mark.parametrize(
    ("name", "born"),
    [("Đỗ Khánh Bình", BORN), ("Lê Khánh An", BORN), ("Đỗ Khánh An", dt.date(2011, 1, 2)), ("Do Binh", BORN)],
)
def test_somebody_else_is_no_warning(school: Organisation, name: str, born: dt.date) -> None:
    a_learner(school, name="Đỗ Khánh An", birth_date=BORN)

    assert warned(school, full_name=name, birth_date=born) == []


def test_a_guardian_without_a_birth_date_is_known_by_name_and_phone(school: Organisation) -> None:
    mother = a_guardian(a_learner(school))
    mother.phone = "0912345678"
    mother.save()

    assert warned(school, "guardianship", full_name="Tran Thi Binh", birth_date=None, phone="0912345678")
    assert not warned(school, "guardianship", full_name="Tran Thi Binh", birth_date=None, phone="0999")


def test_nobody_of_another_place_is_named(school: Organisation) -> None:
    elsewhere = a_school(a_commune("11329"))
    a_learner(elsewhere, name="Đỗ Khánh An", birth_date=BORN)

    assert warned(school) == []


@given(st.text("abcde", min_size=1, max_size=8), st.text("abcde", min_size=1, max_size=8))
def test_a_slip_goes_both_ways(one: str, two: str) -> None:
    assert is_one_slip(one, two) == is_one_slip(two, one)
    assert is_one_slip(one, one)
    assert is_one_slip(one, one + "x")
    assert is_one_slip("x" + one, one)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)))
def test_day_and_month_exchanged_twice_is_the_same_day(day: dt.date) -> None:
    assert day_month_swapped(day_month_swapped(day)) == day
    assert is_near_date(day, day_month_swapped(day))


def test_words_alone_decide_what_is_near() -> None:
    assert is_near_name("nguyen van an", "an nguyen van")
    assert not is_near_name("nguyen van an", "")
    assert not is_near_name("nguyen van an", "tran van an")
    assert is_one_slip("khanh", "khnah")
    assert not is_one_slip("khanh", "kahnn")
