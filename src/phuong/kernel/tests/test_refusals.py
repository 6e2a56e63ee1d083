"""Refusals: a stable code for machines, words for people."""

import pytest

from phuong.kernel.refusals import BadInput, NotThere, Refused


@pytest.mark.parametrize(
    ("kind", "code", "status"), [(Refused, "refused", 409), (NotThere, "not_there", 404), (BadInput, "bad_input", 422)]
)
def test_a_refusal_says_what_and_how_bad(kind: type[Refused], code: str, status: int) -> None:
    problem = kind().problem()

    assert problem == {
        "type": f"urn:phuong:refusal:{code}",
        "title": str(kind.message),
        "status": status,
        "code": code,
        "detail": str(kind.message),
    }


def test_facts_and_own_words_travel_with_the_refusal() -> None:
    refusal = BadInput("Dòng 3 sai.", row=3)

    assert str(refusal) == "Dòng 3 sai."
    assert refusal.problem()["detail"] == "Dòng 3 sai."
    assert refusal.problem()["row"] == 3
    assert refusal.problem()["title"] == str(BadInput.message)


def test_every_refusal_has_one_root() -> None:
    assert issubclass(NotThere, Refused)
    assert issubclass(BadInput, Refused)
