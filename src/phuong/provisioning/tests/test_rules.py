"""Rules of provisioning: roles from words, addresses from names, what a suite is told."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.identity.api import ROLES
from phuong.provisioning.rules.addresses import (
    free_numbers,
    is_domain,
    local_part,
    recorded_local,
    reusable_before,
    split_local,
    stem_of,
)
from phuong.provisioning.rules.mailboxes import BACK_OFF, MOST_TRIES, Change, Known, change_of, next_try
from phuong.provisioning.rules.roles import SCHOOL_ROLES, is_grantable, parse_role_map, wanted_roles

LOCAL = re.compile(r"[a-z0-9][a-z0-9-]*")
NOW = dt.datetime(2026, 9, 5, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Nguyễn Thị Lan", "nguyen-thi-lan"),
        ("  ĐỖ   Khánh ", "do-khanh"),
        ("Y Blơ Niê-Kđăm", "y-blo-nie-kdam"),
        ("Trần Văn A (2)", "tran-van-a"),
        ("李明", "can-bo"),
        ("", "can-bo"),
    ],
)
def test_an_address_is_the_name_without_marks(name: str, stem: str) -> None:
    assert stem_of(name) == stem


@given(st.text(max_size=300))
def test_every_name_makes_a_local_part_that_mail_can_carry(name: str) -> None:
    for number in (1, 2, 10_000):
        local = local_part(stem_of(name), number)
        assert LOCAL.fullmatch(local)
        assert len(local) <= 64


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=30), st.sets(st.integers(1, 9)))
def test_numbers_are_the_lowest_that_nobody_has(stems: list[str], taken: set[int]) -> None:
    numbers = free_numbers(stems, {"a": taken})

    given_out = list(zip(stems, numbers, strict=True))
    assert len(set(given_out)) == len(given_out)
    of_a = [number for stem, number in given_out if stem == "a"]
    assert taken.isdisjoint(of_a)
    assert of_a == sorted(set(range(1, 50)) - taken)[: len(of_a)]
    assert [number for stem, number in given_out if stem == "b"] == list(range(1, stems.count("b") + 1))


@given(st.from_regex(r"[a-z0-9.-]{1,20}", fullmatch=True))
def test_a_local_part_is_taken_apart_and_put_together(local: str) -> None:
    assert local_part(*split_local(local)) == local


def test_a_recorded_address_counts_in_its_own_domain_only() -> None:
    assert recorded_local(" Lan.01@haiphong.edu.vn", "haiphong.edu.vn") == "lan.01"
    for other in ("lan@x.vn", "lan", "", "l an@haiphong.edu.vn", "a..b@haiphong.edu.vn", "thư@haiphong.edu.vn"):
        assert recorded_local(other, "haiphong.edu.vn") == ""


def test_an_address_rests_for_years() -> None:
    assert reusable_before(dt.date(2026, 9, 5), 10) == dt.date(2016, 9, 5)
    assert reusable_before(dt.date(2028, 2, 29), 1) == dt.date(2027, 2, 28)


def test_a_domain_is_a_host_name() -> None:
    assert is_domain("haiphong.edu.vn")
    for name in ("", "vn", "@haiphong.edu.vn", "hai phong.vn", "-x.vn", "x..vn"):
        assert not is_domain(name)


@given(st.sampled_from(list(Known)), st.booleans(), st.booleans(), st.booleans())
def test_a_change_that_was_made_leaves_nothing_to_tell(
    known: Known, is_wanted: bool, was_tried: bool, has_new_address: bool
) -> None:
    change = change_of(known, is_wanted=is_wanted, was_tried=was_tried, has_new_address=has_new_address)

    if change != Change.NOTHING:
        reached = Known.ACTIVE if is_wanted else Known.SUSPENDED
        assert change_of(reached, is_wanted=is_wanted, was_tried=True, has_new_address=False) == Change.NOTHING
    else:
        assert (known == Known.ACTIVE) == is_wanted


def test_a_refused_change_is_tried_later_and_later_and_then_no_more() -> None:
    waits = [next_try(NOW, tries) for tries in range(1, MOST_TRIES)]

    assert waits == [NOW + wait for wait in BACK_OFF]
    assert next_try(NOW, MOST_TRIES) is None
    assert next_try(NOW, 1, asked_to_wait=600) == NOW + dt.timedelta(minutes=10)


def test_roles_of_a_school_are_none_of_the_wide_ones() -> None:
    wide = {role.code for role in ROLES if role.is_wide} | {"guardian", "learner"}

    assert not wide & set(SCHOOL_ROLES)
    assert not any(is_grantable({"x": role}) for role in wide)


def test_a_map_is_read_line_by_line() -> None:
    assert parse_role_map(" GV = teacher \n\nTổ trưởng=teacher") == {"GV": "teacher", "Tổ trưởng": "teacher"}
    for text, line in (("GV = teacher\nSếp = department_leader", "2"), ("GV", "1"), ("= teacher", "1")):
        with pytest.raises(ValueError, match=line):
            parse_role_map(text)


@given(st.lists(st.text(max_size=12)))
def test_unknown_words_give_nothing(names: list[str]) -> None:
    assert wanted_roles(names, {}, "31000001") == frozenset()
    assert wanted_roles([*names, "GV"], {"GV": "teacher"}, "1") >= {("teacher", "1")}
    assert wanted_roles(["GV"], {"GV": "teacher"}, "") == frozenset()
