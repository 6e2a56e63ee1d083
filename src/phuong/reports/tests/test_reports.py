"""Periods, their last day, which of them are owed, and the chain of approval step by step."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.contributions import Role, codes
from phuong.reports.declarations import chains
from phuong.reports.rules import (
    ACTS,
    Chain,
    Signer,
    Stage,
    changes_between,
    is_late,
    next_state,
    roles_for,
    signers_for,
    span_before,
    span_of,
    spans_owed,
)

STATES = ("draft", "submitted", "approved", "sent")
TWO = Chain(
    frozenset({"writer"}),
    frozenset({"sender"}),
    (
        Stage("head", "Soát", "Review", frozenset({"head"}), (Signer("Trưởng phòng"),)),
        Stage(
            "leader",
            "Duyệt",
            "Approval",
            frozenset({"leader"}),
            (Signer("Giám đốc", "", "director"), Signer("Phó Giám đốc", "KT. Giám đốc", "deputy_director")),
        ),
    ),
)


def test_periods_end_and_fall_due_before_the_fifth() -> None:
    assert span_of("monthly", dt.date(2026, 11, 23)).due_on == dt.date(2026, 12, 4)
    assert span_of("half_yearly", dt.date(2026, 3, 1)).ends_on == dt.date(2026, 6, 30)
    assert span_of("yearly", dt.date(2026, 3, 1)).due_on == dt.date(2027, 1, 4)
    assert span_of("five_yearly", dt.date(2026, 3, 1)).starts_on == dt.date(2026, 1, 1)
    with pytest.raises(ValueError, match="kind"):
        span_of("daily", dt.date(2026, 1, 1))


@given(st.sampled_from(["monthly", "half_yearly", "yearly", "five_yearly"]), st.dates(dt.date(2000, 1, 1)))
def test_periods_follow_each_other_without_a_gap(kind: str, day: dt.date) -> None:
    if day.year > 9990:
        return
    span = span_of(kind, day)

    assert span.starts_on <= day <= span.ends_on < span.due_on
    assert span_before(kind, span).ends_on == span.starts_on - dt.timedelta(days=1)


def test_the_last_periods_that_are_over_are_owed_oldest_first() -> None:
    owed = [span.starts_on for span in spans_owed("monthly", dt.date(2026, 1, 31), 3)]

    assert owed == [dt.date(2025, 10, 1), dt.date(2025, 11, 1), dt.date(2025, 12, 1)]
    assert spans_owed("half_yearly", dt.date(2026, 7, 1), 1)[0].ends_on == dt.date(2026, 6, 30)


@pytest.mark.parametrize(
    ("sent", "today", "late"),
    [
        (dt.date(2026, 11, 4), dt.date(2026, 11, 9), False),
        (dt.date(2026, 11, 5), dt.date(2026, 11, 5), True),
        (None, dt.date(2026, 11, 4), False),
        (None, dt.date(2026, 11, 5), True),
    ],
)
def test_the_fourth_is_the_last_day(sent: dt.date | None, today: dt.date, late: bool) -> None:
    assert is_late(sent, span_of("monthly", dt.date(2026, 10, 1)).due_on, today) is late


def test_changes_are_counted_only_where_both_sides_are_known() -> None:
    before, now = {"a": "1.5", "b": "2", "c": None}, {"a": "2", "b": "2", "c": "1", "d": "4"}

    assert changes_between(before, now) == {"a": Decimal("0.5")}


@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_no_way_through_the_chain_skips_a_stage(acts: list[str]) -> None:
    state, place, given_since = "draft", 0, 0
    for act in acts:
        moved = next_state(TWO, state, place, act)
        if moved is None:
            continue
        given_since = {"approve": given_since + 1, "send": given_since}.get(act, 0)
        state, place = moved
        assert state in STATES
        assert place == given_since <= len(TWO.stages)
        assert (state in ("approved", "sent")) == (place == len(TWO.stages))


def test_each_stage_is_waited_for_in_turn_and_returned_by_its_own() -> None:
    assert roles_for(TWO, "draft", 0, "submit") == {"writer"}
    assert roles_for(TWO, "submitted", 0, "approve") == {"head"}
    assert roles_for(TWO, "submitted", 1, "approve") == roles_for(TWO, "submitted", 1, "return") == {"leader"}
    assert roles_for(TWO, "approved", 2, "return") == {"leader"}
    assert roles_for(TWO, "approved", 2, "send") == {"sender"}
    assert next_state(TWO, "sent", 2, "return") is None


def test_who_holds_a_post_signs_in_its_form_and_others_choose() -> None:
    leader = TWO.stages[1]

    assert [signer.authority for signer in signers_for(leader, "deputy_director")] == ["KT. Giám đốc"]
    assert signers_for(leader, "clerk") == signers_for(leader, "") == leader.signers


def test_every_chain_names_roles_that_exist_and_ends_in_a_signer() -> None:
    roles = set(codes(Role))

    assert {"school", "commune", "ward", "special_zone", "department", "division"} == set(chains())
    for chain in chains().values():
        named = chain.writers | chain.senders | {role for stage in chain.stages for role in stage.roles}
        assert named <= roles
        assert all(stage.signers for stage in chain.stages)
        assert chain.stages
