"""Numbers, money and days as people read them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from phuong.ui import formats

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("value", "places", "vietnamese", "english"),
    [
        (1234, None, "1.234", "1,234"),
        (1234.5, None, "1.234,5", "1,234.5"),
        (Decimal("41"), None, "41,0", "41.0"),
        (Decimal("6.25"), 1, "6,3", "6.3"),
        (-3, None, "−3", "−3"),
        (1_000_000, 2, "1.000.000,00", "1,000,000.00"),
        (None, None, "", ""),
        ("", None, "", ""),
        ("nonsense", None, "", ""),
        (float("nan"), None, "", ""),
    ],
)
def test_a_number_follows_the_language(value: object, places: int | None, vietnamese: str, english: str) -> None:
    with translation.override("vi"):
        assert formats.number(value, places) == vietnamese
    with translation.override("en"):
        assert formats.number(value, places) == english


def test_shares_and_money_carry_their_unit() -> None:
    with translation.override("vi"):
        assert formats.percent(46.3) == "46,3%"
        assert formats.percent(58) == "58%"
        assert formats.percent(None) == ""
        assert formats.money(1_240_000) == "1.240.000\u00a0đ"


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (dt.date(2026, 11, 23), "thứ Hai 23/11", "Monday 23 Nov"),
        (dt.date(2026, 11, 28), "thứ Bảy 28/11", "Saturday 28 Nov"),
        (dt.date(2026, 11, 29), "29/11/2026", "29 Nov 2026"),
        (dt.date(2026, 11, 16), "thứ Hai 16/11", "Monday 16 Nov"),
        (dt.date(2019, 8, 2), "02/08/2019", "2 Aug 2019"),
        (None, "", ""),
    ],
)
def test_a_near_day_has_its_weekday(value: dt.date | None, vietnamese: str, english: str) -> None:
    with translation.override("vi"):
        assert formats.day(value, today=TODAY) == vietnamese
    with translation.override("en"):
        assert formats.day(value, today=TODAY) == english


def test_an_instant_late_in_the_evening_belongs_to_the_local_day() -> None:
    late = dt.datetime(2026, 11, 22, 18, 30, tzinfo=dt.UTC)

    with translation.override("vi"):
        assert formats.day(late, today=TODAY) == "thứ Hai 23/11"
        assert formats.moment(late) == "1:30, 23/11/2026"


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (dt.timedelta(seconds=20), "vừa xong"),
        (dt.timedelta(minutes=5), "5 phút trước"),
        (dt.timedelta(hours=3, minutes=59), "3 giờ trước"),
        (dt.timedelta(days=6, hours=1), "6 ngày trước"),
        (dt.timedelta(days=7), "15/11/2026"),
    ],
)
def test_how_long_ago(before: dt.timedelta, told: str) -> None:
    now = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)

    with translation.override("vi"):
        assert formats.ago(now - before, now=now) == told


@pytest.mark.parametrize(("days", "told"), [(7, "còn 7 ngày"), (0, "hạn hôm nay"), (-3, "chậm 3 ngày")])
def test_a_deadline_says_what_is_left(days: int, told: str) -> None:
    with translation.override("vi"):
        assert formats.due(TODAY + dt.timedelta(days=days), today=TODAY) == told
