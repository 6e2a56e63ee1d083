"""Merging, splitting, moving, renaming, closing: every sum stays, the past stays readable."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from phuong.identity.api import RoleAssignment
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.measures.actions import refresh_measures
from phuong.measures.compiled import batches
from phuong.registry.actions import network
from phuong.registry.api import (
    ClassGroup,
    Enrolment,
    FocalPoint,
    Lineage,
    Organisation,
    Person,
    StaffPosition,
    organisation_by_code,
)
from phuong.registry.errors import CannotRestructure
from phuong.registry.rules import names_side_by_side
from phuong.registry.testing import a_class, a_commune, a_learner
from tests.world import World, a_world

ORDER = network.Order(dt.date(2026, 11, 1), "123/QĐ-UBND")
OFFICER = Actor(scope="vn.p31", name="chuyên viên", permissions=SYSTEM.permissions)


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def sums() -> dict[str, tuple[int, int]]:
    """Count every measure over the whole province, live."""
    found = {}
    with connection.cursor() as cursor:
        for batch in batches():
            pairs = ", ".join(f"sum(t.n{i}), sum(t.d{i})" for i in range(len(batch.measures)))
            cursor.execute(f"select {pairs} from ({batch.sql}) t")
            row = cursor.fetchone()
            found |= {code: (row[2 * i] or 0, row[2 * i + 1] or 0) for i, code in enumerate(batch.measures)}
    return found


def of_people(counted: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {code: pair for code, pair in counted.items() if "learner" in code or "staff" in code or "teacher" in code}


def test_a_merger_keeps_every_sum_of_people(world: World) -> None:
    before = of_people(sums())
    learners = Enrolment.objects.filter(ends_on__isnull=True).count()

    network.merge_units(world.school, into=world.other_school, order=ORDER, by=OFFICER)

    assert of_people(sums()) == before
    assert Enrolment.objects.filter(ends_on__isnull=True).count() == learners
    assert not Person.objects.filter(place=world.school).exists()
    assert not StaffPosition.objects.filter(organisation=world.school, ends_on__isnull=True).exists()


def test_a_merged_school_is_closed_found_by_its_code_and_leads_to_its_successor(world: World) -> None:
    network.merge_units(world.school, into=world.other_school, order=ORDER, by=OFFICER)

    assert Organisation.objects.get(pk=world.school.pk).closed_on == ORDER.on
    assert organisation_by_code(world.school.code).pk == world.other_school.pk
    step = Lineage.objects.get(before=world.school)
    assert (step.after_id, step.kind, step.on) == (world.other_school.pk, "merge", ORDER.on)


def test_a_merger_carries_classes_rooms_and_roles_but_no_principal(world: World) -> None:
    network.merge_units(world.school, into=world.other_school, order=ORDER, by=OFFICER)

    names = set(ClassGroup.objects.filter(organisation=world.other_school).values_list("name", flat=True))
    assert names == {"8A3", "8A3 (THCS Lạch Tray)"}
    assert world.other_school.rooms.count() == 1
    held = RoleAssignment.objects.filter(organisation=world.other_school).values_list("role", flat=True)
    assert "clerk" in held
    assert "principal" not in held


def test_a_split_keeps_every_sum_of_people(world: World) -> None:
    before = of_people(sums())
    facts = {
        "code": "31990001",
        "name": "THCS Mới",
        "type": "lower_secondary",
        "level": "lower_secondary",
        "levels": ["lower_secondary"],
        "ownership": "public",
    }
    second = a_class(world.school, name="8A9")
    a_learner(world.school, second, name="Lý Văn Chín")
    before = of_people(sums())

    made = network.split_school(world.school, facts=facts, classes=[second.pk], order=ORDER, by=OFFICER)

    assert of_people(sums()) == before
    assert Person.objects.get(full_name="Lý Văn Chín").place_id == made.pk
    assert Person.objects.get(pk=world.an.pk).place_id == world.school.pk


def test_the_past_reads_as_the_day_before_the_merger(db: None) -> None:
    with time_machine.travel(dt.datetime(2026, 9, 20, tzinfo=dt.UTC), tick=True):
        world = a_world()
    before = sums()

    network.merge_units(world.school, into=world.other_school, order=ORDER, by=OFFICER)

    assert sums() != before
    with acting(Actor(scope="vn", as_of=dt.date(2026, 9, 30), permissions=SYSTEM.permissions)):
        assert sums() == before


def test_a_moved_school_takes_the_place_of_every_row_along(world: World) -> None:
    to = a_commune("11400", name="Phường Mới")

    network.move_unit(world.school, manager=to, territory=to, order=ORDER, by=OFFICER)

    assert Organisation.objects.get(pk=world.school.pk).path.startswith(to.path)
    assert Person.objects.get(pk=world.an.pk).branch == to.path
    assert not Person.objects.filter(path__under=world.school.path).exists()
    assert not RoleAssignment.objects.filter(path__under=world.school.path).exists()


def test_a_merged_commune_hands_over_its_schools(world: World) -> None:
    network.merge_units(world.commune, into=world.other_commune, order=ORDER, by=OFFICER)

    school = Organisation.objects.get(pk=world.school.pk)
    assert (school.parent_id, school.territory_id) == (world.other_commune.pk, world.other_commune.pk)
    assert Person.objects.get(pk=world.an.pk).path.startswith(world.other_commune.path)


def test_a_renamed_school_is_still_found_by_its_old_name(world: World) -> None:
    old = world.school.name

    network.rename_unit(world.school, name="THCS  Ngô Gia Tự", order=ORDER, by=OFFICER)

    school = Organisation.objects.get(pk=world.school.pk)
    assert (school.name, school.aliases.get(scheme="name").code) == ("THCS Ngô Gia Tự", old)


def test_a_school_with_learners_is_not_closed(world: World) -> None:
    with pytest.raises(CannotRestructure):
        network.close_unit(world.school, order=ORDER, by=OFFICER)

    assert Organisation.objects.get(pk=world.school.pk).closed_on is None


def test_a_decision_of_the_future_waits(world: World) -> None:
    order = network.Order(dt.date(2999, 1, 1), "x")

    with pytest.raises(CannotRestructure):
        network.merge_units(world.school, into=world.other_school, order=order, by=OFFICER)

    assert not Lineage.objects.filter(before=world.school).exists()


def test_names_side_by_side_never_clash() -> None:
    given = names_side_by_side(["6A1", "6A1 (cũ)"], ["6A1", "6A2"], "cũ")

    assert given == {"6A1": "6A1 (cũ 2)", "6A2": "6A2"}


@pytest.mark.parametrize("role", ["principal", "commune_officer", "homeroom_teacher"])
def test_a_unit_reads_on_its_first_page_that_its_contacts_are_missing(world: World, role: str) -> None:
    client = world.client(role)
    gap = reverse(
        "measures:records",
        args=["registry.units_with_contacts", (world.commune if role == "commune_officer" else world.school).pk],
    )
    assert gap in client.get(reverse("ui:home")).content.decode()
    reasons = client.get(gap).content.decode()

    for duty in ("leader", "it", "statistics"):
        for unit in (world.commune, world.school, world.high_school):
            FocalPoint.objects.create(organisation=unit, path=unit.path, duty=duty, full_name="Lê Văn Mối")
    refresh_measures(Progress())

    assert "Thiếu lãnh đạo phụ trách, đầu mối công nghệ thông tin, đầu mối thống kê" in reasons
    assert gap not in client.get(reverse("ui:home")).content.decode()
