"""Support just in time: asked for, answered by the school, seen by the school, over by itself or at once."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from phuong.identity.api import RoleAssignment, roles_by_code
from phuong.identity.testing import an_account
from phuong.kernel.audit import record, record_all
from phuong.kernel.models import AuditEntry
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.notices.api import Notice
from phuong.oversight.actions.support import answer_access
from phuong.oversight.models import SupportAccess
from phuong.registry.actions.network import Order, move_unit
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


def lines_of(access: SupportAccess) -> list[tuple[str, str, Any]]:
    """Give act, address and person of each line the journal has of a stay, in order."""
    rows = AuditEntry.objects.filter(account_id=access.account_id, role__startswith="support_", refused=False)
    return list(rows.order_by("id").values_list("did", "note", "about"))


def listed(world: World, access: SupportAccess) -> list[Any]:
    """Give what the school reads of a stay, newest first."""
    answer = signed_in(world, "principal").get(reverse("oversight:seen", args=[access.pk]))
    assert answer.status_code == 200
    return list(answer.context["page"].rows)


def test_the_school_sees_which_record_was_opened_and_when(world: World) -> None:
    support, access = let_in(world)
    support.get(reverse("registry:person", args=[world.an.pk]))
    support.get(reverse("registry:learners") + "?q=bui")

    page = signed_in(world, "principal").get(reverse("oversight:seen", args=[access.pk])).content.decode()

    assert "Đỗ Khánh An" in page
    assert "hoc-sinh/?q=bui" in page
    person = reverse("registry:person", args=[world.an.pk])
    assert lines_of(access) == [("person.seen", person, world.an.pk), ("list.seen", "/hoc-sinh/?q=bui", None)]


def test_every_time_a_record_is_opened_stands_in_the_list(world: World) -> None:
    support, access = let_in(world)
    person = reverse("registry:person", args=[world.an.pk])

    for _time in range(2):
        support.get(person)

    assert [(one.name, one.note) for one in listed(world, access)] == [("Đỗ Khánh An", person)] * 2
    assert [did for did, _note, _about in lines_of(access)] == ["person.seen"] * 2


def test_the_family_reads_that_support_opened_the_record(world: World) -> None:
    support, _access = let_in(world)
    support.get(reverse("registry:person", args=[world.an.pk]))

    page = world.client("guardian").get(reverse("journal:openings", args=[world.an.pk])).content.decode()

    rows = page.split("<tbody", 1)[1].split("</tbody>")[0]
    assert rows.count("<tr") == 1
    assert str(roles_by_code()["support_access"].title) in rows
    assert "THCS Lạch Tray" in rows
    assert world.accounts["support"].display_name not in rows


def test_a_page_that_leaves_no_line_of_its_own_is_kept_all_the_same(world: World) -> None:
    support, access = let_in(world)
    rooms = reverse("facilities:rooms", args=[world.school.pk])
    openings = reverse("journal:openings", args=[world.an.pk])

    support.get(rooms)
    support.get(openings)

    assert lines_of(access) == [("page.seen", rooms, None), ("page.seen", openings, world.an.pk)]
    assert [one.name for one in listed(world, access)] == ["Đỗ Khánh An", "THCS Lạch Tray"]


def test_what_support_mended_stands_in_the_list_once(world: World) -> None:
    support, access = let_in(world, may_write=True)
    where = reverse("records:change", args=["learner", world.an.pk])
    form = support.get(where).context["form"]
    sent = {name: value for name, value in form.initial.items() if value not in (None, "")}

    assert support.post(where, {**sent, "birthplace": "Kiến An", "reason": "bổ sung"}).status_code == 302

    assert [did for did, _note, _about in lines_of(access)] == ["person.seen", "record.changed"]
    assert {one.name for one in listed(world, access)} == {"Đỗ Khánh An"}


def test_each_stay_lists_its_own_and_what_the_person_does_elsewhere_stands_in_none(world: World) -> None:
    support, first = let_in(world)
    support.get(reverse("registry:learners"))
    signed_in(world, "clerk").post(reverse("oversight:answer", args=[first.pk, "thu-hoi"]))
    ask(support, world)
    second = SupportAccess.objects.get(account=world.accounts["support"], **WAITING)
    signed_in(world, "principal").post(reverse("oversight:answer", args=[second.pk, "duyet"]))
    second.refresh_from_db()
    support.post(reverse("identity:switch_role"), {"role": str(second.assignment_id)})
    support.get(reverse("registry:staff"))
    with acting(Actor(scope=world.school.path, account_id=first.account_id, name="Support", role="clerk")):
        record("record.changed", on_kind="learner", on_id=world.an.pk, about=world.an.pk)

    assert [one.note for one in listed(world, first)] == ["/hoc-sinh/"]
    assert [one.note for one in listed(world, second)] == ["/doi-ngu/"]


def test_a_school_that_moved_still_reads_what_support_opened_before(world: World) -> None:
    support, access = let_in(world)
    support.get(reverse("registry:person", args=[world.an.pk]))
    officer = Actor(scope="vn.p31", name="chuyên viên", permissions=SYSTEM.permissions)

    move_unit(
        world.school,
        manager=world.other_commune,
        territory=world.other_commune,
        order=Order(dt.date(2026, 11, 1), "123/QĐ-UBND"),
        by=officer,
    )

    assert [one.name for one in listed(world, access)] == ["Đỗ Khánh An"]


def test_the_trail_is_closed_to_other_schools_and_support_cannot_rub_it_out(world: World) -> None:
    support, access = let_in(world)
    support.get(reverse("registry:person", args=[world.an.pk]))

    with acting(Actor(scope=world.other_school.path)):
        assert not AuditEntry.objects.filter(account_id=access.account_id).exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from kernel_auditentry")
    assert len(lines_of(access)) == 1


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
        assert len(lines_of(access)) == 1


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
    with acting(Actor(scope=access.path, account_id=access.account_id, role="support_access")):
        record_all("person.seen", "person", [(world.an.pk, "", access.path)] * count)
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
