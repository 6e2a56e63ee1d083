"""The roles desk: giving with two persons, ending, yearly review, breaking glass."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from phuong.identity.api import Account, RoleAssignment
from phuong.identity.testing import SINCE, an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditEntry
from phuong.notices.api import Notice
from phuong.oversight.actions.roles import review_nightly
from phuong.oversight.models import EmergencyUse, RoleRequest, RoleReview
from phuong.oversight.rules import first_review
from tests.overseeing import signed_in
from tests.world import World, a_world

EMERGENCY = {"role": "department_leader", "hours": "4", "reason": "Máy chủ bị tấn công"}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def words(account: Account, role: str, **facts: str) -> dict[str, str]:
    day = f"{timezone.localdate():%d/%m/%Y}"
    return {
        "username": account.username,
        "role": role,
        "kind": "own",
        "starts_on": day,
        "ends_on": "",
        "reason": "QĐ 12/QĐ-UBND",
        **facts,
    }


def give(world: World, by: str, unit: Any, facts: dict[str, str]) -> Any:
    return signed_in(world, by).post(f"{reverse('oversight:give')}?unit={unit.pk}", facts)


def roles_of(account: Account) -> set[str]:
    return set(RoleAssignment.objects.in_force().filter(account=account).values_list("role", flat=True))


def test_a_principal_gives_a_role_and_sees_it_in_the_list(world: World) -> None:
    teacher = world.accounts["teacher"]

    answer = give(world, "principal", world.school, words(teacher, "clerk"))

    assert answer.status_code == 302
    assert roles_of(teacher) == {"teacher", "clerk"}
    listed = signed_in(world, "principal").get(answer["Location"]).content.decode()
    assert teacher.display_name in listed


@pytest.mark.parametrize(
    ("by", "role", "facts", "told"),
    [
        ("principal", "clerk", {"kind": "substitute"}, "phải có ngày kết thúc"),
        ("principal", "clerk", {"starts_on": "01/01/2020"}, "không được trước hôm nay"),
        ("principal", "clerk", {"username": "khong.co"}, "không có tài khoản nào"),
        ("principal", "clerk", {"reason": ""}, "Ghi lí do"),
        ("principal", "department_leader", {}, "department_leader"),
        ("system_operator", "clerk", {}, "rộng hơn quyền"),
    ],
)
def test_a_gift_that_cannot_be_is_told_so_and_nothing_is_given(
    world: World, by: str, role: str, facts: dict[str, str], told: str
) -> None:
    before = RoleAssignment.objects.count()

    answer = give(world, by, world.school, words(world.accounts["teacher"], role, **facts))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert RoleAssignment.objects.count() == before


def test_a_unit_outside_the_own_place_is_not_there(world: World) -> None:
    for query in (f"?unit={world.other_school.pk}", f"?code={world.other_school.code}"):
        for route in ("oversight:roles", "oversight:give", "oversight:review"):
            assert signed_in(world, "principal").get(reverse(route) + query).status_code == 404


def test_a_wide_role_waits_for_another_person(world: World) -> None:
    receiver = an_account("teacher", world.commune, username="nhan")
    an_account("commune_officer", world.commune, username="hai")
    facts = words(receiver, "commune_officer")

    assert give(world, "commune_officer", world.commune, facts).status_code == 302

    request = RoleRequest.objects.get()
    approve = reverse("oversight:decide", args=[request.pk, "duyet"])
    assert roles_of(receiver) == {"teacher"}
    assert Notice.objects.filter(title__startswith="Chờ duyệt vai trò rộng", account__username="hai").exists()
    assert signed_in(world, "commune_officer").post(approve).status_code == 409
    assert signed_in(world, "principal").post(approve).status_code == 404
    assert signed_in(world, "system_operator").post(approve).status_code == 422
    assert roles_of(receiver) == {"teacher"}
    assert signed_in(world, "division_officer").post(approve).status_code == 302
    assert roles_of(receiver) == {"teacher", "commune_officer"}
    assert signed_in(world, "department_leader").post(approve).status_code == 404
    assert AuditEntry.objects.filter(did="oversight.role_approved").count() == 1


def test_who_receives_a_wide_role_does_not_approve_it(world: World) -> None:
    world.accounts["receiver"] = an_account("commune_leader", world.commune, username="nhan")
    give(world, "commune_officer", world.commune, words(world.accounts["receiver"], "commune_officer"))
    request = RoleRequest.objects.get()

    answer = signed_in(world, "receiver").post(reverse("oversight:decide", args=[request.pk, "duyet"]))

    assert answer.status_code == 409
    assert roles_of(world.accounts["receiver"]) == {"commune_leader"}


def test_giving_asks_for_a_fresh_proof(world: World) -> None:
    facts = words(world.accounts["teacher"], "clerk")

    answer = world.client("principal").post(reverse("oversight:give"), facts)

    assert answer["Location"].startswith("/tai-khoan/xac-nhan/")
    assert roles_of(world.accounts["teacher"]) == {"teacher"}


def test_an_ended_role_opens_nothing_in_an_open_session(world: World) -> None:
    teacher = signed_in(world, "teacher")
    held = world.accounts["teacher"].roles.get()
    assert teacher.get(reverse("registry:learners")).status_code == 200

    signed_in(world, "principal").post(reverse("oversight:end", args=[held.pk]), {"because": "Chuyển trường"})

    assert teacher.get(reverse("registry:learners")).status_code == 404
    assert AuditEntry.objects.get(did="identity.role_ended").note == "teacher: Chuyển trường"


def test_a_substitute_role_is_over_after_its_last_day(world: World) -> None:
    last = timezone.localdate() + dt.timedelta(days=3)
    facts = words(world.accounts["teacher"], "clerk", kind="substitute", ends_on=f"{last:%d/%m/%Y}")
    give(world, "principal", world.school, facts)

    assert "clerk" in roles_of(world.accounts["teacher"])
    with time_machine.travel(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(1), dt.UTC)):
        assert "clerk" not in roles_of(world.accounts["teacher"])


@pytest.mark.parametrize("count", [2, 200])
def test_the_list_of_roles_costs_the_same(world: World, django_assert_num_queries: Any, count: int) -> None:
    accounts = Account.objects.bulk_create(
        [Account(path=world.school.path, username=f"n{number}", display_name="N") for number in range(count)]
    )
    RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(
                path=world.school.path, account=one, organisation=world.school, role="teacher", during=(SINCE, None)
            )
            for one in accounts
        ]
    )
    client = world.client("principal")
    client.get(reverse("oversight:roles"))

    with django_assert_num_queries(14):
        assert client.get(reverse("oversight:roles")).status_code == 200


def night(day: dt.date) -> dict[str, Any]:
    with time_machine.travel(dt.datetime.combine(day, dt.time(2), dt.UTC), tick=False):
        return dict(review_nightly(Progress(), day.isoformat()))


def test_the_first_review_never_comes_without_notice() -> None:
    today = dt.date(2026, 11, 26)

    assert first_review(dt.date(2020, 1, 1), today, every_days=365, notice_days=60) == today + dt.timedelta(days=60)
    assert first_review(today, today, every_days=365, notice_days=60) == today + dt.timedelta(days=365)


def test_roles_nobody_looks_at_end_by_themselves_after_the_notice(world: World) -> None:
    start = timezone.localdate()
    RoleAssignment.objects.update(during=(dt.date(2024, 9, 1), None))
    first = night(start)
    due = RoleReview.objects.get(assignment__account=world.accounts["teacher"]).due_on

    told = night(due - dt.timedelta(days=30))
    again = night(due - dt.timedelta(days=29))
    before = night(due + dt.timedelta(days=30))
    after = night(due + dt.timedelta(days=31))
    twice = night(due + dt.timedelta(days=31))

    assert (first["ended"], told["ended"], before["ended"], twice["ended"]) == (0, 0, 0, 0)
    assert told["told"] > 0
    assert again["told"] == 0
    assert after["ended"] > 0
    assert Notice.objects.filter(title="Rà soát vai trò hằng năm", account=world.accounts["principal"]).exists()
    with time_machine.travel(dt.datetime.combine(due + dt.timedelta(days=32), dt.time(2), dt.UTC)):
        assert roles_of(world.accounts["teacher"]) == set()
        assert roles_of(world.accounts["guardian"]) == {"guardian"}
        left = RoleAssignment.objects.in_force().filter(path="vn.p31").values_list("role", flat=True)
        assert set(left) & {"department_leader", "division_officer", "system_operator"}


def test_a_kept_role_goes_on_for_a_year(world: World) -> None:
    night(timezone.localdate())
    held = world.accounts["teacher"].roles.get()
    RoleReview.objects.filter(assignment=held).update(due_on=timezone.localdate(), told_on=timezone.localdate())
    client = signed_in(world, "principal")
    page = client.get(reverse("oversight:review")).content.decode()

    client.post(reverse("oversight:review"), {"role": [str(held.pk)], "act": "giu"})

    kept = RoleReview.objects.get(assignment=held)
    assert str(held.pk) in page
    assert kept.due_on == timezone.localdate() + dt.timedelta(days=365)
    assert (kept.kept_by, kept.told_on) == (world.accounts["principal"].display_name, None)


def test_nobody_keeps_or_ends_the_own_role_at_review(world: World) -> None:
    night(timezone.localdate())
    own = world.accounts["principal"].roles.get()

    for act in ("giu", "het"):
        answer = signed_in(world, "principal").post(reverse("oversight:review"), {"role": [str(own.pk)], "act": act})
        assert answer.status_code == 404

    assert RoleReview.objects.get(assignment=own).kept_on is None
    assert roles_of(world.accounts["principal"]) == {"principal"}


@pytest.mark.parametrize("facts", [{"act": "giu"}, {"act": "het"}, {"act": "xoa", "role": "held"}, {"role": "held"}])
def test_a_review_without_a_tick_or_with_an_unknown_act_is_told_so_and_ends_nothing(
    world: World, facts: dict[str, str]
) -> None:
    night(timezone.localdate())
    held = world.accounts["teacher"].roles.get()
    said = {name: str(held.pk) if text == "held" else text for name, text in facts.items()}

    answer = signed_in(world, "principal").post(reverse("oversight:review"), said, follow=True)

    assert answer.status_code == 200
    assert "Đánh dấu ít nhất một vai trò" in answer.content.decode()
    assert roles_of(world.accounts["teacher"]) == {"teacher"}
    assert RoleReview.objects.get(assignment=held).kept_on is None


def test_breaking_glass_is_at_once_in_force_and_alarms_the_leaders(world: World) -> None:
    head = signed_in(world, "division_head")

    answer = head.post(reverse("oversight:emergency"), EMERGENCY)

    use = EmergencyUse.objects.get()
    assert answer.status_code == 302
    assert roles_of(use.account) == {"division_head", "department_leader"}
    rung = Notice.objects.filter(kind="oversight.alarm").values_list("account__roles__role", flat=True)
    assert {"department_leader", "system_operator"} <= set(rung)
    head.post(reverse("identity:switch_role"), {"role": str(use.assignment_id)})
    assert head.get(reverse("registry:person", args=[world.stranger.pk])).status_code == 200
    assert head.get(reverse("oversight:give")).status_code == 404


def test_an_emergency_is_over_after_its_hours(world: World) -> None:
    head = signed_in(world, "division_head")
    head.post(reverse("oversight:emergency"), EMERGENCY)
    use = EmergencyUse.objects.get()
    head.post(reverse("identity:switch_role"), {"role": str(use.assignment_id)})
    assert use.ends_at is not None

    with time_machine.travel(use.ends_at + dt.timedelta(seconds=1), tick=False):
        assert head.get(reverse("registry:person", args=[world.stranger.pk])).status_code == 404


@pytest.mark.parametrize("facts", [{"hours": "5"}, {"reason": ""}, {"role": "system_operator"}])
def test_an_emergency_without_reason_or_too_long_opens_nothing(world: World, facts: dict[str, str]) -> None:
    answer = signed_in(world, "division_head").post(reverse("oversight:emergency"), {**EMERGENCY, **facts})

    assert answer.status_code == 422
    assert not EmergencyUse.objects.exists()
    assert roles_of(world.accounts["division_head"]) == {"division_head"}


def test_a_second_emergency_in_a_day_waits_for_another_person(world: World) -> None:
    officer = signed_in(world, "division_officer")
    officer.post(reverse("oversight:emergency"), EMERGENCY)
    RoleAssignment.objects.filter(kind="emergency").update(ends_at=timezone.now())

    officer.post(reverse("oversight:emergency"), EMERGENCY)

    use = EmergencyUse.objects.get(state="waiting")
    approve = reverse("oversight:decide_emergency", args=[use.pk, "duyet"])
    assert roles_of(use.account) == {"division_officer"}
    assert officer.post(approve).status_code == 409
    assert officer.post(reverse("oversight:emergency"), EMERGENCY).status_code == 409
    assert signed_in(world, "department_leader").post(approve).status_code == 302
    assert roles_of(use.account) == {"division_officer", "department_leader"}


def test_after_a_day_glass_may_be_broken_again(world: World) -> None:
    signed_in(world, "division_head").post(reverse("oversight:emergency"), EMERGENCY)

    with time_machine.travel(timezone.now() + dt.timedelta(hours=25)):
        signed_in(world, "division_head").post(reverse("oversight:emergency"), EMERGENCY)

    assert EmergencyUse.objects.filter(state="approved").count() == 2


def test_an_emergency_is_looked_at_afterwards_by_somebody_else(world: World) -> None:
    officer = signed_in(world, "division_officer")
    officer.post(reverse("oversight:emergency"), EMERGENCY)
    use = EmergencyUse.objects.get()
    seen = reverse("oversight:decide_emergency", args=[use.pk, "da-xem"])

    assert officer.post(seen).status_code == 409
    assert signed_in(world, "department_leader").post(seen).status_code == 302
    assert signed_in(world, "department_leader").post(seen).status_code == 404
    use.refresh_from_db()
    assert use.reviewed_by == world.accounts["department_leader"].display_name
