"""Text and digits of cells: tidied, never invented."""

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.intake.reading import Cell, digits_of, text_of

CELLS = st.none() | st.text() | st.integers() | st.floats() | st.booleans() | st.dates() | st.datetimes() | st.times()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  Lê   Hoà ", "Lê Hoà"),
        ("Le\u0302 Hoa\u0300", "Lê Hoà"),
        ("a\nb\tc", "a b c"),
        ("An\u00a0Bình", "An Bình"),
        ("A\u200bn\ufeff", "An"),
        ("\x00A\x1fn", "A n"),
        ("Ðỗ", "Đỗ"),
        ("ngoan 😀", "ngoan 😀"),
        (12.0, "12"),
        (8.5, "8.5"),
        (31205001234.0, "31205001234"),
        (12, "12"),
        (True, "TRUE"),
        (dt.date(2013, 9, 5), "05/09/2013"),
        (dt.datetime.fromisoformat("2013-09-05T00:00"), "05/09/2013"),
        (dt.datetime.fromisoformat("2013-09-05T07:30"), "05/09/2013 07:30"),
        (dt.time(7, 30), "07:30"),
        (dt.timedelta(hours=30), "1 day, 6:00:00"),
    ],
)
def test_a_cell_reads_as_the_text_people_see(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@given(CELLS)
def test_text_is_tidy_and_stays_as_it_is(cell: Cell) -> None:
    text = text_of(cell)

    assert text_of(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert text == " ".join(text.split())
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)


@pytest.mark.parametrize(
    ("cell", "digits"),
    [
        ("031205001234", ("031205001234", "")),
        ("0312 0500 1234", ("031205001234", "")),
        ("031.205-001234", ("031205001234", "")),
        (131205001234.0, ("131205001234", "")),
        (131205001234, ("131205001234", "")),
        ("131205001234.0", ("131205001234", "")),
        (31205001234.0, ("", "leading_zeros_lost")),
        ("31205001234.0", ("", "leading_zeros_lost")),
        (0, ("", "leading_zeros_lost")),
        ("3.12E+11", ("", "rounded_number")),
        ("3,12e11", ("", "rounded_number")),
        (3.5, ("", "rounded_number")),
        (1234567890123456.0, ("", "rounded_number")),
        (float("nan"), ("", "rounded_number")),
        (-3, ("", "rounded_number")),
        ("31205001234", ("31205001234", "")),
        ("CMND 12", ("CMND12", "")),
        (None, ("", "")),
        ("", ("", "")),
    ],
)
def test_a_number_of_a_person_is_its_characters_or_an_error(cell: Cell, digits: tuple[str, str]) -> None:
    assert digits_of(cell, 12) == digits


@given(st.integers(0, 10**12 - 1))
def test_a_number_is_right_as_text_and_never_filled_up_as_a_number(number: int) -> None:
    written = f"{number:012}"

    assert digits_of(written, 12) == digits_of(f"{written[:3]} {written[3:]}", 12) == (written, "")
    assert digits_of(float(number), 12) == ((written, "") if number >= 10**11 else ("", "leading_zeros_lost"))


@given(CELLS, st.integers(0, 20))
def test_digits_or_a_code_come_of_every_cell(cell: Cell, length: int) -> None:
    digits, code = digits_of(cell, length)

    assert not (digits and code)
    assert code in ("", "leading_zeros_lost", "rounded_number")
