"""Row security attacked below the Python layer: PostgreSQL itself must refuse."""

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from psycopg import sql
from tests.world import World, a_class, a_guardian, a_learner, a_world

from phuong.kernel.audit import record
from phuong.kernel.fields import Path
from phuong.kernel.keys import uuid7
from phuong.kernel.models import AuditEntry, Job
from phuong.kernel.scope import NOBODY, SYSTEM, Actor, acting, current_actor, present_context, reading_as

pytestmark = pytest.mark.django_db
Organisation, Person, Enrolment, Guardianship, StaffPosition, Qualification, TeachingAssignment = (
    apps.get_model("registry", name)
    for name in (
        "Organisation",
        "Person",
        "Enrolment",
        "Guardianship",
        "StaffPosition",
        "Qualification",
        "TeachingAssignment",
    )
)
Account, RoleAssignment = (apps.get_model("identity", name) for name in ("Account", "RoleAssignment"))
# the directory of organisations is for everybody who is signed in; the views narrow it
OPEN = {"registry_organisation", "registry_organisationevent"}
_LTREE_TABLES = """
select c.relname, c.relrowsecurity and c.relforcerowsecurity and exists (
  select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polwithcheck is not null)
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relkind in ('r', 'p') and a.atttypid = 'ltree'::regtype and not a.attisdropped
"""


@pytest.fixture
def world(db: None) -> World:
    return a_world()


@pytest.fixture
def raw() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as opened:
        yield opened
        opened.rollback()


def guarded_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LTREE_TABLES)
        return {table for table, _ in cursor.fetchall()} - OPEN


def count_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'select count(*) from "{table}"')
        return int(cursor.fetchone()[0])


def of_school(world: World) -> Actor:
    return Actor(scope=world.school.path, name="hiệu trưởng")


def test_every_table_with_a_place_is_guarded() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LTREE_TABLES)
        guarded = dict(cursor.fetchall())

    models = {each._meta.db_table for each in apps.get_models() if any(isinstance(f, Path) for f in each._meta.fields)}
    assert set(guarded) == models
    assert {table for table, is_guarded in guarded.items() if not is_guarded} == OPEN


def test_the_application_role_cannot_pass_the_guard(raw: psycopg.Connection) -> None:
    row = raw.execute("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user")

    assert row.fetchone() == ("phuong_app", False, False)


def test_a_connection_that_says_nothing_sees_nothing(raw: psycopg.Connection) -> None:
    counts = {
        table: raw.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()[0]
        for table in guarded_tables()
    }

    assert set(counts.values()) == {0}
    assert len(counts) == len(guarded_tables())


def test_a_raw_row_is_gone_when_the_scope_is(raw: psycopg.Connection) -> None:
    raw.execute("select set_config('app.scope', 'vn.p99', true)")
    place, person = uuid.uuid4(), uuid.uuid4()
    raw.execute(
        "insert into registry_organisation (id, kind, path, code, name, short_name, name_key, search_key) "
        "values (%s, 'province', 'vn.p99', '99', 'x', 'x', 'x', 'x')",
        [place],
    )
    raw.execute(
        "insert into registry_person (id, path, place_id, code, full_name, name_key, search_key, sex, ethnicity, "
        "nationality, birthplace, address, phone, email, work_email, number_check, identity_state, identity_source, "
        "is_learner, is_staff, is_guardian) values (%s, 'vn.p99', %s, '', 'x', 'x', 'x', 'male', '', 'VN', '', '', "
        "'', '', '', 'missing', 'unverified', '', true, false, false)",
        [person, place],
    )

    seen = {}
    for scope in ("vn", "vn.p99", "vn.p98", "vn.p99.c1", ""):
        raw.execute("select set_config('app.scope', %s, true)", [scope])
        seen[scope] = raw.execute("select count(*) from registry_person").fetchone()[0]

    assert seen == {"vn": 1, "vn.p99": 1, "vn.p98": 0, "vn.p99.c1": 0, "": 0}


def test_without_a_scope_no_row_of_any_guarded_table_is_seen(world: World) -> None:
    Job.objects.create(path=world.school.path, name="x", title="x")
    record("tests.seen")
    Qualification.objects.create(path=world.lan.path, person=world.lan, level="x")
    TeachingAssignment.objects.create(
        path=world.lan.path,
        organisation=world.school,
        class_group=world.group,
        person=world.lan,
        subject="TOAN",
        during=(dt.date(2026, 9, 5), None),
    )
    for model in (
        Person,
        Enrolment,
        Guardianship,
        StaffPosition,
        Qualification,
        TeachingAssignment,
        RoleAssignment,
    ):
        elsewhere = model.objects.exclude(path="vn.p31").order_by("pk").first()
        model.objects.filter(pk=elsewhere.pk).update(path="vn.p31")
    tables = guarded_tables()
    with_scope = {table for table in tables if count_of(table)}
    ours = {table for table in tables if table.split("_")[0] in ("registry", "identity", "kernel")}

    with acting(NOBODY):
        without_scope = {table: count_of(table) for table in tables if count_of(table)}

    assert with_scope >= ours - {"kernel_attachment", "registry_focalpoint", "registry_focalpointevent"}
    assert without_scope == {}


