"""People taken in hand to be verified, answers kept, and how their state went."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.vault import fingerprint, seal
from phuong.registry.actions.identity import (
    IdentityAnswer,
    identity_facts_of,
    note_identities,
    take_person,
    take_unverified,
    unverified_count,
)
from phuong.registry.models import Organisation, Person
from phuong.registry.queries import identity_history
from phuong.registry.testing import a_class, a_commune, a_learner, a_school, a_teacher

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=0)
BORN = dt.date(2012, 5, 31)


@pytest.fixture
def school() -> Organisation:
    return a_school(a_commune())


def somebody(school: Organisation, number: str = "031212000001", **facts: Any) -> Person:
    person = a_learner(school, a_class(school, name=f"6A{Person.objects.count()}"))
    told = {"full_name": "Đỗ Khánh An", "birth_date": BORN, "sex": "male", "number_check": "agrees", **facts}
    told |= {"number_cipher": seal(number), "number_hash": fingerprint(number)} if number else {}
    Person.objects.filter(pk=person.pk).update(**told)
    return Person.objects.get(pk=person.pk)


def state_of(person: Person) -> str:
    return str(Person.objects.get(pk=person.pk).identity_state)


def test_the_next_people_are_marked_and_told_once(school: Organisation) -> None:
    first, second = somebody(school), somebody(school, "031212000002", full_name="Lê Ân")

    (taken,) = take_unverified("vn", after=NOBODY, most=1)
    rest = take_unverified("vn", after=NOBODY, most=10)

    assert (taken.person, taken.number, taken.full_name) == (first.pk, "031212000001", "Đỗ Khánh An")
    assert (taken.birth_date, taken.sex, taken.path) == (BORN, "male", school.path)
    assert [each.person for each in rest] == [second.pk]
    assert state_of(first) == state_of(second) == "sending"
    assert take_unverified("vn", after=NOBODY, most=10) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"number_check": "malformed"},
        {"birth_date": None},
        {"sex": ""},
        {"identity_state": "matched"},
        {"identity_state": "mismatched"},
        {"is_learner": False, "is_guardian": True},
    ],
)
def test_who_cannot_be_asked_about_or_was_is_left_out(school: Organisation, facts: dict[str, Any]) -> None:
    person = somebody(school, **facts)
    before = state_of(person)

    assert unverified_count("vn") == 0
    assert take_unverified("vn", after=NOBODY, most=10) == []
    assert state_of(person) == before


def test_staff_are_taken_and_people_elsewhere_are_not(school: Organisation) -> None:
    lan = a_teacher(school)
    facts = {"birth_date": BORN, "sex": "female", "number_check": "agrees"}
    number = {"number_cipher": seal("031190000001"), "number_hash": fingerprint("031190000001")}
    Person.objects.filter(pk=lan.pk).update(**facts, **number)
    somebody(a_school(a_commune("11314")))

    assert unverified_count(school.path) == 1
    assert [each.person for each in take_unverified(school.path, after=NOBODY, most=10)] == [lan.pk]


def test_the_facts_are_one_version_of_number_name_birth_date_and_sex(school: Organisation) -> None:
    person, twin = somebody(school), somebody(school)
    versions = {identity_facts_of(person.pk)}

    for change in ({"full_name": "Đỗ Khánh Anh"}, {"birth_date": dt.date(2012, 5, 30)}, {"sex": "female"}):
        Person.objects.filter(pk=person.pk).update(**change)
        versions.add(identity_facts_of(person.pk))
    Person.objects.filter(pk=person.pk).update(number_hash=fingerprint("031212000009"), number_cipher=seal("x"))
    versions.add(identity_facts_of(person.pk))

    assert len(versions) == 5
    assert identity_facts_of(twin.pk) in versions
    Person.objects.filter(pk=twin.pk).update(address="nơi khác", name_key="x")
    assert identity_facts_of(twin.pk) in versions


def test_an_answer_is_kept_only_where_the_facts_are_still_those_asked_about(school: Organisation) -> None:
    same, changed, matched = somebody(school), somebody(school, "031212000002"), somebody(school, "031212000003")
    taken = {each.person: each.facts for each in take_unverified("vn", after=NOBODY, most=10)}
    Person.objects.filter(pk=changed.pk).update(full_name="Đỗ Khánh Anh", identity_state="unverified")
    Person.objects.filter(pk=matched.pk).update(identity_state="matched")

    kept = note_identities([IdentityAnswer(person, facts, "mismatched") for person, facts in taken.items()])

    assert kept == {same.pk}
    assert [state_of(each) for each in (same, changed, matched)] == ["mismatched", "unverified", "matched"]
    row = Person.objects.get(pk=same.pk)
    assert (row.identity_source, row.identity_checked_on is not None) == ("population", True)


def test_an_unknown_state_is_refused(school: Organisation) -> None:
    with pytest.raises(ValueError, match="perhaps"):
        note_identities([IdentityAnswer(somebody(school).pk, b"x", "perhaps")])


def test_one_person_is_taken_again_but_not_while_an_answer_is_awaited(school: Organisation) -> None:
    person = somebody(school, identity_state="mismatched")

    first, second = take_person(person.pk), take_person(person.pk)

    assert first is not None
    assert second is None
    assert take_person(somebody(school, "", number_check="missing", number_cipher=None, number_hash=None).pk) is None


def test_the_history_tells_each_change_of_state_with_who_and_why(school: Organisation) -> None:
    person = somebody(school)
    with acting(Actor(scope="vn", name="Đối chiếu tự động"), reason="chạy đêm"):
        (taken,) = take_unverified("vn", after=NOBODY, most=10)
    with acting(SYSTEM):
        Person.objects.filter(pk=person.pk).update(address="nơi khác")
        note_identities([IdentityAnswer(person.pk, taken.facts, "matched")])

    steps = identity_history(Person.objects.get(pk=person.pk))

    assert [(step.before, step.after, step.by) for step in steps] == [
        ("sending", "matched", "system"),
        ("unverified", "sending", "Đối chiếu tự động"),
    ]
    assert steps[1].reason == "chạy đêm"
