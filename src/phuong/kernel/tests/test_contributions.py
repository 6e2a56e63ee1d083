"""What upper apps tell lower ones: once each, in order, by code."""

from dataclasses import dataclass

import pytest

from phuong.kernel.contributions import AlreadyContributed, codes, contribute, contribution, contributions


def a_kind() -> type:
    """Give a fresh kind, so that the lists of the product stay as they are."""

    @dataclass(frozen=True)
    class Thing:
        code: str
        words: str = ""

    return Thing


def test_contributions_come_in_order_of_registration() -> None:
    thing = a_kind()

    contribute(thing("b"), thing("a"))
    contribute(thing("c"))

    assert [each.code for each in contributions(thing)] == ["b", "a", "c"]
    assert list(codes(thing)) == ["b", "a", "c"]


def test_a_contribution_is_found_by_its_code() -> None:
    thing = a_kind()
    contribute(thing("a", "words"))

    assert contribution(thing, "a") == thing("a", "words")
    assert contribution(thing, "b") is None


def test_the_same_contribution_twice_is_kept_once() -> None:
    thing = a_kind()

    contribute(thing("a", "words"))
    contribute(thing("a", "words"))

    assert contributions(thing) == [thing("a", "words")]


def test_another_contribution_of_the_same_code_is_refused_and_the_first_stays() -> None:
    thing = a_kind()
    contribute(thing("a", "first"))

    with pytest.raises(AlreadyContributed, match="Thing a"):
        contribute(thing("a", "second"))

    assert contributions(thing) == [thing("a", "first")]


def test_kinds_do_not_share_codes() -> None:
    one, other = a_kind(), a_kind()

    contribute(one("a"), other("a"))

    assert (len(contributions(one)), len(contributions(other))) == (1, 1)


def test_nothing_contributed_is_an_empty_list() -> None:
    assert contributions(a_kind()) == []
