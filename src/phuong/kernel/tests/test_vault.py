"""Sealed fields: read back, never twice the same, refused when altered."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from phuong.kernel.vault import (
    FINGERPRINT_BYTES,
    NONCE_BYTES,
    fingerprint,
    fingerprint_many,
    seal,
    seal_many,
    unseal,
)

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(texts)
def test_what_is_sealed_is_read_back(text: str) -> None:
    assert unseal(seal(text)) == text


@given(texts)
def test_the_same_text_is_never_sealed_alike(text: str) -> None:
    assert seal(text) != seal(text)


def test_the_text_does_not_show_through() -> None:
    assert b"031205001234" not in seal("031205001234")


@given(texts, st.integers(0, 10_000), st.integers(1, 255))
def test_an_altered_seal_is_refused(text: str, place: int, mask: int) -> None:
    altered = bytearray(seal(text))
    altered[place % len(altered)] ^= mask

    with pytest.raises(InvalidTag):
        unseal(bytes(altered))


@pytest.mark.parametrize("cut", [1, 5, 16])
def test_a_shortened_seal_is_refused(cut: int) -> None:
    with pytest.raises(InvalidTag):
        unseal(seal("031205001234")[:-cut])


def test_a_seal_under_another_nonce_is_refused() -> None:
    one, other = seal("031205001234"), seal("031205001234")

    with pytest.raises(InvalidTag):
        unseal(one[:NONCE_BYTES] + other[NONCE_BYTES:])


def test_a_column_value_is_read_as_the_driver_gives_it() -> None:
    assert unseal(memoryview(seal("số"))) == "số"  # type: ignore[arg-type]


@given(texts)
def test_a_fingerprint_is_stable_and_short(text: str) -> None:
    assert fingerprint(text) == fingerprint(text)
    assert len(fingerprint(text)) == FINGERPRINT_BYTES


@given(texts, texts)
def test_two_texts_have_two_fingerprints(one: str, other: str) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


@given(st.lists(texts, max_size=5))
def test_many_sealed_at_once_are_read_back_one_by_one(many: list[str]) -> None:
    assert [unseal(sealed) for sealed in seal_many(many)] == many


def test_the_same_text_sealed_many_times_at_once_is_never_sealed_alike() -> None:
    sealed = seal_many(["031205001234"] * 1000)

    assert len({one[:NONCE_BYTES] for one in sealed}) == 1000
    assert len(set(sealed)) == 1000


@given(st.lists(texts, max_size=5))
def test_many_fingerprints_are_those_of_each_text(many: list[str]) -> None:
    assert fingerprint_many(many) == [fingerprint(text) for text in many]
