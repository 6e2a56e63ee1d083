"""Making people: a learner, a member of staff with a post, a guardian of a learner."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.codelists import attributes_of
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.text import name_sort_key, search_key
from phuong.kernel.today import today
from phuong.kernel.vault import fingerprint, seal
from phuong.records.api import BadValues
from phuong.registry.models import ClassGroup, Enrolment, Guardianship, Organisation, Person, StaffPosition
from phuong.registry.models.people import IdentityState
from phuong.registry.rules import check_number

_OWN = ("sex", "birth_date", "ethnicity", "birthplace", "address", "phone", "email", "work_email")
_VERIFIED_BY = ("full_name", "birth_date", "sex")


def derived(values: Mapping[str, Any], row: Person | None, place: Organisation | None) -> dict[str, Any]:
    """Give the columns of a person that follow from others: sort keys, the sealed number, the place.

    A name, birth date, sex or number other than the verified one must be verified anew.
    """
    name, number = values["full_name"], values.get("number") or ""
    birth_date, sex = values.get("birth_date"), values.get("sex", "")
    facts: dict[str, Any] = {
        "name_key": name_sort_key(name),
        "search_key": search_key(name),
        "number_check": check_number(number, sex=sex, birth_date=birth_date),
        "number_cipher": seal(number) if number else None,
        "number_hash": fingerprint(number) if number else None,
    }
    is_new = row is None or row._state.adding
    if is_new and place is not None:
        facts |= {"place": place, "path": place.path}
    elif row is not None and _is_another(row, facts, values):
        facts |= {"identity_state": IdentityState.UNVERIFIED, "identity_checked_on": None}
    return facts


def _is_another(row: Person, facts: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    before = Person.objects.get(pk=row.pk)
    same_number = bytes(before.number_hash or b"") == (facts["number_hash"] or b"")
    return not same_number or any(getattr(before, name) != values.get(name) for name in _VERIFIED_BY)


def make_staff(values: Mapping[str, Any], place: Organisation, by: Actor) -> Person:
    """Make a member of staff with the main post held from a day on."""
    del by
    person = Person(is_staff=True, updated_on=today())
    for name in ("full_name", *_OWN):
        setattr(person, name, values.get(name) or _nothing(name))
    for column, value in derived(values, None, place).items():
        setattr(person, column, value)
    person.save(force_insert=True)
    post = values.get("position") or "teacher"
    StaffPosition.objects.create(
        person=person,
        organisation=place,
        path=place.path,
        position=post,
        group=group_of(post),
        subject=values.get("subject") or "",
        contract=values.get("contract") or "",
        during=(values.get("since") or today(), None),
    )
    return person


def group_of(position: str) -> str:
    """Give the group of a post: manager, teacher or staff (code list staff_position)."""
    return str(attributes_of("staff_position", position).get("group", "staff"))


def note_identity_level(person_id: UUID, level: int) -> bool:
    """Keep the level of an electronic identity as its provider tells it; says whether that is news."""
    told = Person.objects.filter(pk=person_id).exclude(citizen_identity_level=level)
    is_news = told.update(citizen_identity_level=level, updated_on=today()) > 0
    if is_news:
        record("registry.identity_level_noted", on_kind="person", on_id=person_id, note=str(level))
    return is_news


def _nothing(name: str) -> Any:
    return None if name == "birth_date" else ""


def make_guardianship(values: Mapping[str, Any], learner: Person, by: Actor) -> Guardianship:
    """Make somebody the guardian of a learner; a person known by the same personal number is not made twice."""
    del by
    number = values.get("number") or ""
    known = Person.objects.filter(number_hash=fingerprint(number)).first() if number else None
    guardian = known or _new_guardian(values, learner)
    if known is not None and not known.is_guardian:
        known.is_guardian = True
        known.save(update_fields=["is_guardian"])
    return Guardianship.objects.create(
        guardian=guardian,
        learner=learner,
        path=learner.path,
        relation=values["relation"],
        custody=values["custody"],
        contact_order=values.get("contact_order") or 1,
        starts_on=today(),
    )


def link_guardian(guardian: Person, learner: Person, *, relation: str, custody: str) -> Guardianship:
    """Make a known person the guardian of a learner, from today on; a guardianship in force stays as it is."""
    if not guardian.is_guardian:
        guardian.is_guardian = True
        guardian.save(update_fields=["is_guardian"])
    facts = {"path": learner.path, "relation": relation, "custody": custody, "starts_on": today()}
    kept, is_new = Guardianship.objects.get_or_create(
        guardian=guardian, learner=learner, ends_on__isnull=True, defaults=facts
    )
    if is_new:
        record("registry.guardian_linked", on_kind="guardianship", on_id=kept.pk, note=relation, path=learner.path)
    return kept


def _new_guardian(values: Mapping[str, Any], learner: Person) -> Person:
    guardian = Person(is_guardian=True, updated_on=today(), phone=values.get("phone") or "")
    guardian.full_name, guardian.sex = values["full_name"], values.get("sex") or ""
    guardian.birth_date, guardian.email = values.get("birth_date"), values.get("email") or ""
    for column, value in derived(values, None, learner.place).items():
        setattr(guardian, column, value)
    guardian.save(force_insert=True)
    return guardian


def enrol(values: Mapping[str, Any], learner: Person, by: Actor) -> Enrolment:
    """Put a learner into a class from a day on; the class before ends on that day, the record moves with the learner.

    :raises BadValues: the learner entered the present class on that day or later
    :raises NotThere: a class of a unit the actor does not see
    """
    group = ClassGroup.objects.select_related("organisation").filter(pk=values["class_group"]).first()
    if group is None:
        raise NotThere
    since: dt.date = values["since"]
    open_one = Enrolment.objects.select_for_update().filter(learner=learner, ends_on__isnull=True).first()
    if open_one is not None:
        if open_one.during.lower >= since:
            raise BadValues({"since": _("Phải sau ngày vào lớp đang học, %s.") % f"{open_one.during.lower:%d/%m/%Y}"})
        open_one.during = (open_one.during.lower, since)
        open_one.save(update_fields=["during"])
    school = group.organisation
    made = Enrolment.objects.create(
        learner=learner,
        class_group=group,
        organisation=school,
        path=school.path,
        school_year=group.school_year,
        during=(since, None),
        status=values.get("status") or "studying",
        reason=values.get("reason") or "",
    )
    if learner.place_id != school.pk:
        move_people([learner.pk], school)
    return made


def move_people(people: list[Any], place: Organisation) -> int:
    """Let another unit keep the records of some learners, with their guardians that no other child keeps here.

    One statement a table; gives the people moved.
    """
    wards = Guardianship.objects.filter(learner__in=people, ends_on__isnull=True)
    guardians = list(wards.values_list("guardian_id", flat=True))
    staying = Guardianship.objects.filter(guardian__in=guardians, ends_on__isnull=True).exclude(learner__in=people)
    going = set(guardians) - set(staying.values_list("guardian_id", flat=True))
    moved = Person.objects.filter(pk__in=[*people, *going])
    count: int = moved.exclude(is_staff=True, is_learner=False).update(place=place, path=place.path)
    wards.update(path=place.path)
    return count


def set_work_emails(addresses: Mapping[Any, str]) -> int:
    """Keep the work addresses that people were given (person: address), in one statement; gives how many changed."""
    changed = []
    for person in Person.objects.select_for_update(of=("self",)).filter(pk__in=addresses):
        if person.work_email != addresses[person.pk]:
            person.work_email = addresses[person.pk]
            changed.append(person)
    Person.objects.bulk_update(changed, ["work_email"])
    record("registry.work_emails_set", note=str(len(changed)))
    return len(changed)


def is_number_known(number: str, *, but: Any = None) -> bool:
    """Say whether anybody in the whole sector has this personal number; never who or where."""
    with acting(SYSTEM):
        return Person.objects.filter(number_hash=fingerprint(number)).exclude(pk=but).exists()


def note_opened_number(person: Person) -> None:
    """Keep in the journal that a whole personal number was shown for editing."""
    record("registry.number_shown", on_kind="person", on_id=person.pk, about=person.pk, path=person.path)