def test_foreign_rows_are_invisible(world: World) -> None:
    with acting(of_school(world)):
        people = set(Person.objects.values_list("full_name", flat=True))
        places = set(Enrolment.objects.values_list("organisation__name", flat=True))

    assert people == {"Nguyễn Thị Lan", "Phạm Văn Minh", "Đỗ Khánh An", "Bùi Thị Ánh", "Trần Thị Bình"}
    assert places == {"THCS Lạch Tray"}


def test_a_school_with_a_longer_code_is_another_school(world: World) -> None:
    with acting(Actor(scope=world.school.path[:-1])):
        assert Person.objects.count() == 0


def test_a_row_of_another_scope_cannot_be_written(world: World) -> None:
    before = Person.objects.count()

    with acting(of_school(world)):
        with pytest.raises(ProgrammingError, match="row-level security") as caught, transaction.atomic():
            a_learner(world.other_school, name="Kẻ Lạ")
        assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)

    assert Person.objects.count() == before


def test_a_row_cannot_be_moved_out_of_the_scope(world: World) -> None:
    with acting(of_school(world)), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Person.objects.filter(pk=world.an.pk).update(path=world.other_school.path)

    assert Person.objects.get(pk=world.an.pk).path == world.school.path


def test_foreign_rows_can_be_neither_changed_nor_deleted(world: World) -> None:
    with acting(of_school(world)), connection.cursor() as cursor:
        cursor.execute("update registry_person set full_name = 'x' where id = %s", [world.stranger.pk])
        changed = cursor.rowcount
        cursor.execute("delete from registry_enrolment where learner_id = %s", [world.stranger.pk])
        deleted = cursor.rowcount

    assert (changed, deleted) == (0, 0)
    assert Person.objects.get(pk=world.stranger.pk).full_name == "Hoàng Văn Xa"
    assert Enrolment.objects.filter(learner=world.stranger).count() == 1


def family(world: World) -> Actor:
    return Actor(persons=(world.binh.pk, world.an.pk), name="Bình")


def test_a_family_sees_exactly_its_own_records(world: World) -> None:
    brother = a_learner(world.school, a_class(world.school, name="6A1", grade=6), name="Đỗ Văn Em")
    a_guardian(brother, name="Lê Văn Khác")

    with acting(family(world)):
        people = set(Person.objects.values_list("pk", flat=True))
        learners = list(Enrolment.objects.values_list("learner_id", flat=True))
        guardians = list(Guardianship.objects.values_list("guardian_id", "learner_id"))
        own = {"registry_person", "registry_enrolment", "registry_guardianship"}
        others = {table: count_of(table) for table in guarded_tables() - own}

    assert people == {world.binh.pk, world.an.pk}
    assert learners == [world.an.pk]
    assert guardians == [(world.binh.pk, world.an.pk)]
    assert set(others.values()) == {0}


def test_a_family_cannot_change_its_own_records(world: World) -> None:
    with acting(family(world)):
        changed = Person.objects.filter(pk=world.an.pk).update(full_name="Đổi Tên")

    assert changed == 0
    assert Person.objects.get(pk=world.an.pk).full_name == "Đỗ Khánh An"


@pytest.mark.parametrize("table", ["registry_enrolment", "registry_guardianship"])
def test_a_family_cannot_delete_its_own_records(world: World, table: str) -> None:
    before = count_of(table)

    try:
        with acting(family(world)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"delete from {table} where learner_id = %s", [world.an.pk])
    except DatabaseError:
        pass  # refusing aloud is as good as touching nothing

    assert count_of(table) == before


def test_a_person_who_is_nobody_of_ours_sees_nothing(world: World) -> None:
    with acting(Actor(persons=(uuid7(),))):
        assert Person.objects.count() == 0


def scope_now(using: str = "default") -> str:
    with connections[using].cursor() as cursor:
        cursor.execute("select coalesce(current_setting('app.scope', true), '')")
        return str(cursor.fetchone()[0])


