"""Averages of term and year, periodic tests missed and made up, remarks, study topics."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.academics.profiles import secondary
from phuong.academics.rules.averages import (
    counted_test,
    regular_count,
    remark_term,
    remark_year,
    term_average,
    term_reason,
    with_topics,
    year_average,
    year_reason,
)
from phuong.academics.rules.levels import tenths
from phuong.academics.testing import marks

RULES = secondary()
MARK = st.integers(0, 100)
REGULAR = st.lists(MARK, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "expected"),
    [
        ("8 9", "7", "8", "7.9"),  # 55 : 7 = 7.857
        ("6.5 7 7 8", "6", "6.5", "6.7"),  # 60.0 : 9 = 6.667
        ("6.5 6.4", "6.5", "6.4", "6.4"),  # 45.1 : 7 = 6.443
        ("6.5 6.5", "6.4", "6.5", "6.5"),  # 45.3 : 7 = 6.471
        ("6.4", "6.5", "6.4", "6.4"),  # 38.6 : 6 = 6.433
        ("6.3", "6.6", "6.4", "6.5"),  # 38.7 : 6 = 6.45, a half
        ("7.8", "7.9", "8.1", "8.0"),  # 47.9 : 6 = 7.983
        ("7.7", "8", "8", "8.0"),  # 47.7 : 6 = 7.95, a half
        ("10 10 10 10", "10", "10", "10.0"),
        ("0", "0", "0", "0.0"),
        ("8", "7", "9", "8.2"),  # 49 : 6 = 8.167
    ],
)
def test_the_average_of_a_term_weighs_its_marks(regular: str, midterm: str, final: str, expected: str) -> None:
    assert term_average(RULES, *marks(regular, midterm, final)) == tenths(expected)


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "lacks"),
    [
        ("8 9", "7", None, "điểm cuối kì"),
        ("8 9", None, "8", "điểm giữa kì"),
        ("", "7", "8", "điểm thường xuyên"),
        ("", None, None, "điểm thường xuyên, điểm giữa kì, điểm cuối kì"),
    ],
)
def test_without_a_mark_it_needs_there_is_no_average(
    regular: str, midterm: str | None, final: str | None, lacks: str
) -> None:
    told = marks(regular, midterm, final)

    assert term_average(RULES, *told) is None
    assert term_reason(RULES, *told).text == f"Chưa tính được: thiếu {lacks}"


@pytest.mark.parametrize(
    ("term1", "term2", "expected"),
    [
        ("7.9", "8.5", "8.3"),  # 24.9 : 3
        ("6.4", "6.5", "6.5"),  # 19.4 : 3 = 6.467
        ("6.5", "6.4", "6.4"),  # 19.3 : 3 = 6.433
        ("8.0", "7.9", "7.9"),  # 23.8 : 3 = 7.933
        ("7.9", "8.0", "8.0"),  # 23.9 : 3 = 7.967
        ("0.0", "10.0", "6.7"),
    ],
)
def test_the_average_of_the_year_counts_the_second_term_twice(term1: str, term2: str, expected: str) -> None:
    assert year_average(RULES, tenths(term1), tenths(term2)) == tenths(expected)


def test_a_year_needs_both_terms_and_says_which_one_it_lacks() -> None:
    assert year_average(RULES, 70, None) is year_average(RULES, None, 70) is None
    assert year_reason(RULES, None, 70).text.endswith("học kì I")
    assert year_reason(RULES, 70, None).text.endswith("học kì II")


def test_an_average_says_how_it_comes_about() -> None:
    term = term_reason(RULES, *marks("8 9", "7", "8"))

    assert term.article == "Thông tư 22/2021/TT-BGDĐT, điều 9 khoản 1 điểm b"
    assert term.text == "(8,0 + 9,0 + 2 × 7,0 + 3 × 8,0) : 7 = 7,9"
    assert year_reason(RULES, 79, 85).text == "(7,9 + 2 × 8,5) : 3 = 8,3"


@given(REGULAR, MARK, MARK)
def test_the_average_is_the_exact_quotient_rounded_half_up(regular: list[int], midterm: int, final: int) -> None:
    total = sum(regular) + 2 * midterm + 3 * final
    exact = (Decimal(total) / 10 / (len(regular) + 5)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)

    assert term_average(RULES, regular, midterm, final) == int(exact * 10)


@given(REGULAR, MARK, MARK, st.randoms())
def test_the_order_of_marks_does_not_matter(regular: list[int], midterm: int, final: int, chance: object) -> None:
    mixed = list(regular)
    chance.shuffle(mixed)

    assert term_average(RULES, mixed, midterm, final) == term_average(RULES, regular, midterm, final)


@given(REGULAR, MARK, MARK, st.integers(0, 7), st.integers(1, 100))
def test_a_higher_mark_never_lowers_an_average(
    regular: list[int], midterm: int, final: int, place: int, more: int
) -> None:
    told = [*regular, midterm, final]
    told[place % len(told)] = min(100, told[place % len(told)] + more)

    raised = term_average(RULES, told[:-2], told[-2], told[-1])
    assert raised is not None
    assert raised >= (term_average(RULES, regular, midterm, final) or 0)


@given(REGULAR, MARK, MARK)
def test_an_average_lies_among_its_marks(regular: list[int], midterm: int, final: int) -> None:
    told = [*regular, midterm, final]

    assert min(told) <= (term_average(RULES, regular, midterm, final) or 0) <= max(told)


@pytest.mark.parametrize(("periods", "count"), [(1, 2), (35, 2), (36, 3), (52, 3), (70, 3), (71, 4), (140, 4)])
def test_how_many_regular_marks_are_asked_depends_on_the_periods(periods: int, count: int) -> None:
    assert regular_count(RULES, periods) == count


def test_a_missed_test_counts_when_it_is_made_up_and_as_nought_once_the_year_is_closed() -> None:
    assert counted_test(RULES, 70) == 70
    assert counted_test(RULES, 70, 90, is_closed=True) == 70
    assert counted_test(RULES, None, 65) == counted_test(RULES, None, 65, is_closed=True) == 65
    assert counted_test(RULES, None) is None
    assert counted_test(RULES, None, is_closed=True) == 0
    assert counted_test(RULES, 0, is_closed=True) == 0


def test_study_topics_are_one_more_regular_mark() -> None:
    assert with_topics((80, 90), (70, 85, 60)) == (80, 90, 85)
    assert with_topics([80, 90], ()) == (80, 90)


@pytest.mark.parametrize(
    ("regular", "midterm", "final", "now", "closed"),
    [
        ([1, 1], 1, 1, 1, 1),
        ([1, 1, 1], 1, 1, 1, 1),
        ([1], 1, 1, None, 0),
        ([1, 1], None, 1, None, 0),
        ([1, 1], 1, None, None, 0),
        ([1, 1], 1, 0, 0, 0),
        ([0, 1], 1, 1, 0, 0),
        ([], None, None, None, 0),
        ([0], None, None, 0, 0),
    ],
)
def test_a_remarked_subject_asks_for_all_remarks_and_each_of_them(
    regular: list[int], midterm: int | None, final: int | None, now: int | None, closed: int
) -> None:
    assert remark_term(RULES, regular, midterm, final) == now
    assert remark_term(RULES, regular, midterm, final, is_closed=True) == closed


def test_the_year_of_a_remarked_subject_is_its_second_term() -> None:
    assert [remark_year(first, second) for first in (0, 1, None) for second in (0, 1, None)] == [0, 1, None] * 3
