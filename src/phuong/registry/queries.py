"""Reads of the registry."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.codelists import title_of
from phuong.kernel.contributions import FollowUp, Hit, contributions
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, Actor, current_actor, depth
from phuong.kernel.text import search_key
from phuong.kernel.vault import fingerprint
from phuong.records.api import contexts_of
from phuong.registry.access import organisation_for, organisations_seen_by, people_seen_by
from phuong.registry.models import (
    ClassGroup,
    Enrolment,
    FocalPoint,
    Guardianship,
    Lineage,
    Organisation,
    Person,
    Qualification,
    School,
    StaffPosition,
)
from phuong.registry.models.organisations import COMMUNE_KINDS
from phuong.registry.rules import day_month_swapped, is_near_date, is_near_name

NUMBER_LENGTH = 12
LAST_LETTER = "\uffff"
MOST_LOOKED_AT, MOST_BORN_ON_A_DAY = 200, 5_000
_SCHOOL_DEPTH = 4


@dataclass(frozen=True)
class Place:
    """Where a learner sits today."""

    class_id: UUID
    class_name: str
    school_id: UUID
    school: str
    status: str


def learners_matching(actor: Actor, chosen: Mapping[str, Any]) -> QuerySet[Person]:
    """Give the learners within the actor's place whom the filters of the list choose."""
    rows = people_seen_by(actor).filter(is_learner=True)
    if "school" in chosen:
        rows = rows.filter(place=organisation_for(actor, chosen["school"]))
    if "number" in chosen:
        rows = rows.filter(number_check=chosen["number"])
    return _named(rows, chosen)


def staff_matching(actor: Actor, chosen: Mapping[str, Any]) -> QuerySet[Person]:
    """Give the staff within the actor's place whom the filters of the list choose."""
    rows = people_seen_by(actor).filter(is_staff=True)
    if "group" in chosen:
        rows = rows.filter(positions__group=chosen["group"], positions__ends_on__isnull=True, positions__is_main=True)
    return _named(rows, chosen)


def _named(rows: QuerySet[Person], chosen: Mapping[str, Any]) -> QuerySet[Person]:
    if "q" not in chosen:
        return rows
    key = search_key(chosen["q"])
    return rows.filter(search_key__gte=key, search_key__lt=key + LAST_LETTER)


def schools_matching(actor: Actor, chosen: Mapping[str, Any]) -> QuerySet[School]:
    """Give the open schools within the actor's place whom the filters of the list choose."""
    seen = organisations_seen_by(actor).filter(kind="school", closed_on__isnull=True)
    rows = School.objects.filter(organisation__in=seen).select_related("organisation__territory")
    rows = rows.filter(**{name: chosen[name] for name in ("level", "ownership") if name in chosen})
    if "commune" in chosen:
        rows = rows.filter(organisation__territory=chosen["commune"])
    if "q" in chosen:
        rows = rows.filter(organisation__search_key__contains=search_key(chosen["q"]))
    return rows


def wards_of(guardian_id: UUID) -> tuple[UUID, ...]:
    """Give the learners whose records a guardian may see: guardianship in force, custody that allows contact."""
    allowed = Guardianship.objects.filter(guardian_id=guardian_id, ends_on__isnull=True).exclude(custody="none")
    return tuple(allowed.order_by("id").values_list("learner_id", flat=True))


def present_places(learners: Iterable[UUID]) -> dict[UUID, Place]:
    """Give the present class and school of each learner, in one statement."""
    rows = Enrolment.objects.filter(learner_id__in=list(learners), ends_on__isnull=True)
    return {
        row.learner_id: Place(
            row.class_group_id, row.class_group.name, row.organisation_id, row.organisation.name, row.status
        )
        for row in rows.select_related("class_group", "organisation")
    }


