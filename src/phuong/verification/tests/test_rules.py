"""When two spellings are one name, what an answer means, when something is tried again."""

import datetime as dt
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.calls import try_after
from phuong.verification.rules import FIELDS, Outcome, Quota, is_same, judge, name_key, poll_after

SENT = {"full_name": "Nguyễn Thị Hoà", "birth_date": "2012-05-31", "sex": "female", "number": "031312000001"}
LETTERS = "aăâeêioôơuưyđbcdghklmnpqrstvx"


@pytest.mark.parametrize(
    "other",
    [
        "Nguyễn Thị Hòa",
        "NGUYỄN THỊ HÒA",
        "nguyễn  thị   hoà ",
        unicodedata.normalize("NFD", "Nguyễn Thị Hoà"),
        unicodedata.normalize("NFD", "NGUYỄN THỊ HÒA"),
    ],
)
def test_the_same_name_in_another_style_is_the_same(other: str) -> None:
    assert is_same("full_name", SENT["full_name"], other)


@pytest.mark.parametrize(("one", "other"), [("Thuỷ", "Thủy"), ("Khoẻ", "Khỏe"), ("Huý", "Húy"), ("Đức", "Ðức")])
def test_tone_marks_of_either_style_and_lookalike_letters_are_the_same(one: str, other: str) -> None:
    assert name_key(f"Vũ {one}") == name_key(f"Vũ {other}")


@pytest.mark.parametrize(
    "other",
    ["Nguyễn Thị Hoa", "Nguyễn Thị Hoá", "Nguyễn Thi Hoà", "Nguyễn Hoà Thị", "Nguyễn Thị Hoàn", "Nguyến Thị Hoà", ""],
)
def test_another_name_is_another_name(other: str) -> None:
    assert not is_same("full_name", SENT["full_name"], other)


def test_the_letter_d_with_a_stroke_is_a_letter_of_its_own() -> None:
    assert name_key("Đan") != name_key("Dan")
    assert name_key("Quý") != name_key("Quí")


@given(st.lists(st.text(LETTERS + "àảãáạồệữ", min_size=1, max_size=6), min_size=1, max_size=5))
def test_any_form_of_unicode_spaces_and_case_give_one_key(words: list[str]) -> None:
    name = " ".join(words)

    assert name_key(unicodedata.normalize("NFD", name)) == name_key(name) == name_key(f"  {name.upper()} ")


def test_a_match_is_a_match_and_a_difference_of_style_is_one_too() -> None:
    style = {"result": "mismatch", "fields": {"full_name": "NGUYỄN THỊ HÒA"}}

    assert judge(SENT, {"result": "match"}).outcome == Outcome.MATCHED
    assert judge(SENT, style).outcome == Outcome.MATCHED


def test_only_what_really_differs_is_kept_of_a_mismatch() -> None:
    answer = {"result": "mismatch", "fields": {"full_name": "Nguyễn Thị Hòa", "birth_date": "2012-05-30"}}

    verdict = judge(SENT, answer)

    assert (verdict.outcome, verdict.theirs) == (Outcome.MISMATCHED, {"birth_date": "2012-05-30"})


@pytest.mark.parametrize(
    ("result", "outcome"), [("not_found", "not_found"), ("duplicate", "duplicate"), ("pending", "sending")]
)
def test_other_results_carry_no_values(result: str, outcome: str) -> None:
    verdict = judge(SENT, {"result": result, "fields": {"sex": "male"}})

    assert (verdict.outcome, verdict.theirs) == (outcome, {})


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"result": "perhaps"},
        {"result": "mismatch"},
        {"result": "mismatch", "fields": {}},
        {"result": "mismatch", "fields": ["sex"]},
        {"result": "mismatch", "fields": {"address": "x"}},
        {"result": "mismatch", "fields": {"birth_date": "31/05/2012"}},
        {"result": "mismatch", "fields": {"sex": "f"}},
        {"result": "mismatch", "fields": {"number": "12"}},
    ],
)
def test_an_answer_that_was_not_agreed_is_refused(answer: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        judge(SENT, answer)


def test_every_field_can_differ() -> None:
    other = {"full_name": "Nguyễn Thị Hoa", "birth_date": "2012-05-30", "sex": "male", "number": "031312000002"}

    assert judge(SENT, {"result": "mismatch", "fields": other}).theirs == other
    assert set(other) == set(FIELDS)


def test_results_are_asked_for_ever_less_often_and_a_gateway_is_left_alone_ever_longer() -> None:
    assert [poll_after(polls).seconds for polls in (0, 1, 2, 3, 9, 10, 50)] == [1, 1, 2, 4, 256, 300, 300]
    assert [try_after(tries).seconds for tries in (0, 1, 2, 6, 60)] == [5, 5, 15, 3600, 3600]
    assert try_after(1, 40) == dt.timedelta(seconds=40)
    assert try_after(6, 40) == dt.timedelta(seconds=3600)


@pytest.mark.parametrize(
    ("minute", "today", "room"), [(0, 0, 1000), (59, 0, 1000), (60, 0, 0), (0, 199_500, 500), (0, 200_000, 0)]
)
def test_the_quota_says_of_how_many_a_request_may_be(minute: int, today: int, room: int) -> None:
    assert Quota(60, 200_000, minute, today).room(1000) == room
