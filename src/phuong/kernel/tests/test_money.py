"""Amounts of đồng: printed and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.money import Dong, parse_dong

amounts = st.integers(-(10**15), 10**15)


@given(amounts)
def test_a_printed_amount_is_read_back(amount: int) -> None:
    assert parse_dong(str(Dong(amount))) == Dong(amount)


@pytest.mark.parametrize(
    ("amount", "text"), [(0, "0 đ"), (999, "999 đ"), (1000, "1.000 đ"), (1_240_000, "1.240.000 đ"), (-5000, "-5.000 đ")]
)
def test_an_amount_is_printed_as_people_write_it(amount: int, text: str) -> None:
    assert str(Dong(amount)) == text


@pytest.mark.parametrize("text", ["1240000", "1.240.000", "1 240 000đ", "  1.240.000 đ ", "1\u00a0240\u00a0000 đ"])
def test_an_amount_is_read_however_it_is_typed(text: str) -> None:
    assert parse_dong(text) == Dong(1_240_000)


@pytest.mark.parametrize("text", ["", "đ", "1,5", "12 nghìn", "1.2e3", "0x10", "5 đ đ", "1_000"])
def test_anything_but_digits_and_marks_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        parse_dong(text)


@given(amounts, amounts)
def test_what_is_added_can_be_taken_away(one: int, other: int) -> None:
    assert Dong(one) + Dong(other) - Dong(other) == Dong(one)


@given(amounts, amounts)
def test_amounts_compare_as_numbers(one: int, other: int) -> None:
    assert (Dong(one) < Dong(other)) == (one < other)
