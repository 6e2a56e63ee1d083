"""Keys of version 7: well formed, ordered by time, never the same."""

import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.keys import uuid7

moments = st.integers(0, 2**48 - 1)


def made_at(millis: int, monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    monkeypatch.setattr(time, "time_ns", lambda: millis * 1_000_000)
    return uuid7()


@given(moments)
def test_a_key_says_its_version_and_its_moment(millis: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        key = made_at(millis, patch)

    assert (key.version, key.variant) == (7, uuid.RFC_4122)
    assert key.int >> 80 == millis


@given(moments, moments)
def test_a_key_made_later_sorts_later(one: int, other: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        first, second = made_at(one, patch), made_at(other, patch)

    if one != other:
        assert (first < second) == (str(first) < str(second)) == (one < other)


def test_keys_of_one_moment_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len({made_at(1_800_000_000_000, monkeypatch) for _ in range(2000)}) == 2000


def test_the_present_moment_is_in_the_key() -> None:
    before = time.time_ns() // 1_000_000
    key = uuid7()

    assert before <= key.int >> 80 <= time.time_ns() // 1_000_000
