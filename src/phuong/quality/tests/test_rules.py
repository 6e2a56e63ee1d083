"""How shares become a score."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.quality.rules import overall, score

SHARES = st.lists(
    st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 5)).map(
        lambda each: (min(each[0], each[1]), each[1], each[2])
    )
)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([], None),
        ([(0, 0, 3)], None),
        ([(1, 2, 1)], Decimal("50.0")),
        ([(1, 1, 3), (0, 1, 1)], Decimal("75.0")),
        ([(9_999, 10_000, 1)], Decimal("99.9")),
    ],
)
def test_a_score_is_the_weighted_mean_rounded_down(
    shares: list[tuple[int, int, int]], expected: Decimal | None
) -> None:
    assert score(shares) == expected


@given(SHARES)
def test_a_score_is_full_only_when_nothing_is_missing(shares: list[tuple[int, int, int]]) -> None:
    found = score(shares)

    assert found is None or 0 <= found <= 100
    is_missing = any(met < of for met, of, weight in shares if of and weight)
    assert found is None or (found == 100) is not is_missing


@given(st.lists(st.none() | st.decimals(0, 100, places=1)))
def test_the_whole_lies_between_its_parts(scores: list[Decimal | None]) -> None:
    known = [each for each in scores if each is not None]
    found = overall(scores)

    assert (found is None) is (not known)
    assert found is None or min(known) - Decimal("0.1") <= found <= max(known)
