"""Transfers attacked below the Python layer: both schools and the family see the row, nobody else, no more than it."""

import uuid

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from phuong.kernel.scope import NOBODY, Actor, acting
from phuong.registry.api import Person
from phuong.registry.testing import a_school
from phuong.transfers.actions.stepping import take_step
from phuong.transfers.models import Package, Step, Transfer
from phuong.transfers.testing import Cast, a_transfer

pytestmark = pytest.mark.django_db
TABLES = ("transfers_transfer", "transfers_step", "transfers_package", "transfers_transferevent")


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"select count(*) from {table}")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def transfer(cast: Cast) -> Transfer:
    """One that was let go: each table has a row."""
    made = a_transfer(cast.an, cast.new, state="accepted")
    return take_step(made.pk, act="release", by=cast.head)


def of(scope: str) -> Actor:
    return Actor(scope=str(scope))


def test_both_schools_and_those_above_see_every_row_of_it(cast: Cast, transfer: Transfer) -> None:
    above = [str(school.path).rsplit(".", 1)[0] for school in (cast.old, cast.new)]

    for scope in (cast.old.path, cast.new.path, *above, "vn.p31"):
        with acting(of(scope)):
            seen = counts()
        assert min(seen.values()) >= 1, scope


def test_nobody_else_sees_any_row_of_it(cast: Cast, transfer: Transfer) -> None:
    third = a_school(cast.new.territory, name="THCS Thứ Ba")

    for actor in (of(third.path), of(str(cast.new.path)[:-1]), of("vn.p22"), NOBODY, Actor(persons=(uuid.uuid4(),))):
        with acting(actor):
            assert set(counts().values()) == {0}


def test_the_family_sees_where_it_stands_and_not_the_package(cast: Cast, transfer: Transfer) -> None:
    with acting(cast.mother):
        seen = counts()

    assert seen == {
        "transfers_transfer": 1,
        "transfers_step": 2,
        "transfers_package": 0,
        "transfers_transferevent": 0,
    }


def test_the_receiving_school_sees_the_row_and_not_the_person_behind_it(cast: Cast, transfer: Transfer) -> None:
    with acting(cast.new_head):
        row = Transfer.objects.get()
        assert (row.full_name, row.from_class, row.from_school.name) == ("Đỗ Khánh An", "8A3", "THCS Lạch Tray")
        assert not Person.objects.filter(pk=row.learner_id).exists()

    held = {field.name for field in Transfer._meta.concrete_fields}
    assert not held & {"address", "phone", "email", "number_cipher", "ethnicity", "birthplace", "sex"}
    assert bytes(row.record_cipher or b"") == b""


def test_a_row_between_two_other_schools_cannot_be_written(cast: Cast) -> None:
    third = a_school(cast.new.territory, name="THCS Thứ Ba")

    with (
        acting(of(third.path)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "insert into transfers_step (id, path, to_path, transfer_id, act, state, reason, by_name, by_unit, at) "
            "values (%s, %s, %s, %s, 'accept', 'accepted', '', '', '', now())",
            [uuid.uuid4(), str(cast.old.path), str(cast.new.path), uuid.uuid4()],
        )

    assert Step.objects.count() == 0


def test_a_row_cannot_be_moved_out_of_sight_of_its_own_side(cast: Cast) -> None:
    third = a_school(cast.new.territory, name="THCS Thứ Ba")
    a_transfer(cast.an, cast.new)

    with acting(cast.head), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Transfer.objects.update(path=third.path, to_path=third.path)

    assert Transfer.objects.get().path == cast.old.path


def test_a_family_writes_nothing_by_itself(cast: Cast, transfer: Transfer) -> None:
    with acting(cast.mother), connection.cursor() as cursor:
        cursor.execute("update transfers_transfer set state = 'withdrawn', due_on = null")
        changed = cursor.rowcount
        cursor.execute("delete from transfers_step")
        deleted = cursor.rowcount

    assert (changed, deleted) == (0, 0)
    assert Transfer.objects.get().state == "released"
    assert (Step.objects.count(), Package.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"state": "lost", "due_on": None}, "transfers_state_known"),
        ({"kind": "abroad"}, "transfers_kind_known"),
        ({"asked_by": "neighbour"}, "transfers_asked_by_a_side"),
        ({"done_on": "2026-11-26"}, "transfers_completed_on_a_day"),
        ({"state": "withdrawn"}, "transfers_over_is_not_due"),
        ({"to_school": None}, "transfers_sides_of_its_kind"),
        ({"kind": "out"}, "transfers_sides_of_its_kind"),
        ({"learner": None}, "transfers_sides_of_its_kind"),
        ({"grade": 13}, "transfers_grade_0_to_12"),
        ({"state": "completed", "due_on": None, "done_on": "2026-11-26"}, "completed_into_a_class"),
    ],
)
def test_the_database_refuses_what_no_transfer_can_be(cast: Cast, facts: dict[str, object], constraint: str) -> None:
    a_transfer(cast.an, cast.new)

    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        Transfer.objects.update(**facts)


def test_the_database_holds_one_open_transfer_a_learner_and_two_schools(cast: Cast) -> None:
    a_transfer(cast.an, cast.new)

    with pytest.raises(DatabaseError, match="transfers_one_under_way"), transaction.atomic():
        a_transfer(cast.an, cast.new, state="released")
    with pytest.raises(DatabaseError, match="transfers_between_two_schools"), transaction.atomic():
        Transfer.objects.update(to_school=cast.old)