def test_nested_acting_gives_the_scope_back(world: World) -> None:
    with acting(of_school(world)) as outer:
        with acting(SYSTEM):
            assert scope_now() == "vn"
        assert scope_now() == world.school.path
        assert current_actor() is outer

    assert scope_now() == "vn"
    assert current_actor() is SYSTEM


def test_reading_as_somebody_gives_the_scope_back(world: World, django_assert_num_queries: Any) -> None:
    with acting(NOBODY), django_assert_num_queries(6):  # four of them say who reads
        with reading_as(SYSTEM):
            assert Person.objects.exists()
            assert current_actor() is SYSTEM
        assert not Person.objects.exists()

        with pytest.raises(KeyError), reading_as(SYSTEM):
            raise KeyError

    with acting(NOBODY):
        assert not Person.objects.exists()


def test_who_reads_keeps_the_context_of_what_is_written_around_it(world: World) -> None:
    with acting(SYSTEM):
        before = present_context()
        with reading_as(NOBODY):
            assert present_context() == before


def test_an_exception_inside_gives_the_scope_back(world: World) -> None:
    with pytest.raises(KeyError), acting(of_school(world)):
        raise KeyError

    assert scope_now() == "vn"
    assert current_actor() is SYSTEM


@pytest.mark.parametrize("way", ["model", "raw"])
def test_a_refusal_of_postgresql_is_told_as_it_is_and_gives_the_scope_back(world: World, way: str) -> None:
    foreign = world.other_school.path

    with pytest.raises(ProgrammingError, match="row-level security"), acting(of_school(world)):
        if way == "model":
            a_learner(world.other_school, name="Kẻ Lạ")
        with connection.cursor() as cursor:
            cursor.execute("update registry_person set path = %s where id = %s", [foreign, world.an.pk])

    assert scope_now() == "vn"
    assert Person.objects.filter(path=foreign).count() == 1


@pytest.fixture
def fresh(db: None) -> Iterator[str]:
    """Open a connection of its own, outside the transaction of the test."""
    connections["fresh"] = connections["default"].copy("fresh")
    yield "fresh"
    connections["fresh"].close()
    del connections["fresh"]


def test_nothing_of_the_scope_stays_on_a_connection(fresh: str) -> None:
    with acting(Actor(scope="vn.p31"), using=fresh):
        during = scope_now(fresh)
    after = scope_now(fresh)
    with pytest.raises(KeyError), acting(Actor(scope="vn.p31"), using=fresh):
        raise KeyError

    assert (during, after, scope_now(fresh)) == ("vn.p31", "", "")


@pytest.mark.parametrize(
    "attack",
    [
        "create table own (id int)",
        "create schema own",
        "alter table registry_person disable row level security",
        "alter table registry_person no force row level security",
        "drop policy scope on registry_person",
        "create policy mine on registry_person using (true)",
        "alter policy scope on registry_person using (true)",
        "create or replace function kernel_scope() returns ltree language sql as 'select ''vn''::ltree'",
        "set role phuong_owner",
        "set role phuong_batch",
        "set session authorization phuong_owner",
        "alter role phuong_app bypassrls",
        "delete from kernel_auditentry",
        "update kernel_auditentry set note = ''",
        "truncate kernel_auditentry",
        "truncate registry_person cascade",
        "drop table registry_person",
        "alter table registry_person disable trigger all",
        "set session_replication_role = replica",
        "insert into django_migrations (app, name, applied) values ('x', 'x', now())",
    ],
)
def test_the_application_role_may_not(raw: psycopg.Connection, attack: str) -> None:
    raw.execute("select set_config('app.scope', 'vn', true)")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(attack)


def test_switching_row_security_off_is_refused_not_obeyed(raw: psycopg.Connection) -> None:
    raw.execute("set row_security = off")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute("select * from registry_person")


def test_the_journal_of_another_scope_is_neither_read_nor_written(world: World) -> None:
    record("tests.act", path=world.other_school.path)

    with acting(of_school(world)):
        read = AuditEntry.objects.filter(did="tests.act").count()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            record("tests.false", path=world.other_school.path)

    assert read == 0
    assert AuditEntry.objects.filter(did__startswith="tests.").count() == 1


def test_an_act_of_a_family_is_kept_in_the_journal(world: World) -> None:
    with acting(family(world)):
        record("tests.family_act")

    assert AuditEntry.objects.filter(did="tests.family_act", actor_name="Bình").count() == 1


def test_a_date_range_is_no_way_round(world: World) -> None:
    with acting(of_school(world)):
        overlapping = Enrolment.objects.filter(during__overlap=(dt.date(2000, 1, 1), None))

        assert {row.path for row in overlapping} == {world.school.path}
