"""Ready-made transfers, and the people of a transfer, for any app's tests."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from phuong.identity.api import Account
from phuong.identity.testing import an_account
from phuong.kernel.contributions import Role, contribution
from phuong.kernel.scope import Actor
from phuong.kernel.text import search_key
from phuong.kernel.vault import fingerprint, seal
from phuong.registry.api import ClassGroup, Organisation, Person
from phuong.registry.testing import a_class, a_commune, a_guardian, a_learner, a_school
from phuong.transfers.declarations import due_of
from phuong.transfers.models import Step, Transfer
from phuong.transfers.queries import present_seat

NUMBER = "031213001234"
BORN = dt.date(2013, 5, 1)


def with_number(person: Person, number: str = NUMBER) -> Person:
    """Give somebody a personal number."""
    person.number_cipher, person.number_hash, person.number_check = seal(number), fingerprint(number), "agrees"
    person.save(update_fields=["number_cipher", "number_hash", "number_check"])
    return person


def actor_of(account: Account, role: str, place: Organisation, *, persons: tuple[Any, ...] = ()) -> Actor:
    """Give the actor an account is in a role at a place; a family has no place of its own in the tree."""
    known = contribution(Role, role)
    return Actor(
        scope="" if persons else str(place.path),
        persons=persons,
        account_id=account.pk,
        name=account.display_name,
        role=role,
        organisation_id=place.pk,
        organisation=place.name,
        permissions=frozenset(map(str, known.permissions if known else ())),
    )


@dataclass
class Cast:
    """An learns at Lạch Tray; Bình, her mother, wants her at Bên Sông. Each school has a principal and a clerk."""

    old: Organisation
    new: Organisation
    group: ClassGroup
    new_group: ClassGroup
    an: Person
    binh: Person
    mother: Actor
    head: Actor  # of the old school
    clerk: Actor
    new_head: Actor
    new_clerk: Actor


def a_cast() -> Cast:
    """Make two schools in two communes and the people of a transfer."""
    old = a_school(a_commune("11311", name="Phường Thủy Nguyên"), name="THCS Lạch Tray")
    new = a_school(a_commune("11329", name="Phường Lê Chân"), name="THCS Bên Sông")
    group, new_group = a_class(old), a_class(new, name="8B1")
    an = with_number(a_learner(old, group, name="Đỗ Khánh An", code="HP001"))
    binh = a_guardian(an)
    mother = an_account("guardian", old, person=binh, username="binh", name="Trần Thị Bình")
    staff = {
        (role, place.pk): actor_of(an_account(role, place, name=f"{role} {place.name}"), role, place)
        for role in ("principal", "clerk")
        for place in (old, new)
    }
    return Cast(
        old,
        new,
        group,
        new_group,
        an,
        binh,
        actor_of(mother, "guardian", old, persons=(binh.pk, an.pk)),
        staff["principal", old.pk],
        staff["clerk", old.pk],
        staff["principal", new.pk],
        staff["clerk", new.pk],
    )


def a_transfer(learner: Person, to: Organisation, *, state: str = "requested", **facts: Any) -> Transfer:
    """Make a transfer within the province as it stands, with the step that led there; nobody is told."""
    seat = present_seat(learner.pk)
    school = seat.organisation if seat else learner.place
    day = facts.pop("stepped_on", dt.date(2026, 11, 23))
    made = Transfer.objects.create(
        path=school.path,
        to_path=to.path,
        kind="within",
        state=state,
        learner=learner,
        from_school=school,
        to_school=to,
        full_name=learner.full_name,
        search_key=search_key(learner.full_name),
        birth_date=learner.birth_date or BORN,
        from_class=seat.class_group.name if seat else "",
        grade=facts.pop("grade", 8),
        asked_by=facts.pop("asked_by", "receiving"),
        asked_by_name="Văn thư",
        asked_on=day,
        stepped_on=day,
        due_on=due_of("within", state, day),
        **facts,
    )
    Step.objects.create(path=made.path, to_path=made.to_path, transfer=made, learner=learner, act="ask", state=state)
    return made
