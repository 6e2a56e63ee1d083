"""Independent work side by side: all of it, in order, and no more than was begun when something goes wrong."""

from contextlib import closing

import pytest

from phuong.kernel.hands import AHEAD, HANDS, side_by_side

MOST_BEGUN = HANDS * AHEAD + 1


@pytest.mark.parametrize("hands", [1, 2, 3])
def test_everything_is_done_once(hands: int) -> None:
    done: list[int] = []

    steps = sum(1 for _ in side_by_side(done.append, range(40), hands=hands))

    assert (steps, sorted(done)) == (40, list(range(40)))


def test_the_first_error_is_raised_and_the_rest_is_not_begun() -> None:
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 0:
            raise ValueError(item)

    with pytest.raises(ValueError, match="0"):
        list(side_by_side(work, range(100)))

    assert len(begun) <= MOST_BEGUN


def test_who_stops_leaves_undone_what_is_not_begun() -> None:
    done: list[int] = []

    with closing(side_by_side(done.append, range(100))) as steps:
        next(steps)

    assert 1 <= len(done) <= MOST_BEGUN
