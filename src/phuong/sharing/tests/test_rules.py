"""Which kind of delivery goes next, how a service stands, what two sides' totals say."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.sharing.rules import (
    MODULUS,
    MOST_LINES,
    Kind,
    Standing,
    Terms,
    Total,
    Window,
    by_commune,
    differing,
    kind_to_send,
    may_send,
    next_due,
    standing_of,
)

DAY = dt.date(2026, 11, 26)
GOOD = Terms(is_on=True, current_until=DAY, is_reconciled=True)
FOLLOWED = Window(has_start=True, is_same_contract=True, is_same_year=True, is_log_kept=True, lines=MOST_LINES)


@pytest.mark.parametrize(
    ("terms", "standing", "goes"),
    [
        (Terms(), Standing.CLOSED, False),
        (GOOD, Standing.GOOD, True),
        (replace(GOOD, valid_until=DAY), Standing.GOOD, True),
        (replace(GOOD, valid_until=DAY - dt.timedelta(days=1)), Standing.OVER, False),
        (replace(GOOD, is_paused=True), Standing.PAUSED, False),
        (replace(GOOD, is_stuck=True), Standing.STUCK, True),
        (replace(GOOD, current_until=None), Standing.WAITING, True),
        (replace(GOOD, current_until=DAY - dt.timedelta(days=1)), Standing.LATE, True),
        (replace(GOOD, is_reconciled=None), Standing.UNCOMPARED, True),
        (replace(GOOD, is_reconciled=False), Standing.DIFFERS, True),
    ],
)
def test_a_service_stands_as_what_needs_somebody_first(terms: Terms, standing: Standing, goes: bool) -> None:
    assert (standing_of(terms, DAY), may_send(terms, DAY)) == (standing, goes)


@pytest.mark.parametrize(
    "window",
    [
        replace(FOLLOWED, has_start=False),
        replace(FOLLOWED, is_same_contract=False),
        replace(FOLLOWED, is_same_year=False),
        replace(FOLLOWED, is_log_kept=False),
        replace(FOLLOWED, lines=MOST_LINES + 1),
    ],
)
def test_everything_is_sent_where_changes_cannot_tell_it_or_are_too_many(window: Window) -> None:
    assert kind_to_send(window, is_followed=True, all_asked=False) == Kind.FULL


def test_what_changed_is_sent_where_the_log_tells_it_and_nobody_asks_for_all() -> None:
    assert kind_to_send(FOLLOWED, is_followed=True, all_asked=False) == Kind.CHANGES
    assert kind_to_send(FOLLOWED, is_followed=True, all_asked=True) == Kind.FULL
    assert kind_to_send(FOLLOWED, is_followed=False, all_asked=False) == Kind.FULL


def test_a_daily_service_is_due_at_the_next_midnight() -> None:
    sent = dt.datetime(2026, 11, 26, 23, 50, tzinfo=dt.UTC)

    assert next_due(sent, 1) == dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
    assert next_due(sent, 7) == dt.datetime(2026, 12, 3, tzinfo=dt.UTC)


_totals = st.builds(Total, st.integers(0, 9), st.integers(0, MODULUS - 1))
_units = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("uvw")), _totals)


@given(_units)
def test_communes_are_the_sum_of_their_units_and_equal_sides_do_not_differ(units: dict[tuple[str, str], Total]) -> None:
    added = by_commune(units)

    assert sum(each.rows for each in added.values()) == sum(each.rows for each in units.values())
    assert differing(added, by_commune(dict(reversed(units.items())))) == []


def test_places_differ_by_count_by_digest_or_by_being_on_one_side_only() -> None:
    ours = {"a": Total(2, 5), "b": Total(2, 5), "c": Total(1, 1), "d": Total(0, 0)}
    theirs = {"a": Total(2, 5), "b": Total(2, 6), "e": Total(1, 1)}

    assert differing(ours, theirs) == ["b", "c", "e"]
