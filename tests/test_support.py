"""Support just in time: asked for, answered by the school, seen by the school, over by itself or at once."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from phuong.identity.api import RoleAssignment
from phuong.identity.testing import an_account
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import Actor, acting
from phuong.notices.api import Notice
from phuong.oversight.actions.support import answer_access
from phuong.oversight.models import SeenPage, SupportAccess
from phuong.registry.api import Person
from tests.overseeing import ask, let_in, signed_in
from tests.world import World, a_world

WAITING = {"state": "waiting"}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def test_support_by_itself_sees_nothing(world: World) -> None:
    support = signed_in(world, "support")

    for route in ("registry:learners", "registry:staff", "registry:schools"):
        assert support.get(reverse(route)).status_code == 404
    assert "Khánh An" not in support.get(reverse("ui:search") + "?q=an").content.decode()
    assert support.get(reverse("registry:person", args=[world.an.pk])).status_code == 404


def test_asking_tells_the_school_and_opens_nothing_yet(world: World) -> None:
    support = signed_in(world, "support")

    answer = ask(support, world)

    access = SupportAccess.objects.get(**WAITING)
    assert answer.status_code == 302
    assert (access.organisation_id, access.hours) == (world.school.pk, 2)
    told = Notice.objects.filter(kind="oversight.told").values_list("account__roles__role", flat=True)
    assert set(told) == {"principal", "clerk"}
    assert not RoleAssignment.objects.filter(account=world.accounts["support"], kind="support").exists()


@pytest.mark.parametrize("facts", [{"school_code": "khong-co"}, {"hours": "9"}, {"reason": ""}])
def test_a_request_without_school_reason_or_with_too_many_hours_is_told_so(world: World, facts: dict[str, str]) -> None:
    support = signed_in(world, "support")
    words = {"school_code": world.school.code, "hours": "2", "reason": "Lỗi in", **facts}

    answer = support.post(reverse("oversight:support"), words)

    assert answer.status_code == 422
    assert not SupportAccess.objects.filter(**WAITING).exists()


def test_asking_twice_keeps_one_request(world: World) -> None:
    support = signed_in(world, "support")
    ask(support, world)

    assert ask(support, world).status_code == 409
    assert SupportAccess.objects.filter(**WAITING).count() == 1


def test_once_let_in_support_reads_that_school_and_no_other(world: World) -> None:
    support, _access = let_in(world)

    listed = support.get(reverse("registry:learners")).content.decode()

    assert "Đỗ Khánh An" in listed
    assert "Hoàng Văn Xa" not in listed
    assert support.get(reverse("registry:person", args=[world.an.pk])).status_code == 200
    assert support.get(reverse("registry:person", args=[world.stranger.pk])).status_code == 404


def test_the_school_sees_which_record_was_opened_and_when(world: World) -> None:
    support, access = let_in(world)
    support.get(reverse("registry:person", args=[world.an.pk]))
    support.get(reverse("registry:learners") + "?q=bui")

    page = signed_in(world, "principal").get(reverse("oversight:seen", args=[access.pk])).content.decode()

    assert "Đỗ Khánh An" in page
    assert "hoc-sinh/?q=bui" in page
    assert SeenPage.objects.filter(access=access, on_id=world.an.pk).count() == 1
    assert SeenPage.objects.filter(access=access).count() == 2


def test_the_trail_is_closed_to_other_schools_and_support_cannot_rub_it_out(world: World) -> None:
    support, access = let_in(world)
    support.get(reverse("registry:person", args=[world.an.pk]))

    with acting(Actor(scope=world.other_school.path)):
        assert not SeenPage.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from oversight_seenpage")
    assert SeenPage.objects.filter(access=access).count() == 1


def test_read_only_support_changes_nothing(world: World) -> None:
    support, _access = let_in(world)
    before = Person.objects.get(pk=world.an.pk).full_name

    answer = support.post(reverse("records:change", args=["learner", world.an.pk]), {"full_name": "Khác"})

    assert answer.status_code == 404
    assert Person.objects.get(pk=world.an.pk).full_name == before


def test_support_mends_only_when_the_school_ticks_it(world: World) -> None:
    support, access = let_in(world, may_write=True)

    assert access.may_write
    assert support.get(reverse("records:change", args=["learner", world.an.pk])).status_code == 200
    assert support.get(reverse("records:bulk", args=["learner"])).status_code == 404


def test_a_stay_ends_by_itself_by_the_hour(world: World) -> None:
    support, access = let_in(world, hours=2)
    person = reverse("registry:person", args=[world.an.pk])
    assert access.ends_at is not None

    with time_machine.travel(access.ends_at - dt.timedelta(minutes=1), tick=False):
        assert support.get(person).status_code == 200
    with time_machine.travel(access.ends_at + dt.timedelta(seconds=1), tick=False):
        assert support.get(person).status_code == 404
        assert support.get(reverse("registry:learners")).status_code == 404
        assert SeenPage.objects.filter(access=access).count() == 1


def test_a_stay_over_midnight_ends_by_the_hour_too(world: World) -> None:
    late = timezone.localtime().replace(hour=23, minute=0) + dt.timedelta(days=1)
    with time_machine.travel(late, tick=False):
        support, _access = let_in(world, hours=3)
    person = reverse("registry:person", args=[world.an.pk])

    with time_machine.travel(late + dt.timedelta(hours=2), tick=False):
        assert support.get(person).status_code == 200
    with time_machine.travel(late + dt.timedelta(hours=3, minutes=1), tick=False):
        assert support.get(person).status_code == 404


def test_revoking_throws_support_out_at_once(world: World) -> None:
    support, access = let_in(world)
    person = reverse("registry:person", args=[world.an.pk])
    assert support.get(person).status_code == 200

    signed_in(world, "clerk").post(reverse("oversight:answer", args=[access.pk, "thu-hoi"]))

    assert support.get(person).status_code == 404
    access.refresh_from_db()
    assert access.state == "revoked"
    assert AuditEntry.objects.filter(did="oversight.support_revoked").count() == 1


def test_only_the_school_itself_answers(world: World) -> None:
    support = signed_in(world, "support")
    ask(support, world)
    access = SupportAccess.objects.get(**WAITING)
    an_account("principal", world.other_school, username="hoa")
    world.accounts["across"] = an_account("clerk", world.other_school)

    answers = {
        role: signed_in(world, role).post(reverse("oversight:answer", args=[access.pk, "duyet"])).status_code
        for role in ("across", "support", "division_officer", "teacher")
    }

    assert set(answers.values()) == {404}
    access.refresh_from_db()
    assert access.state == "waiting"


def test_answering_asks_for_a_fresh_proof(world: World) -> None:
    ask(signed_in(world, "support"), world)
    access = SupportAccess.objects.get(**WAITING)

    answer = world.client("principal").post(reverse("oversight:answer", args=[access.pk, "duyet"]))

    access.refresh_from_db()
    assert answer["Location"].startswith("/tai-khoan/xac-nhan/")
    assert access.state == "waiting"


def test_a_role_of_support_without_a_stay_opens_nothing(world: World) -> None:
    SupportAccess.objects.all().delete()

    assert world.client("support_access").get(reverse("registry:learners")).status_code == 404


@pytest.mark.parametrize("count", [2, 200])
def test_the_list_of_what_was_seen_costs_the_same(world: World, django_assert_num_queries: object, count: int) -> None:
    _support, access = let_in(world)
    SeenPage.objects.bulk_create(
        [
            SeenPage(path=access.path, access=access, method="GET", page="registry:person", on_id=world.an.pk)
            for _ in range(count)
        ]
    )
    client = signed_in(world, "principal")
    address = reverse("oversight:seen", args=[access.pk])
    client.get(address)

    with django_assert_num_queries(15):  # type: ignore[operator]
        assert client.get(address).status_code == 200


def test_a_refused_request_stays_refused(world: World) -> None:
    ask(signed_in(world, "support"), world)
    access = SupportAccess.objects.get(**WAITING)
    principal = Actor(
        scope=world.school.path, name="Hoa", permissions=frozenset({"oversight:support:approve"}), role="principal"
    )

    answer_access(access.pk, approve=False, by=principal)

    access.refresh_from_db()
    assert (access.state, access.assignment_id) == ("refused", None)