def classes_of(school: Organisation, school_year: int) -> QuerySet[ClassGroup]:
    """Give the classes of a school in one year with ``learners`` (how many sit in them now)."""
    sitting = Count("enrolments", filter=Q(enrolments__ends_on__isnull=True))
    of_year = ClassGroup.objects.filter(organisation=school, school_year=school_year)
    return of_year.select_related("homeroom").annotate(learners=sitting).order_by("level", "grade", "name_key", "id")


def learners_of_class(group: ClassGroup) -> QuerySet[Enrolment]:
    """Give the learners who sit in a class now, in class-list order."""
    sitting = Enrolment.objects.filter(class_group=group, ends_on__isnull=True)
    return sitting.select_related("learner").order_by("learner__name_key", "learner_id")


def enrolments_of(person: Person) -> QuerySet[Enrolment]:
    """Give all enrolments of a learner, latest first."""
    return person.enrolments.select_related("class_group", "organisation").order_by("-starts_on", "id")


def guardians_of(person: Person) -> QuerySet[Guardianship]:
    """Give the guardians of a learner in contact order."""
    return person.guardians.select_related("guardian").order_by("contact_order", "id")


def children_of(person: Person) -> QuerySet[Guardianship]:
    """Give the learners somebody is guardian of."""
    return person.wards.filter(ends_on__isnull=True).select_related("learner").order_by("learner__name_key", "id")


def positions_of(person: Person) -> QuerySet[StaffPosition]:
    """Give all posts of a person, latest first."""
    return person.positions.select_related("organisation").order_by("-starts_on", "id")


def qualifications_of(person: Person) -> QuerySet[Qualification]:
    """Give the qualifications of a person, highest first."""
    return person.qualifications.order_by("-rank", "id")


def lineage_of(organisation: Organisation) -> QuerySet[Lineage]:
    """Give what an organisation came from, oldest step first."""
    return organisation.came_from.select_related("before").order_by("on", "before__name_key", "id")


def schools_within(area: Organisation) -> QuerySet[School]:
    """Give the open schools of an area: those that lie in a commune, or stand below any other unit."""
    inside = Q(organisation__territory=area) if area.is_commune else Q(organisation__path__under=area.path)
    return School.objects.filter(inside, organisation__closed_on__isnull=True).select_related("organisation")


def communes_of(province: Organisation) -> QuerySet[Organisation]:
    """Give the communes, wards and special zones of today, by name."""
    standing = Organisation.objects.filter(kind__in=COMMUNE_KINDS, closed_on__isnull=True, parent=province)
    return standing.order_by("name_key", "id")


def province_of(organisation_path: str) -> Organisation | None:
    """Give the province that a path lies in; for the country's own path, its first province."""
    if depth(organisation_path) > 1:
        label = ".".join(organisation_path.split(".")[:2])
        return Organisation.objects.filter(path=label).first()
    provinces = Organisation.objects.filter(kind="province", closed_on__isnull=True, path__under=ROOT)
    return provinces.order_by("code", "id").first()


def departments_by_province() -> dict[str, Organisation]:
    """Give the department of each province by the province's path."""
    rows = Organisation.objects.filter(kind="department", closed_on__isnull=True)
    return {str(unit.path).rpartition(".")[0]: unit for unit in rows}


def department_of(province_code: str) -> Organisation | None:
    """Give the education department of a province."""
    rows = Organisation.objects.filter(kind="department", closed_on__isnull=True, parent__code=province_code)
    return rows.filter(parent__kind="province").order_by("id").first()


def people_by_number(number: str) -> QuerySet[Person]:
    """Find people by their personal number, spaces and dots apart."""
    return Person.objects.filter(number_hash=fingerprint(number.replace(" ", "").replace(".", ""))).order_by("id")


