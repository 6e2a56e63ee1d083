"""Dates: the Vietnamese order, the witness of the column, and never a guess."""

import datetime as dt
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.intake.reading import Cell, as_date, dates_of

SEPTEMBER = dt.date(2013, 9, 5)
DAYS = st.dates(dt.date(1900, 3, 1), dt.date(2064, 1, 1))


@pytest.mark.parametrize(
    "cell",
    [
        "5/9/2013",
        "05-09-2013",
        "05.09.2013",
        " 5 / 9 / 2013 ",
        "2013-09-05",
        "2013/9/5",
        "20130905",
        "05092013",
        "'05/09/2013",
        "2013-09-05T00:00:00",
        "05/09/2013 10:30",
        "Ngày 5 tháng 9 năm 2013",
        41522,
        41522.0,
        41522.75,
        20130905,
        SEPTEMBER,
        dt.datetime.fromisoformat("2013-09-05T07:30"),
    ],
)
def test_one_day_is_written_in_many_ways(cell: Cell) -> None:
    assert as_date(cell) == (SEPTEMBER, "")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("5/9/13", "short_year"),
        ("2013", "year_only"),
        (2013, "year_only"),
        (2013.0, "year_only"),
        ("31/2/2013", "bad_date"),
        ("09/25/2013", "bad_date"),
        ("5/9", "bad_date"),
        ("không rõ", "bad_date"),
        ("05/09-2013", "bad_date"),
        (0, "bad_date"),
        (60, "bad_date"),
        (60_001, "bad_date"),
        (-5, "bad_date"),
        (True, "bad_date"),
        (float("nan"), "bad_date"),
        (float("inf"), "bad_date"),
        (dt.time(5), "bad_date"),
        (dt.timedelta(1), "bad_date"),
        (dt.date(1850, 1, 1), "bad_date"),
        ("٥/٩/٢٠١٣", "bad_date"),
        ("41522", "bad_date"),
    ],
)
def test_what_is_no_certain_day_is_refused(cell: Cell, code: str) -> None:
    assert as_date(cell) == (None, code)


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0"])
def test_an_empty_cell_is_no_error(cell: Cell) -> None:
    assert as_date(cell) == (None, "")


def test_a_column_with_both_orders_refuses_what_could_be_either() -> None:
    days, errors = dates_of(["13/05/2012", "09/25/2013", "05/06/2013", "07/07/2013", "2013-06-05"])

    assert days == [dt.date(2012, 5, 13), dt.date(2013, 9, 25), None, dt.date(2013, 7, 7), dt.date(2013, 6, 5)]
    assert errors == {2: "ambiguous_date"}


def test_a_column_with_only_month_first_evidence_is_read_so_and_told() -> None:
    days, errors = dates_of(["09/25/2013", "05/06/2013", None])

    assert days == [dt.date(2013, 9, 25), dt.date(2013, 5, 6), None]
    assert errors == {-1: "month_first"}


def test_without_evidence_the_day_comes_first() -> None:
    assert dates_of(["05/06/2013", "07/08/2013"]) == ([dt.date(2013, 6, 5), dt.date(2013, 8, 7)], {})


def test_real_dates_among_texts_past_the_twelfth_were_read_with_the_wrong_order() -> None:
    texts = ["13/05/2012", "25/09/2013", "30/11/2012"]
    real = [dt.date(2013, 5, 9), dt.date(2012, 1, 12), dt.date(2012, 3, 3)]

    days, errors = dates_of([*texts, *real])

    assert errors == {3: "ambiguous_date", 4: "ambiguous_date"}
    assert days[:3] == [dt.date(2012, 5, 13), dt.date(2013, 9, 25), dt.date(2012, 11, 30)]
    assert days[3:] == [None, None, dt.date(2012, 3, 3)]


def test_real_dates_among_texts_of_every_day_are_trusted() -> None:
    cells: list[Cell] = ["13/05/2012", "05/09/2013", "30/11/2012", *[dt.date(2013, month, 9) for month in (1, 2, 3)]]

    assert dates_of(cells)[1] == {}


@given(DAYS, st.sampled_from(["/", "-", "."]), st.booleans())
def test_every_day_comes_back(day: dt.date, mark: str, is_padded: bool) -> None:
    texts = (f"{day.day:02}", f"{day.month:02}") if is_padded else (str(day.day), str(day.month))
    written = mark.join([*texts, str(day.year)])
    serial = (day - dt.date(1899, 12, 30)).days

    assert as_date(written) == (day, "")
    assert as_date(day.isoformat()) == as_date(day.strftime("%Y%m%d")) == as_date(day.strftime("%d%m%Y")) == (day, "")
    assert as_date(serial) == (day, "") or 1900 <= serial <= 2100


@given(st.lists(DAYS, max_size=20), st.booleans(), st.booleans())
def test_a_day_is_never_read_as_another_in_silence(days: list[dt.date], has_swapped: bool, has_plain: bool) -> None:
    writers: list[Callable[[dt.date], str]] = [lambda day: day.strftime("%d/%m/%Y")] if has_plain else []
    writers += [lambda day: day.strftime("%m/%d/%Y")] if has_swapped else []
    pairs = list(product(days, writers))

    read, errors = dates_of([write(day) for day, write in pairs])

    proven = {
        "day" if write(day)[:2] > "12" else "month"
        for day, write in pairs
        if max(write(day)[:2], write(day)[3:5]) > "12"
    }
    for place, (day, _write) in enumerate(pairs):
        is_told = place in errors or -1 in errors
        # told, or right; only a column that holds both orders without any proof of it cannot be told from a good one
        assert is_told or read[place] == day or (has_swapped and "month" not in proven)


@given(
    st.lists(
        st.none() | st.text() | st.integers() | st.floats() | st.booleans() | st.dates() | st.datetimes(), max_size=9
    )
)
def test_whatever_stands_in_a_column_gets_a_day_or_a_code(cells: list[Cell]) -> None:
    days, errors = dates_of(cells)

    assert len(days) == len(cells)
    assert all(days[place] is None for place in errors if place >= 0)
    assert all(day is None or 1900 <= day.year <= 2100 for day in days)
