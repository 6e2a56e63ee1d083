"""When a mail may go: never in quiet hours, one digest a day, nothing lost, nothing twice."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.notices.rules import (
    AT_ONCE,
    BACK_OFF,
    CADENCES,
    DAILY,
    DIGEST,
    NONE,
    URGENT,
    Pending,
    Wishes,
    digest_moment,
    due,
    is_digest_due,
    is_quiet,
    next_allowed,
    next_try,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TICK = dt.timedelta(minutes=10)
START = dt.datetime(2026, 11, 23, tzinfo=ZONE)
moments = st.integers(0, 3 * 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes))
wishes = st.builds(
    Wishes,
    cadence=st.sampled_from(CADENCES),
    digest_hour=st.integers(0, 23),
    quiet_from=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    quiet_to=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
)
told = st.lists(st.tuples(st.integers(0, 3 * 144), st.booleans()), max_size=12)  # tick of writing, urgent
outages = st.sets(st.integers(0, 3 * 144), max_size=300)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hour", "quiet"), [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("06:00", False)]
)
def test_quiet_hours_pass_midnight_and_end_on_the_minute(hour: str, quiet: bool) -> None:
    assert is_quiet(dt.time.fromisoformat(hour), Wishes()) is quiet


def test_twice_the_same_time_is_never_quiet() -> None:
    assert not is_quiet(dt.time(5), Wishes(quiet_from=dt.time(5), quiet_to=dt.time(5)))


def test_what_comes_at_night_goes_in_the_morning() -> None:
    assert next_allowed(at(23, 22), Wishes()) == at(24, 6)
    assert next_allowed(at(24, 2), Wishes()) == at(24, 6)
    assert next_allowed(at(24, 9), Wishes()) == at(24, 9)


@pytest.mark.parametrize(
    ("now", "oldest", "last", "is_due"),
    [
        (at(24, 7), at(23, 10), None, True),
        (at(24, 6, 50), at(23, 10), None, False),  # its hour has not come
        (at(24, 7), at(24, 7, 1), None, False),  # nothing was there at the hour
        (at(24, 7, 10), at(23, 10), dt.date(2026, 11, 24), False),  # today's has gone
        (at(24, 15), at(23, 10), dt.date(2026, 11, 23), True),  # the hour was missed
        (at(24, 22), at(23, 10), dt.date(2026, 11, 23), False),  # missed, and now it is quiet
    ],
)
def test_a_digest_goes_once_at_its_hour_or_as_soon_as_it_may(
    now: dt.datetime, oldest: dt.datetime, last: dt.date | None, is_due: bool
) -> None:
    assert is_digest_due(now, Wishes(), Pending(oldest, False, last)) is is_due


def test_urgent_things_go_at_once_to_those_who_want_it_only() -> None:
    pending = Pending(at(24, 9), True, dt.date(2026, 11, 24))

    assert due(at(24, 9, 10), Wishes(cadence=AT_ONCE), pending) == URGENT
    assert due(at(24, 9, 10), Wishes(cadence=DAILY), pending) == ""
    assert due(at(24, 22), Wishes(cadence=AT_ONCE), pending) == ""
    assert due(at(25, 7), Wishes(cadence=AT_ONCE), pending) == DIGEST
    assert due(at(25, 7), Wishes(cadence=NONE), pending) == ""


def test_a_refused_mail_is_tried_again_ever_later_and_then_given_up() -> None:
    tries = [next_try(at(24, 9), refusals, Wishes()) for refusals in range(1, len(BACK_OFF) + 2)]

    assert tries == [at(24, 9, 15), at(24, 10), at(24, 13), at(25, 6), None]


@given(moments, wishes)
def test_the_next_allowed_moment_is_never_quiet_and_within_a_day(moment: dt.datetime, wish: Wishes) -> None:
    allowed = next_allowed(moment, wish)

    assert not is_quiet(allowed.time(), wish)
    assert moment <= allowed <= moment + dt.timedelta(days=1)


@given(moments, wishes)
def test_the_hour_of_a_digest_lies_within_the_last_day(moment: dt.datetime, wish: Wishes) -> None:
    hour = digest_moment(moment, wish)

    assert moment - dt.timedelta(days=1) < hour <= moment
    assert hour.hour == wish.digest_hour


@given(wishes, told, outages)
def test_over_days_with_outages_nothing_is_lost_or_mailed_twice(
    wish: Wishes, notices: list[tuple[int, bool]], down: set[int]
) -> None:
    """Play the clock for three days with outages and three without; each mail takes what it tells from the pile."""
    pile: list[tuple[int, bool, int]] = []  # tick of writing, urgent, number
    mailed: list[int] = []
    last: dt.date | None = None
    digests: list[dt.date] = []
    for tick in range(6 * 144):
        now = START + tick * TICK
        pile += [(tick, urgent, number) for number, (when, urgent) in enumerate(notices) if when == tick]
        if not pile or tick in down:
            continue
        oldest = START + min(when for when, *_ in pile) * TICK
        kind = due(now, wish, Pending(oldest, any(urgent for _, urgent, _ in pile), last))
        if not kind:
            continue
        assert not is_quiet(now.time(), wish)
        going = [each for each in pile if kind == DIGEST or each[1]]
        pile = [each for each in pile if each not in going]
        mailed += [number for *_, number in going]
        if kind == DIGEST:
            last = digest_moment(now, wish).date()
            digests.append(last)

    always_quiet_at_ticks = all(is_quiet((START + tick * TICK).time(), wish) for tick in range(144))
    assert len(digests) == len(set(digests))
    assert len(mailed) == len(set(mailed))
    if wish.cadence != NONE and not always_quiet_at_ticks:
        assert sorted(mailed) == list(range(len(notices)))
    if wish.cadence == NONE:
        assert mailed == []
