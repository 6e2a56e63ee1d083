"""Rules of targets: worked examples, and what must hold for any target and figure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.plans.rules import (
    Status,
    TargetFact,
    binding_target,
    final_target,
    gap,
    is_schedule_kept,
    meets,
    status_of,
)

D = Decimal
COMPARATORS = (">=", ">", "=", "<=", "<")
numbers = st.decimals(-10_000, 10_000, places=2)
years = st.integers(2000, 2100)
comparators = st.sampled_from(COMPARATORS)
directions = st.sampled_from(["up", "down"])
targets = st.builds(TargetFact, years, comparators, numbers)
worded = st.builds(TargetFact, years, text=st.just("Cơ bản hoàn thành"))
lists = st.lists(st.one_of(targets, worded), max_size=6, unique_by=lambda target: target.year)


def at_least(year: int, value: str) -> TargetFact:
    return TargetFact(year, ">=", D(value))


STEPS = [at_least(2026, "80"), at_least(2028, "90"), at_least(2030, "100")]


@pytest.mark.parametrize(
    ("year", "binding"),
    [(2024, 2026), (2026, 2026), (2027, 2026), (2028, 2028), (2029, 2028), (2030, 2030), (2045, 2030)],
)
def test_the_last_target_due_binds_else_the_first_to_come(year: int, binding: int) -> None:
    assert binding_target(STEPS, year) == next(step for step in STEPS if step.year == binding)


def test_a_target_in_words_binds_nobodys_arithmetic() -> None:
    words = TargetFact(2027, text="Hoàn thành cơ bản")

    assert binding_target([STEPS[0], words], 2027) == STEPS[0]
    assert binding_target([words], 2027) is None


@given(lists, years)
def test_what_binds_is_a_number_of_the_list(given_targets: list[TargetFact], year: int) -> None:
    bound = binding_target(given_targets, year)
    numbers_of = [target for target in given_targets if target.is_number]

    assert (bound is None) == (not numbers_of)
    assert bound is None or bound in numbers_of


@given(lists, years)
def test_no_target_lies_between_the_binding_one_and_the_year(given_targets: list[TargetFact], year: int) -> None:
    bound = binding_target(given_targets, year)

    if bound is not None:
        low, high = sorted((bound.year, year))
        between = {target.year for target in given_targets if target.is_number and low < target.year < high}
        assert between == set()


@given(lists, years)
def test_the_order_of_the_list_does_not_matter(given_targets: list[TargetFact], year: int) -> None:
    assert binding_target(given_targets[::-1], year) == binding_target(given_targets, year)


def test_the_final_target_is_the_last_by_2030() -> None:
    assert final_target([*STEPS, at_least(2045, "100")]) == STEPS[-1]
    assert final_target([at_least(2045, "100")]) is None


@pytest.mark.parametrize(
    ("comparator", "actual", "direction", "is_met"),
    [
        (">=", "90", "up", True),
        (">", "90", "up", False),
        (">", "90.1", "up", True),
        ("<=", "90", "down", True),
        ("<", "90", "down", False),
        ("<", "89.9", "down", True),
        ("=", "95", "up", True),  # a plain number going up: at least
        ("=", "85", "up", False),
        ("=", "85", "down", True),  # and going down: at most
        ("=", "95", "down", False),
    ],
)
def test_a_figure_is_compared_as_printed(comparator: str, actual: str, direction: str, *, is_met: bool) -> None:
    assert meets(comparator, D(actual), D("90"), direction=direction) is is_met


@given(numbers, numbers)
def test_the_comparators_are_each_others_opposites(actual: Decimal, target: Decimal) -> None:
    assert meets(">=", actual, target) != meets("<", actual, target)
    assert meets("<=", actual, target) != meets(">", actual, target)


@given(comparators, numbers, numbers, st.decimals(0, 1000, places=2))
def test_more_never_harms_a_target_going_up(comparator: str, actual: Decimal, target: Decimal, more: Decimal) -> None:
    if comparator in (">=", ">", "=") and meets(comparator, actual, target):
        assert meets(comparator, actual + more, target)


@pytest.mark.parametrize(
    ("actual", "projected", "status"),
    [
        ("90", None, Status.MET),
        ("100", None, Status.MET),
        ("89.9", None, Status.ATTENTION),
        ("85.5", None, Status.ATTENTION),  # short by exactly 5 % of 90
        ("85.4", None, Status.BEHIND),
        ("0", None, Status.BEHIND),
        ("50", 2028, Status.ON_TRACK),
        ("50", 2029, Status.BEHIND),
        ("88", 2029, Status.ATTENTION),
    ],
)
def test_the_light_of_a_target_still_to_come(actual: str, projected: int | None, status: Status) -> None:
    assert status_of(at_least(2028, "90"), D(actual), year=2026, projected=projected) is status


def test_a_target_that_is_due_is_not_saved_by_its_pace() -> None:
    assert status_of(at_least(2026, "90"), D("50"), year=2026, projected=2026) is Status.BEHIND


@pytest.mark.parametrize(
    ("actual", "status"), [("1", Status.MET), ("2", Status.MET), ("2.1", Status.ATTENTION), ("3", Status.BEHIND)]
)
def test_the_light_of_a_target_going_down(actual: str, status: Status) -> None:
    assert status_of(TargetFact(2026, "<=", D("2")), D(actual), year=2026, direction="down") is status


@pytest.mark.parametrize(
    ("target", "actual"),
    [(None, D(1)), (at_least(2026, "90"), None), (TargetFact(2026, text="Hoàn thành"), D(1))],
)
def test_without_target_or_figure_there_is_no_light(target: TargetFact | None, actual: Decimal | None) -> None:
    assert status_of(target, actual, year=2026) is Status.NO_DATA
    assert gap(target, actual) is None


@given(targets, numbers, years, directions, st.none() | years)
def test_a_light_agrees_with_the_comparison(
    target: TargetFact, actual: Decimal, year: int, direction: str, projected: int | None
) -> None:
    status = status_of(target, actual, year=year, direction=direction, projected=projected)

    assert status is not Status.NO_DATA
    assert (status is Status.MET) == meets(target.comparator, actual, target.value, direction=direction)
    assert status is not Status.ON_TRACK or (target.year > year and projected <= target.year)


@given(targets, numbers)
def test_the_gap_leads_from_the_target_to_the_figure(target: TargetFact, actual: Decimal) -> None:
    assert target.value + gap(target, actual) == actual


def test_attention_is_published_as_on_track() -> None:
    assert {each.value: each.published for each in Status} == {
        "met": "met",
        "on_track": "on_track",
        "attention": "on_track",
        "behind": "behind",
        "no_data": "no_data",
    }


@pytest.mark.parametrize(
    ("target", "projected", "status", "is_kept"),
    [
        (at_least(2030, "90"), 2029, Status.BEHIND, True),
        (at_least(2030, "90"), 2030, Status.BEHIND, True),
        (at_least(2030, "90"), 2031, Status.BEHIND, False),
        (at_least(2030, "90"), None, Status.BEHIND, False),
        (at_least(2026, "90"), 2026, Status.BEHIND, False),
        (at_least(2026, "90"), None, Status.MET, True),
        (at_least(2030, "90"), 2029, Status.NO_DATA, None),
        (None, 2029, Status.BEHIND, None),
    ],
)
def test_the_schedule_light(
    target: TargetFact | None, projected: int | None, status: Status, *, is_kept: bool | None
) -> None:
    assert is_schedule_kept(target, year=2026, projected=projected, status=status) is is_kept


@given(targets, years, st.none() | years)
def test_a_target_past_and_not_met_is_never_kept(target: TargetFact, year: int, projected: int | None) -> None:
    if target.year <= year:
        assert is_schedule_kept(target, year=year, projected=projected, status=Status.BEHIND) is False