def alike_keys(actor: Actor, values: Mapping[str, Any]) -> dict[UUID, bool]:
    """Give the keys of people the actor sees who may be the one described, surest first; true: the same number.

    ``values``: number, full_name, birth_date, phone, as far as they are known.
    """
    number, name, born = values.get("number") or "", values.get("full_name") or "", values.get("birth_date")
    seen, key = people_seen_by(actor).order_by(), search_key(name)
    found: dict[UUID, bool] = {}
    if len(number) == NUMBER_LENGTH:
        same = seen.filter(number_hash=fingerprint(number)).values_list("pk", flat=True)
        found |= dict.fromkeys(same[:MOST_LOOKED_AT], True)
    if key and born:
        near = _born_then(seen, key, born) + _called_so(seen, key, born)
        found |= dict.fromkeys([each for each in near if each not in found], False)
    elif key and (phone := values.get("phone")):
        called = seen.filter(search_key=key, phone=phone).values_list("pk", flat=True)
        found |= dict.fromkeys([each for each in called[:MOST_LOOKED_AT] if each not in found], False)
    return found


def _born_then(seen: QuerySet[Person], key: str, born: dt.date) -> list[UUID]:
    """Give those born on this day, or with day and month exchanged, whose name is near; equal names first."""
    days = {born, day_month_swapped(born)}
    rows = seen.filter(birth_date__in=days).values_list("pk", "search_key")[:MOST_BORN_ON_A_DAY]
    return [pk for pk, other in sorted(rows, key=lambda row: row[1] != key) if is_near_name(key, other)]


def _called_so(seen: QuerySet[Person], key: str, born: dt.date) -> list[UUID]:
    """Give those of this very name whose birth date is a digit apart."""
    may_be = Q(birth_date__year=born.year) | Q(birth_date__day=born.day, birth_date__month=born.month)
    rows = seen.filter(may_be, search_key=key).values_list("pk", "birth_date")[:MOST_LOOKED_AT]
    return [pk for pk, day in rows if day and day != born and is_near_date(born, day)]


def find_people(words: str, limit: int) -> list[Hit]:
    """Search people within the acting scope by the beginning of their name, marks or no marks, or by their number."""
    actor = current_actor()
    if not (actor.may(Permission.PERSONS_READ) or actor.may(Permission.STAFF_READ)):
        return []
    people = people_seen_by(actor)
    number = words.replace(" ", "").replace(".", "")
    if number.isdigit() and len(number) == NUMBER_LENGTH:
        people = people.filter(number_hash=fingerprint(number))
    elif depth(actor.scope) >= _SCHOOL_DEPTH:
        people = people.filter(search_key__contains=words)
    else:
        people = people.filter(search_key__gte=words, search_key__lt=words + LAST_LETTER)
    found = list(people.select_related("place").order_by("search_key", "id")[:limit])
    places = present_places(person.pk for person in found if person.is_learner)
    return [
        Hit(person.full_name, _where(person, places.get(person.pk)), reverse("registry:person", args=[person.pk]))
        for person in found
    ]


def _where(person: Person, place: Place | None) -> str:
    return f"{place.class_name}, {place.school}" if place else person.place.name


def find_organisations(words: str, limit: int) -> list[Hit]:
    """Search organisations within the acting scope by any part of their name, or by their code."""
    actor = current_actor()
    if not actor.permissions:
        return []
    named = Q(search_key__contains=words) | Q(code=words.upper())
    found = organisations_seen_by(actor).filter(named, kind__in=[*COMMUNE_KINDS, "school"], closed_on__isnull=True)
    return [
        Hit(row.name, title_of("organisation_kind", row.kind), organisation_url(row))
        for row in found.order_by("name_key", "id")[:limit]
    ]


def organisation_url(organisation: Organisation) -> str:
    """Give the address of an organisation's page."""
    name = "registry:commune" if organisation.is_commune else "registry:school"
    return reverse(name, args=[organisation.pk])


def organisation_by_code(code: str) -> Organisation:
    """Find an open organisation by its path or by any official code, present or alias; a province first.

    :raises NotThere: nobody has this code
    """
    named = Q(code=code) | Q(aliases__code=code)
    if re.fullmatch(r"[a-z]\w*(\.\w+)*", code):
        named |= Q(path=code)
    rows = list(Organisation.objects.filter(named, closed_on__isnull=True).distinct().order_by("path")[:10])
    if not rows:
        raise NotThere(_("Không có đơn vị nào mang mã «%s».") % code)
    return next((row for row in rows if row.kind == "province"), rows[0])


