"""Figures of the registry against rows worked out by hand, each with neighbours that must not count."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from phuong.kernel.expressions import compile_sql
from phuong.kernel.measures import Measure, Unit
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.measures import MEASURES
from phuong.registry.models import (
    ClassGroup,
    Enrolment,
    FocalPoint,
    Organisation,
    Person,
    Qualification,
    School,
    StaffPosition,
)

pytestmark = pytest.mark.django_db
CODES = {measure.code: measure for measure in MEASURES}
TODAY = timezone.localdate()
YEAR = TODAY.year if TODAY.month >= 8 else TODAY.year - 1
LATELY = TODAY - dt.timedelta(days=2)  # past in every time zone the server may be set to
LONG_AGO = TODAY - dt.timedelta(days=800)


@pytest.fixture(autouse=True)
def _system(db: None) -> Iterator[None]:
    with acting(SYSTEM):
        yield


@pytest.fixture
def commune() -> Organisation:
    """Make a province with one commune."""
    province = Organisation.objects.create(kind="province", name="Tỉnh Thử", code="T9", path="vn.t9")
    return Organisation.objects.create(kind="commune", name="Xã Thử", code="T9001", path="vn.t9.t9001", parent=province)


def a_school(commune: Organisation, code: str, level: str, **facts: Any) -> Organisation:
    """Make a school that lies in ``commune``."""
    closed_on = facts.pop("closed_on", None)
    place = Organisation.objects.create(
        kind="school",
        name=f"Trường {code}",
        code=code,
        parent=commune,
        territory=commune,
        path=f"{commune.path}.{code}",
        closed_on=closed_on,
    )
    School.objects.create(
        organisation=place,
        **{"type": level, "level": level, "levels": [level], "ownership": "public"} | facts,
    )
    return place


def a_person(place: Organisation, name: str, **facts: Any) -> Person:
    """Make a person whose record ``place`` keeps; with a number unless told otherwise."""
    number = {"number_hash": name.encode(), "number_cipher": b"x", "number_check": "agrees"}
    return Person.objects.create(place=place, path=place.path, full_name=name, **number | facts)


def a_class(place: Organisation, name: str, level: str, grade: int, **facts: Any) -> ClassGroup:
    """Make a class of this school year unless told otherwise."""
    return ClassGroup.objects.create(
        **{"organisation": place, "name": name, "level": level, "grade": grade, "school_year": YEAR} | facts
    )


def a_learner(group: ClassGroup, name: str, *, status: str = "studying", left: bool = False, **facts: Any) -> Person:
    """Make a learner who sits in ``group``; ``left``: no longer."""
    place = group.organisation
    person = a_person(place, name, is_learner=True, **facts)
    Enrolment.objects.create(
        learner=person,
        class_group=group,
        organisation=place,
        path=place.path,
        school_year=group.school_year,
        status=status,
        during=DateRange(LONG_AGO, TODAY if left else None),
    )
    return person


def a_post(place: Organisation, name: str, group: str, *, rank: int = 0, **facts: Any) -> Person:
    """Make a member of staff with a main post at ``place``; ``rank`` 0: no degree recorded."""
    post = {"during": DateRange(LONG_AGO, None), "is_main": True}
    post = {key: facts.pop(key, value) for key, value in post.items()}
    person = a_person(place, name, is_staff=True, **facts)
    StaffPosition.objects.create(
        person=person, organisation=place, path=place.path, position=group, group=group, **post
    )
    if rank:
        Qualification.objects.create(person=person, path=place.path, level="x", rank=rank)
        Qualification.objects.create(person=person, path=place.path, level="y", rank=1)
    return person


def figures(measure: Measure) -> dict[UUID, tuple[int, int]]:
    """Count ``measure`` for every unit; a percentage never passes a hundred."""
    counted = measure.population.table.group_by("organisation_id").agg(n=measure.numerator(), d=measure.denominator())
    with connection.cursor() as cursor:
        cursor.execute(compile_sql(counted))
        rows = {key: (int(n or 0), int(d or 0)) for key, n, d in cursor.fetchall()}
    assert measure.unit is not Unit.PERCENT or all(0 <= n <= d for n, d in rows.values())
    return rows


def missing(measure: Measure) -> dict[str, str | None]:
    """List the labels of the records still missing, with the reason."""
    chosen = measure.records().select("label", "met", "why")
    with connection.cursor() as cursor:
        cursor.execute(compile_sql(chosen))
        rows = cursor.fetchall()
    assert all(met is not None for _, met, _ in rows)
    return {label: why for label, met, why in rows if not met}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_measure_counts_nothing_over_nothing(code: str) -> None:
    assert all(pair == (0, 0) or CODES[code].unit is Unit.COUNT for pair in figures(CODES[code]).values())


def test_national_standard_counts_open_schools_of_the_level_whose_recognition_holds(commune: Organisation) -> None:
    good = a_school(commune, "mn1", "preschool", standard_level=1, standard_until=TODAY)
    expired = a_school(commune, "mn2", "preschool", standard_level=2, standard_until=LATELY)
    never = a_school(commune, "mn3", "preschool")
    closed = a_school(commune, "mn4", "preschool", standard_level=1, closed_on=TODAY)
    primary = a_school(commune, "th1", "primary", standard_level=1)

    measure = CODES["registry.standard_preschools"]
    rows = figures(measure)

    assert rows == {good.pk: (1, 1), expired.pk: (0, 1), never.pk: (0, 1), primary.pk: (0, 0)}
    assert closed.pk not in rows
    assert missing(measure) == {"Trường mn2": "expired", "Trường mn3": "never"}
    assert figures(CODES["registry.standard_primary"])[primary.pk] == (1, 1)


def test_schools_are_counted_by_ownership_and_by_where_they_are_run(commune: Organisation) -> None:
    public = a_school(commune, "c1", "lower_secondary")
    private = a_school(commune, "c2", "lower_secondary", ownership="private", managed_here_since=LATELY)
    foreign = a_school(
        commune,
        "c3",
        "upper_secondary",
        ownership="foreign",
        is_international=True,
        levels=["primary", "upper_secondary"],
    )
    alone = a_school(commune, "c4", "upper_secondary", ownership="foreign", is_international=True)

    lower = figures(CODES["registry.private_lower_secondary"])
    upper = figures(CODES["registry.private_upper_secondary"])
    international = figures(CODES["registry.international_schools"])
    here = figures(CODES["registry.schools_managed_here"])

    assert (lower[public.pk], lower[private.pk], lower[foreign.pk]) == ((0, 1), (1, 1), (0, 0))
    assert (upper[foreign.pk], upper[private.pk]) == ((1, 1), (0, 0))
    assert {key for key, (count, _) in international.items() if count} == {foreign.pk}
    assert alone.pk in international
    assert {key for key, (count, _) in here.items() if count} == {private.pk}


def test_a_preschool_is_digital_when_run_here_and_its_inventory_is_fresh(commune: Organisation) -> None:
    facts: dict[str, Any] = {"managed_here_since": LONG_AGO, "inventory_confirmed_on": TODAY}
    good = a_school(commune, "mn1", "preschool", **facts)
    a_school(commune, "mn2", "preschool", **facts | {"inventory_confirmed_on": LONG_AGO})
    a_school(commune, "mn3", "preschool", **facts | {"managed_here_since": None})
    a_school(commune, "th1", "primary", **facts)

    measure = CODES["registry.preschools_digital"]

    assert sum(n for n, _ in figures(measure).values()) == figures(measure)[good.pk][0] == 1
    assert missing(measure) == {"Trường mn2": "inventory", "Trường mn3": "not_managed"}


def a_contact(place: Organisation, duty: str, **facts: Any) -> None:
    """Name a focal point of ``place``."""
    FocalPoint.objects.create(organisation=place, path=place.path, duty=duty, full_name=f"{duty} {place.code}", **facts)


def test_units_name_their_contacts_when_all_three_are_in_force_today(commune: Organisation) -> None:
    full, ended, future, closed, campus = (a_school(commune, code, "primary") for code in ("a", "b", "c", "d", "e"))
    Organisation.objects.filter(pk=closed.pk).update(closed_on=TODAY)
    Organisation.objects.filter(pk=campus.pk).update(kind="campus")
    for duty in ("leader", "it", "statistics"):
        a_contact(full, duty, starts_on=LATELY, ends_on=TODAY + dt.timedelta(days=400))
        a_contact(ended, duty, **({"ends_on": LATELY} if duty != "leader" else {}))
        a_contact(future, duty, **({"starts_on": TODAY + dt.timedelta(days=9)} if duty == "it" else {}))
        a_contact(closed, duty)
    a_contact(full, "core_team")
    a_contact(ended, "security")

    measure = CODES["registry.units_with_contacts"]
    rows = figures(measure)

    assert rows == {full.pk: (1, 1), ended.pk: (0, 1), future.pk: (0, 1), commune.pk: (0, 1)}
    assert missing(measure) == {
        "Trường b": "it.statistics",
        "Trường c": "it",
        "Xã Thử": "leader.it.statistics",
    }
    assert measure.reasons["it.statistics"][0] == "Thiếu đầu mối công nghệ thông tin, đầu mối thống kê"


def test_learners_are_counted_while_they_sit_in_a_class(commune: Organisation) -> None:
    school = a_school(commune, "th1", "primary", ownership="private")
    twice = a_class(school, "1A", "primary", 1, two_sessions=True)
    once = a_class(school, "5A", "primary", 5)
    older = a_class(school, "6A", "lower_secondary", 6, two_sessions=True)
    a_learner(twice, "An", plays_art=True, plays_sport=True)
    a_learner(twice, "Bình", status="repeating", plays_art=True, plays_sport=False)
    a_learner(once, "Chi")
    a_learner(older, "Dũng", plays_art=False, plays_sport=False)
    a_learner(twice, "Em", left=True)
    a_learner(twice, "Giang", status="dropped_out")

    two_sessions = CODES["registry.primary_two_sessions"]
    talents = CODES["registry.pupils_art_and_sport"]

    assert figures(two_sessions) == {school.pk: (2, 3)}
    assert missing(two_sessions) == {"Chi": None}
    assert figures(CODES["registry.private_general_pupils"]) == {school.pk: (4, 4)}
    assert figures(CODES["registry.preschool_two_sessions"]) == {school.pk: (0, 0)}
    assert figures(talents) == {school.pk: (1, 4)}
    assert missing(talents) == {"Bình": "sport", "Chi": "unknown", "Dũng": "both"}


def test_records_of_learners_are_filled_when_nothing_is_missing(commune: Organisation) -> None:
    school = a_school(commune, "mn1", "preschool", ownership="community")
    group = a_class(school, "Lá 1", "kindergarten", 0, age_group="mg5", two_sessions=True)
    filled: dict[str, Any] = {
        "birth_date": LONG_AGO,
        "ethnicity": "1",
        "address": "Thôn 1",
        "plays_art": False,
        "plays_sport": False,
    }
    unnumbered = {"number_hash": None, "number_cipher": None, "number_check": "missing"}
    a_learner(group, "An", code="1", **filled)
    a_learner(group, "Bình", code="", **filled)
    a_learner(group, "Chi", code="3", **filled | unnumbered)
    a_learner(group, "Dũng", code="4", **filled | {"plays_art": None})
    a_learner(group, "Em", code="5", **filled | {"address": ""})

    measure = CODES["registry.learners_filled"]

    assert figures(measure) == {school.pk: (1, 5)}
    assert missing(measure) == {"Bình": "code", "Chi": "number", "Dũng": "talents", "Em": "personal"}
    assert missing(CODES["registry.learners_with_number"]) == {"Chi": "missing"}
    assert figures(CODES["registry.preschool_two_sessions"]) == {school.pk: (5, 5)}
    assert figures(CODES["registry.non_public_preschool_children"]) == {school.pk: (5, 5)}


@pytest.mark.parametrize(("age_group", "most"), [("nt1", 15), ("3-12m", 15), ("mg3", 25), ("5-6y", 35)])
def test_a_preschool_group_is_full_at_the_ceiling_of_its_age(commune: Organisation, age_group: str, most: int) -> None:
    school = a_school(commune, "mn1", "preschool")
    full = a_class(school, "Đủ", "preschool", 0, age_group=age_group)
    over = a_class(school, "Quá", "preschool", 0, age_group=age_group)
    a_class(school, "Chưa rõ", "preschool", 0)
    a_class(school, "Năm ngoái", "preschool", 0, age_group=age_group, school_year=YEAR - 1)
    a_class(school, "1A", "primary", 1)
    for place in range(most):
        a_learner(full, f"full {place}")
        a_learner(over, f"over {place}")
    a_learner(full, "left", left=True)
    a_learner(over, "one more")

    measure = CODES["registry.preschool_group_sizes"]

    assert figures(measure) == {school.pk: (1, 3)}
    assert missing(measure) == {"Quá": "too_many", "Chưa rõ": "no_age"}


def test_teachers_are_qualified_by_their_highest_degree_and_by_the_level_of_their_school(commune: Organisation) -> None:
    preschool = a_school(commune, "mn1", "preschool")
    primary = a_school(commune, "th1", "primary")
    a_post(preschool, "An", "teacher", rank=5)
    a_post(preschool, "Bình", "teacher", rank=4)
    a_post(preschool, "Chi", "manager", rank=8)
    a_post(primary, "Dũng", "teacher", rank=6)
    a_post(primary, "Em", "teacher", rank=5)
    a_post(primary, "Giang", "teacher")
    a_post(primary, "Hà", "teacher", rank=6, during=DateRange(LONG_AGO, TODAY))
    a_post(primary, "Khánh", "teacher", rank=6, is_main=False)

    nursery, general = CODES["registry.preschool_teachers_qualified"], CODES["registry.general_teachers_qualified"]

    assert figures(nursery) == {preschool.pk: (1, 2), primary.pk: (0, 0)}
    assert figures(general) == {preschool.pk: (0, 0), primary.pk: (1, 3)}
    assert missing(general) == {"Em": "below", "Giang": "unknown"}


def test_staff_of_an_office_count_with_their_number(commune: Organisation) -> None:
    department = Organisation.objects.create(
        kind="department", name="Sở", code="so", path="vn.t9.so", parent=commune.parent
    )
    for name in ("An", "Bình", "Chi"):
        a_post(department, name, "staff")
    Person.objects.filter(full_name="Chi").update(number_check="missing", number_hash=None, number_cipher=None)

    measure = CODES["registry.staff_with_number"]

    assert figures(measure) == {department.pk: (2, 3)}
    assert missing(measure) == {"Chi": "missing"}


def test_a_record_is_complete_when_filled_numbered_matched_and_fresh(commune: Organisation) -> None:
    school = a_school(commune, "th1", "primary")
    group = a_class(school, "1A", "primary", 1)
    filled: dict[str, Any] = {
        "birth_date": LONG_AGO,
        "sex": "nam",
        "ethnicity": "1",
        "address": "Thôn 1",
        "updated_on": TODAY,
        "identity_state": "matched",
        "code": "1",
    }
    a_learner(group, "An", **filled)
    a_learner(group, "Bình", **filled | {"sex": ""})
    a_learner(group, "Chi", **filled | {"updated_on": LONG_AGO})
    a_learner(group, "Dũng", **filled, left=True)
    a_post(school, "Em", "teacher", **filled | {"identity_state": "sending"})
    a_post(school, "Giang", "teacher", **filled | {"number_check": "disagrees"})
    a_post(school, "Hà", "manager", **filled | {"code": ""})
    a_post(school, "Khánh", "staff", **filled)

    complete, unified = CODES["registry.records_complete"], CODES["registry.records_unified"]

    assert figures(complete) == {school.pk: (1, 5)}
    assert missing(complete) == {"Bình": "fields", "Chi": "stale", "Em": "identity", "Giang": "number"}
    assert figures(unified) == {school.pk: (4, 6)}
    assert missing(unified) == {"Giang": "number", "Hà": "code"}


def test_matched_is_counted_among_the_records_that_were_sent(commune: Organisation) -> None:
    school = a_school(commune, "th1", "primary")
    group = a_class(school, "1A", "primary", 1)
    for state in ("matched", "mismatched", "unverified", "duplicate"):
        a_learner(group, state, identity_state=state)
    a_post(school, "staff", "staff", identity_state="matched")

    sent, matched = CODES["registry.records_identified"], CODES["registry.identity_matched"]

    assert figures(sent) == {school.pk: (3, 4)}
    assert figures(matched) == {school.pk: (1, 3)}
    assert missing(matched) == {"mismatched": "mismatched", "duplicate": "duplicate"}


def test_electronic_identity_is_asked_of_staff_and_of_pupils_from_fourteen(commune: Organisation) -> None:
    school = a_school(commune, "pt1", "upper_secondary")
    group = a_class(school, "8A", "lower_secondary", 8)
    fourteen = LATELY.replace(year=LATELY.year - 14, day=min(LATELY.day, 28))
    a_learner(group, "An", birth_date=fourteen, citizen_identity_level=2)
    a_learner(group, "Bình", birth_date=fourteen, citizen_identity_level=1)
    a_learner(group, "Chi", birth_date=fourteen + dt.timedelta(days=30), citizen_identity_level=2)
    a_learner(group, "Dũng", birth_date=None)
    a_post(school, "Em", "teacher", citizen_identity_level=None)
    a_post(school, "Giang", "manager", citizen_identity_level=2)
    a_post(school, "Hà", "staff", citizen_identity_level=2)

    measure = CODES["registry.vneid_level_two"]

    assert figures(measure) == {school.pk: (2, 4)}
    assert missing(measure) == {"Bình": "lower", "Em": "unknown"}
