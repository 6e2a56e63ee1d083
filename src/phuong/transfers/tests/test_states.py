"""The states of a transfer: every way leads on or out, nobody moves what is over, every open state has its day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.transfers.declarations import due_of, limits
from phuong.transfers.models import Transfer
from phuong.transfers.rules import (
    ACTS,
    ASKER,
    CLOCK,
    FINAL_STATES,
    KINDS,
    OPEN_STATES,
    PRESENT,
    PRESENT_HEAD,
    RECEIVING,
    RECEIVING_HEAD,
    STATES,
    TRANSITIONS,
    check_day,
    grades_taught,
    levels_of,
    may_enter,
    moves_from,
    next_move,
    owing,
)
from phuong.transfers.values import _FINAL, _OPEN, ACT_WORDS

kinds, acts = st.sampled_from(KINDS), st.sampled_from(ACTS)
days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
REACHABLE = [(kind, state) for kind in KINDS for state in OPEN_STATES if moves_from(kind, state)]


@given(kinds, st.lists(acts, max_size=12))
def test_whatever_is_done_a_transfer_stays_on_known_ground(kind: str, done: list[str]) -> None:
    state = "requested"
    for act in done:
        move = next_move(kind, state, act)
        if move is None:
            continue
        assert state in OPEN_STATES
        assert move.to in STATES
        state = move.to
    assert (kind, state) in REACHABLE or state in FINAL_STATES
    assert bool(moves_from(kind, state)) is (state in OPEN_STATES)


@given(kinds, st.lists(acts, max_size=12))
def test_nobody_is_moved_before_both_schools_said_yes(kind: str, done: list[str]) -> None:
    state, said = "requested", set()
    for act in done:
        move = next_move(kind, state, act)
        if move is None:
            continue
        said.add(act)
        state = move.to
    asked = {"within": {"accept", "release"}, "out": {"release"}, "in": {"accept"}}[kind]
    assert state != "completed" or asked <= said


@pytest.mark.parametrize(("kind", "state"), REACHABLE)
def test_every_open_state_has_somebody_who_owes_the_next_step_and_a_way_out(kind: str, state: str) -> None:
    moves = moves_from(kind, state)
    who = {PRESENT: {PRESENT, PRESENT_HEAD}, RECEIVING: {RECEIVING, RECEIVING_HEAD}}[owing(kind, state)]

    assert any(move.who in who for move in moves.values())
    assert (moves["withdraw"].who, moves["expire"].who) == (ASKER, CLOCK)
    assert (kind, state) in limits().steps
    assert (kind, state) in _OPEN


def test_the_catalog_and_the_words_name_no_state_too_many() -> None:
    assert set(limits().steps) == set(REACHABLE) == set(_OPEN)
    assert set(_FINAL) == set(FINAL_STATES)
    assert set(ACT_WORDS) == {*ACTS, "ask"}
    assert {each.source != "" and each.doubt != "" for each in limits().steps.values()} == {True}


@pytest.mark.parametrize("state", FINAL_STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_over_owes_nothing_and_is_never_due(kind: str, state: str) -> None:
    assert owing(kind, state) == ""
    assert due_of(kind, state, dt.date(2026, 11, 26)) is None
    assert [key for key in TRANSITIONS if key[:2] == (kind, state)] == []


def test_saying_no_needs_a_reason_and_only_a_head_says_it() -> None:
    noes = {key: move for key, move in TRANSITIONS.items() if key[2] in ("refuse", "object")}

    assert all(move.needs_reason and move.who in (RECEIVING_HEAD, PRESENT_HEAD) for move in noes.values())
    assert [key for key, move in TRANSITIONS.items() if move.needs_reason and key not in noes] == []


@pytest.mark.parametrize(
    ("kind", "state", "due"),
    [
        ("within", "requested", dt.date(2026, 12, 3)),  # five working days from Thursday
        ("within", "accepted", dt.date(2026, 12, 1)),
        ("within", "released", dt.date(2026, 12, 3)),
        ("in", "requested", dt.date(2026, 12, 8)),
        ("out", "requested", dt.date(2026, 12, 1)),
        ("out", "released", dt.date(2026, 12, 8)),
    ],
)
def test_the_last_day_of_a_step_counts_working_days(kind: str, state: str, due: dt.date) -> None:
    assert due_of(kind, state, dt.date(2026, 11, 26)) == due


@given(days, days, st.none() | days, days)
def test_a_day_of_changing_schools_lies_after_the_class_before_and_not_in_the_future(
    day: dt.date, earliest: dt.date, sat_since: dt.date | None, today: dt.date
) -> None:
    is_well = check_day(day, earliest=earliest, sat_since=sat_since, today=today) == ""

    assert is_well is (earliest <= day <= today and (sat_since is None or sat_since < day))


def test_grades_belong_to_the_levels_of_schools() -> None:
    assert [levels_of(grade) for grade in (0, 1, 5, 6, 9, 10, 12)] == [
        ("preschool",),
        ("primary",),
        ("primary",),
        ("lower_secondary",),
        ("lower_secondary",),
        ("upper_secondary", "continuing"),
        ("upper_secondary", "continuing"),
    ]
    assert grades_taught(["primary", "lower_secondary"]) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert grades_taught([]) == []


@pytest.mark.parametrize(
    ("wanted", "grade", "years", "fits"),
    [(8, 8, 0, True), (8, 9, 0, False), (8, 9, 1, True), (8, 8, 1, True), (8, 7, 1, False), (8, 9, -1, False)],
)
def test_a_wish_of_last_year_fits_the_next_grade_too(wanted: int, grade: int, years: int, *, fits: bool) -> None:
    assert may_enter(wanted, grade, years=years) is fits


def test_a_transfer_names_its_state_by_kind() -> None:
    assert Transfer(kind="within", state="accepted").is_open
    assert not Transfer(kind="within", state="completed").is_open