def largest_commune() -> Organisation | None:
    """Give the commune whose schools keep the most learners."""
    counted = Person.objects.filter(is_learner=True).values("branch").annotate(learners=Count("pk"))
    for row in counted.order_by("-learners", "branch")[:10]:
        commune = Organisation.objects.filter(path=row["branch"], kind__in=COMMUNE_KINDS).first()
        if commune is not None:
            return commune
    return None


CORE_DUTIES = ("leader", "it", "statistics")  # code list focal_duty, core
MOST_LACKING = 12


def contacts_matching(actor: Actor, chosen: Mapping[str, Any]) -> QuerySet[FocalPoint]:
    """Give the focal points of today within the actor's place whom the filters choose."""
    rows = FocalPoint.objects.filter(ends_on__isnull=True).select_related("organisation")
    rows = rows.filter(path__under=actor.scope) if actor.scope else rows.none()
    if "q" in chosen:
        rows = rows.filter(search_key__contains=search_key(chosen["q"]))
    if "unit" in chosen:
        rows = rows.filter(organisation=chosen["unit"])
    return rows.filter(duty=chosen["duty"]) if "duty" in chosen else rows


def units_without_core_team(actor: Actor) -> list[Organisation]:
    """Give the first units (communes, schools) of the actor's place that lack one of the core focal points."""
    units = organisations_seen_by(actor).filter(kind__in=[*COMMUNE_KINDS, "school"], closed_on__isnull=True)
    named = Count("focal_points__duty", filter=_is_core(), distinct=True)
    rows = units.annotate(named=named).filter(named__lt=len(CORE_DUTIES)).order_by("named", "name_key", "id")
    return list(rows[:MOST_LACKING])


def _is_core() -> Q:
    return Q(focal_points__ends_on__isnull=True, focal_points__duty__in=CORE_DUTIES)


def consequences_of(unit: Organisation, school_year: int) -> list[tuple[str, int]]:
    """Say how much hangs on a unit: what a merger carries over."""
    inside = Q(path__under=unit.path)
    own = [
        (_("Đơn vị trực thuộc"), unit.children.filter(closed_on__isnull=True).count()),
        (_("Lớp năm học này"), ClassGroup.objects.filter(organisation=unit, school_year=school_year).count()),
        (_("Học sinh đang học"), Enrolment.objects.filter(organisation=unit, ends_on__isnull=True).count()),
        (_("Cán bộ, giáo viên, nhân viên"), Person.objects.filter(place=unit, is_staff=True).count()),
        (_("Đầu mối"), FocalPoint.objects.filter(inside, ends_on__isnull=True).count()),
    ]
    return own + [(str(each.title), each.count(unit)) for each in contributions(FollowUp)]


MOST_STEPS = 100


@dataclass(frozen=True)
class IdentityStep:
    """One change of the state of verification: until ``at`` it was ``before``."""

    at: dt.datetime
    before: str
    after: str
    by: str
    reason: str


def identity_history(person: Person) -> list[IdentityStep]:
    """Give how the state of a person's verification changed, latest first, out of the kept old rows."""
    events = Person.pgh_event_model.objects.filter(pgh_obj=person)  # type: ignore[attr-defined]
    columns = ("pgh_created_at", "identity_state", "pgh_context_id")
    kept = list(events.order_by("-pgh_created_at", "-pgh_id").values_list(*columns)[: MOST_STEPS * 5])
    contexts = contexts_of(context for _at, _state, context in kept)
    steps, after = [], person.identity_state
    for at, before, context in kept:
        if before != after:
            told = contexts.get(context, {})
            steps.append(IdentityStep(at, before, after, told.get("name", ""), told.get("reason", "")))
        after = before
    return steps[:MOST_STEPS]
