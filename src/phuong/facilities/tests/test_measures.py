"""Figures of facilities against rows worked out by hand, each with neighbours that must not count."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from phuong.facilities.measures import MEASURES
from phuong.facilities.models import Equipment, Programme, Room
from phuong.kernel.expressions import compile_sql
from phuong.kernel.measures import Measure, Unit
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person, School

pytestmark = pytest.mark.django_db
CODES = {measure.code: measure for measure in MEASURES}
TODAY = timezone.localdate()
YEAR = TODAY.year if TODAY.month >= 8 else TODAY.year - 1
LONG_AGO = TODAY - dt.timedelta(days=3000)


@pytest.fixture(autouse=True)
def _system(db: None) -> Iterator[None]:
    with acting(SYSTEM):
        yield


@pytest.fixture
def commune() -> Organisation:
    """Make a province with one commune."""
    province = Organisation.objects.create(kind="province", name="Tỉnh Thử", code="T9", path="vn.t9")
    return a_commune(province, "t9001")


def a_commune(province: Organisation, code: str) -> Organisation:
    """Make a commune."""
    return Organisation.objects.create(
        kind="commune", name=f"Xã {code}", code=code, path=f"vn.t9.{code}", parent=province
    )


def a_school(commune: Organisation, code: str, level: str, **facts: Any) -> Organisation:
    """Make a school that lies in ``commune``."""
    place = Organisation.objects.create(
        kind="school",
        name=f"Trường {code}",
        code=code,
        parent=commune,
        territory=commune,
        path=f"{commune.path}.{code}",
    )
    School.objects.create(
        organisation=place, **{"type": level, "level": level, "levels": [level], "ownership": "public"} | facts
    )
    return place


def a_room(place: Organisation, name: str, kind: str = "classroom", **facts: Any) -> Room:
    """Make a solid room in use."""
    return Room.objects.create(organisation=place, name=name, kind=kind, **{"construction": "solid"} | facts)


def pieces(room: Room, kind: str, working: int, **facts: Any) -> Equipment:
    """Put pieces into a room; one more of them is broken."""
    return Equipment.objects.create(
        organisation=room.organisation, room=room, kind=kind, quantity=working + 1, working=working, **facts
    )


def a_programme(place: Organisation, kind: str, **facts: Any) -> Programme:
    """Declare a programme for this school year."""
    return Programme.objects.create(
        organisation=place, kind=kind, **{"school_year": YEAR, "title": f"{kind} {len(facts)}"} | facts
    )


def a_class(place: Organisation, name: str, level: str, grade: int, learners: int) -> None:
    """Make a class of this school year with so many learners."""
    group = ClassGroup.objects.create(organisation=place, name=name, level=level, grade=grade, school_year=YEAR)
    for number in range(learners):
        person = Person.objects.create(place=place, path=place.path, full_name=f"{name} {number}")
        Enrolment.objects.create(
            learner=person,
            class_group=group,
            organisation=place,
            path=place.path,
            school_year=YEAR,
            during=DateRange(LONG_AGO, None),
        )


def figures(code: str) -> dict[UUID, tuple[int, int]]:
    """Count a measure for every unit; a percentage never passes a hundred."""
    measure: Measure = CODES[code]
    counted = measure.population.table.group_by("organisation_id").agg(n=measure.numerator(), d=measure.denominator())
    with connection.cursor() as cursor:
        cursor.execute(compile_sql(counted))
        rows = {key: (int(n or 0), int(d or 0)) for key, n, d in cursor.fetchall()}
    assert measure.unit is not Unit.PERCENT or all(0 <= n <= d for n, d in rows.values())
    return rows


def missing(code: str) -> dict[str, str | None]:
    """List the labels of the records still missing, with the reason."""
    measure = CODES[code]
    chosen = measure.records().select("label", "met", "why")
    with connection.cursor() as cursor:
        cursor.execute(compile_sql(chosen))
        rows = cursor.fetchall()
    assert all(met is not None for _, met, _ in rows)
    return {label: why for label, met, why in rows if not met}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_measure_counts_nothing_of_a_school_that_declares_nothing(commune: Organisation, code: str) -> None:
    a_school(commune, "th1", "primary")

    assert all(numerator == 0 for numerator, _ in figures(code).values())
    assert set(missing(code).values()) <= {*CODES[code].reasons, "", None}


def test_a_line_is_stable_when_broadband_fast_and_checked(commune: Organisation) -> None:
    line: dict[str, Any] = {"connection": "fiber", "connection_mbps": 50, "connection_checked_on": TODAY}
    good = a_school(commune, "a", "primary", **line)
    a_school(commune, "b", "primary", **line | {"connection": "mobile"})
    a_school(commune, "c", "primary", **line | {"connection_mbps": 49})
    a_school(commune, "d", "primary", **line | {"connection_mbps": None})
    a_school(commune, "e", "primary", **line | {"connection_checked_on": LONG_AGO})
    a_school(commune, "f", "primary")

    rows = figures("facilities.schools_online")

    assert {key for key, (count, _) in rows.items() if count} == {good.pk}
    assert sum(total for _, total in rows.values()) == 6
    assert missing("facilities.schools_online") == {
        "Trường b": "no_broadband",
        "Trường c": "slow",
        "Trường d": "slow",
        "Trường e": "unchecked",
        "Trường f": "undeclared",
    }


def test_an_inventory_is_current_when_rooms_are_recorded_and_confirmed(commune: Organisation) -> None:
    good = a_school(commune, "a", "primary", inventory_confirmed_on=TODAY)
    stale = a_school(commune, "b", "primary", inventory_confirmed_on=LONG_AGO)
    a_school(commune, "c", "primary", inventory_confirmed_on=TODAY)
    a_room(good, "1")
    a_room(stale, "1")

    assert figures("facilities.inventory_current")[good.pk] == (1, 1)
    assert missing("facilities.inventory_current") == {"Trường b": "stale", "Trường c": "empty"}


def test_a_school_is_upgraded_by_new_working_devices_and_broadband(commune: Organisation) -> None:
    good = a_school(commune, "a", "primary", connection="broadband")
    old = a_school(commune, "b", "primary", connection="fiber")
    offline = a_school(commune, "c", "primary", connection="none")
    broken = a_school(commune, "d", "primary", connection="fiber")
    pieces(a_room(good, "1"), "projector", 1, acquired_on=TODAY)
    pieces(a_room(old, "1"), "projector", 1, acquired_on=LONG_AGO)
    pieces(a_room(offline, "1"), "projector", 1, acquired_on=TODAY)
    pieces(a_room(broken, "1"), "projector", 0, acquired_on=TODAY)
    pieces(a_room(broken, "2"), "toy_set", 9, acquired_on=TODAY)

    assert figures("facilities.schools_upgraded")[good.pk] == (1, 1)
    assert missing("facilities.schools_upgraded") == {"Trường b": "devices", "Trường c": "line", "Trường d": "devices"}


def test_special_rooms_count_while_in_use(commune: Organisation) -> None:
    preschool = a_school(commune, "mn1", "preschool")
    primary = a_school(commune, "th1", "primary")
    idle = a_school(commune, "th2", "primary")
    a_room(preschool, "1", "smart_classroom")
    a_room(primary, "1", "smart_classroom")
    a_room(primary, "2", "studio")
    a_room(idle, "1", "studio", in_use=False)

    studios = figures("facilities.schools_with_studio")
    smart = figures("facilities.preschools_with_smart_room")

    assert studios == {preschool.pk: (0, 1), primary.pk: (1, 1), idle.pk: (0, 1)}
    assert smart == {preschool.pk: (1, 1), primary.pk: (0, 0), idle.pk: (0, 0)}


def test_a_commune_has_a_stem_room_when_a_school_that_lies_there_has_one(commune: Organisation) -> None:
    province = commune.parent
    assert province is not None
    other = a_commune(province, "t9002")
    a_room(a_school(commune, "a", "primary"), "1", "stem_room")
    a_room(a_school(commune, "b", "primary"), "1", "stem_room")
    a_room(a_school(other, "c", "primary"), "1", "stem_room", in_use=False)

    rows = figures("facilities.communes_with_stem_room")

    assert (rows[commune.pk], rows[other.pk]) == ((1, 1), (0, 1))
    assert province.pk not in rows


def test_classrooms_are_counted_by_what_stands_in_them(commune: Organisation) -> None:
    school = a_school(commune, "ptlc", "lower_secondary")
    own = a_room(school, "own level", level="primary", has_internet=True)
    school_level = a_room(school, "school level", construction="semi_solid", has_internet=False)
    a_room(school, "nursery", "group_room", level="nursery")
    a_room(school, "library", "library", has_internet=True)
    a_room(school, "closed", in_use=False, has_internet=True)
    pieces(own, "projector", 1)
    pieces(own, "laptop", 2)
    pieces(school_level, "projector", 0)
    pieces(school_level, "toy_set", 5)

    label = " – Trường ptlc"

    assert figures("facilities.rooms_with_devices") == {school.pk: (1, 3)}
    assert figures("facilities.rooms_online") == {school.pk: (1, 3)}
    assert missing("facilities.rooms_online") == {f"school level{label}": "none", f"nursery{label}": "unknown"}
    assert figures("facilities.solid_primary") == {school.pk: (1, 1)}
    assert figures("facilities.solid_lower_secondary") == {school.pk: (0, 1)}
    assert missing("facilities.solid_lower_secondary") == {f"school level{label}": "semi_solid"}
    assert figures("facilities.solid_preschool") == {school.pk: (1, 1)}
    assert figures("facilities.solid_upper_secondary") == {school.pk: (0, 0)}


def test_an_item_is_on_file_when_its_facts_are_recorded(commune: Organisation) -> None:
    school = a_school(commune, "a", "primary")
    room = a_room(school, "1", area_m2=48)
    a_room(school, "2")
    pieces(room, "projector", 1, asset_code="TS1", acquired_on=TODAY)
    pieces(room, "laptop", 1, asset_code="TS2")
    pieces(room, "tablet", 1, acquired_on=TODAY)

    assert figures("facilities.items_on_file") == {school.pk: (2, 5)}
    assert missing("facilities.items_on_file") == {
        "2 – Trường a": "room",
        "laptop – Trường a": "acquired",
        "tablet – Trường a": "code",
    }


def test_pupils_a_computer_sets_the_largest_class_against_the_best_computer_room(commune: Organisation) -> None:
    school = a_school(commune, "a", "lower_secondary")
    upper = a_school(commune, "b", "upper_secondary")
    a_class(school, "1A", "primary", 1, learners=9)  # informatics starts in grade 3
    a_class(school, "6A", "lower_secondary", 6, learners=6)
    a_class(school, "7A", "lower_secondary", 7, learners=4)
    a_class(upper, "9A", "lower_secondary", 9, learners=5)
    a_class(upper, "10A", "upper_secondary", 10, learners=3)
    best, second, plain = (
        a_room(school, "1", "computer_room"),
        a_room(school, "2", "computer_room"),
        a_room(school, "3"),
    )
    pieces(best, "computer", 2)
    pieces(best, "laptop", 1)
    pieces(second, "computer", 2)
    pieces(plain, "computer", 30)

    lower_rows = figures("facilities.pupils_per_computer")
    upper_rows = figures("facilities.pupils_per_computer_upper")

    assert (lower_rows[school.pk], lower_rows[upper.pk]) == ((6, 3), (0, 0))
    assert (upper_rows[school.pk], upper_rows[upper.pk]) == ((0, 0), (3, 0))


@pytest.mark.parametrize(
    ("code", "kinds", "levels"),
    [
        ("facilities.startup_in_teaching", ["startup"], "primary lower_secondary upper_secondary"),
        ("facilities.digital_skills_general", ["digital_skills"], "primary lower_secondary upper_secondary"),
        ("facilities.digital_skills_schools", ["digital_skills"], "primary lower_secondary upper_secondary continuing"),
        (
            "facilities.digital_citizenship",
            ["cyber_safety"],
            "preschool primary lower_secondary upper_secondary continuing",
        ),
        ("facilities.stem_general", ["stem"], "primary lower_secondary upper_secondary"),
        ("facilities.stem_and_research", ["stem", "science_research"], "primary lower_secondary upper_secondary"),
        (
            "facilities.stem_activities",
            ["stem", "science_research"],
            "primary lower_secondary upper_secondary continuing",
        ),
        ("facilities.ai_in_teaching", ["ai"], "primary lower_secondary upper_secondary"),
    ],
)
def test_a_school_counts_by_all_it_declares_this_year(
    commune: Organisation, code: str, kinds: list[str], levels: str
) -> None:
    keys = {}
    for level in ("preschool", "primary", "lower_secondary", "upper_secondary", "continuing"):
        school = a_school(commune, level, level)
        keys[level] = school.pk
        for kind in kinds:
            a_programme(school, kind)
    late = a_school(commune, "late", "primary")
    for kind in kinds:
        a_programme(late, kind, school_year=YEAR - 1)
    a_programme(late, "reading")
    for kind in kinds[1:]:
        a_programme(late, kind)

    rows = figures(code)

    assert {level for level, key in keys.items() if rows[key] == (1, 1)} == set(levels.split())
    assert all(rows[key] == (0, 0) for level, key in keys.items() if level not in levels.split())
    assert rows[late.pk] == (0, 1)


def test_a_club_is_regular_with_members_and_four_meetings(commune: Organisation) -> None:
    club: dict[str, Any] = {"is_club": True, "members": 20, "meetings": 4}
    good = a_school(commune, "a", "lower_secondary")
    primary = a_school(commune, "b", "primary")
    a_programme(good, "startup", **club)
    a_programme(primary, "robotics", **club)
    a_programme(a_school(commune, "c", "lower_secondary"), "startup", **club | {"meetings": 3})
    a_programme(a_school(commune, "d", "lower_secondary"), "startup", **club | {"members": 0})
    a_programme(a_school(commune, "e", "lower_secondary"), "startup", **club | {"is_club": False})
    a_programme(a_school(commune, "f", "lower_secondary"), "reading", **club)

    startup = figures("facilities.startup_clubs")
    stem = figures("facilities.stem_clubs")

    assert (startup[good.pk], startup[primary.pk]) == ((1, 1), (0, 0))
    assert missing("facilities.startup_clubs") == {
        "Trường c": "irregular",
        "Trường d": "irregular",
        "Trường e": "no_club",
        "Trường f": "no_club",
    }
    assert (stem[good.pk], stem[primary.pk]) == ((1, 1), (1, 1))


def test_pupils_taught_are_never_more_than_the_school_has(commune: Organisation) -> None:
    primary = a_school(commune, "a", "primary")
    upper = a_school(commune, "b", "upper_secondary")
    a_class(primary, "1A", "primary", 1, learners=5)
    a_class(upper, "10A", "upper_secondary", 10, learners=4)
    a_programme(primary, "digital_skills", members=3)
    a_programme(primary, "digital_skills", members=1, title="another")
    a_programme(upper, "digital_skills", members=90)
    a_programme(upper, "ai", members=1)
    a_programme(upper, "robotics", members=1)

    assert figures("facilities.pupils_digital_skills") == {primary.pk: (4, 5), upper.pk: (4, 4)}
    assert figures("facilities.primary_digital_skills") == {primary.pk: (4, 5), upper.pk: (0, 0)}
    assert figures("facilities.pupils_ai") == {primary.pk: (0, 0), upper.pk: (2, 4)}
