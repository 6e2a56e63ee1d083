"""PowerSchool, December 2024: one support login exported 62 million pupils. Here it cannot."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from phuong.kernel.models import AuditEntry
from phuong.notices.api import Notice
from phuong.oversight.models import ExportDay
from phuong.registry.testing import a_learner
from tests.overseeing import let_in
from tests.world import ROLES, World, a_world

FOREIGN = ["Hoàng Văn Xa", "Vũ Thị Cao", "THCS Bên Sông"]
FILES = ("xlsx", "csv", "docx", "pdf", "zip", "json")


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def is_file(answer: Any) -> bool:
    return "attachment" in answer.get("Content-Disposition", "")


def every_trick(world: World) -> list[str]:
    """Give the addresses of our own interface that somebody with the stolen login would try."""
    measure, school, across = "registry.learners_with_number", world.school.pk, world.other_school.pk
    lists = [reverse(f"registry:{name}") for name in ("learners", "staff", "schools", "network")]
    records = [reverse("measures:records", args=[measure, unit]) for unit in (school, across, world.province.pk)]
    pages = [
        reverse("registry:school", args=[across]),
        reverse("registry:commune", args=[world.other_commune.pk]),
        reverse("registry:class", args=[world.other_group.pk]),
        reverse("registry:person", args=[world.stranger.pk]),
        reverse("facilities:rooms", args=[across]),
        reverse("records:history", args=["learner", world.stranger.pk]),
        reverse("records:bulk", args=["learner"]),
        reverse("records:alike", args=["learner"]) + f"?of={across}",
        reverse("reports:collected") + "?kind=monthly&starts_on=2026-11-01",
        reverse("plans:matrix"),
        reverse("gateway:clients"),
        reverse("oversight:roles"),
        reverse("oversight:exports"),
        reverse("ui:jobs"),
    ]
    searches = [reverse("ui:search") + f"?q={word}" for word in ("hoang", "vu thi", "an", "ben song")]
    looking_back = [f"{address}?as_of=2026-09-10" for address in lists]
    scopes = [f"{lists[0]}?school={across}", f"{lists[0]}?size=100", f"{lists[0]}?after=WyJhIiwiYiJd"]
    exports = [f"{address}?as={form}" for address in [*lists, *records, reverse("plans:matrix")] for form in FILES]
    return lists + records + pages + searches + looking_back + scopes + exports


def rest_answers(client: Client) -> list[int]:
    paths = ("learners", "staff", "schools", "changes", "persons")
    return [client.get(f"/api/v1/{path}", HTTP_ACCEPT="application/json").status_code for path in paths]


def test_stolen_support_login(world: World) -> None:
    for number in range(30):
        a_learner(world.other_school, world.other_group, name=f"Hoàng Văn Xa {number}")
    thief, access = let_in(world)
    Notice.objects.all().delete()
    assert "Đỗ Khánh An" in thief.get(reverse("registry:learners")).content.decode()

    opened, files = [], []
    for address in every_trick(world):
        answer = thief.get(address)
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        opened.append((address, [name for name in FOREIGN if name in text.decode("utf-8", "replace")]))
        files += [address] if is_file(answer) else []

    assert [(address, names) for address, names in opened if names] == []
    assert files == []
    assert not ExportDay.objects.exists()
    assert set(rest_answers(thief)) <= {401, 404}
    rung = Notice.objects.filter(kind="oversight.alarm")
    assert {"principal", "department_leader"} <= set(rung.values_list("account__roles__role", flat=True))
    assert AuditEntry.objects.filter(refused=True, role="support_access").exists()
    kept = AuditEntry.objects.filter(account_id=access.account_id, refused=False)
    assert kept.filter(did="list.seen").exists()
    assert not kept.filter(about=world.stranger.pk).exists()
    assert not kept.filter(on_id=str(world.stranger.pk)).exists()


def test_a_stolen_support_login_takes_no_other_role(world: World) -> None:
    thief, access = let_in(world)

    for role in ROLES:
        foreign = world.accounts[role].roles.get().pk if role != "support" else None
        if foreign:
            assert thief.post(reverse("identity:switch_role"), {"role": str(foreign)}).status_code == 404

    assert thief.get(reverse("registry:person", args=[world.stranger.pk])).status_code == 404
    assert access.account.roles.count() == 2


def test_a_stolen_support_login_cannot_let_itself_in(world: World) -> None:
    thief, access = let_in(world)

    for address, facts in (
        (reverse("oversight:answer", args=[access.pk, "duyet"]), {"may_write": "1"}),
        (reverse("oversight:give"), {"username": access.account.username, "role": "principal"}),
        (reverse("oversight:emergency"), {"role": "department_leader", "hours": 4, "reason": "x"}),
        (reverse("oversight:cap"), {"role": "clerk", "rows": 1_000_000, "units": 9999}),
        (reverse("gateway:new_client"), {"name": "x"}),
        (reverse("records:bulk", args=["learner"]), {"field": "ethnicity"}),
    ):
        assert thief.post(address, facts).status_code == 404

    access.refresh_from_db()
    assert not access.may_write
    assert access.account.roles.count() == 2


def test_an_export_is_refused_even_where_a_page_forgot_to_ask_for_the_right(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief, _access = let_in(world)
    Notice.objects.all().delete()
    monkeypatch.setattr("phuong.kernel.scope.Actor.may", lambda actor, permission: True)

    answer = thief.get(reverse("registry:learners") + "?as=csv")

    assert answer.status_code == 403
    assert "Khánh An" not in answer.content.decode()
    assert Notice.objects.filter(kind="oversight.alarm", title__contains="thử tải tệp").exists()
    assert AuditEntry.objects.filter(did="oversight.support_export", refused=True).count() == 1


def test_looking_back_shows_support_nothing_more(world: World) -> None:
    thief, _access = let_in(world)
    thief.post(reverse("records:look_back"), {"day": dt.date(2026, 9, 10)})

    text = thief.get(reverse("registry:learners") + "?as_of=2026-09-10").content.decode()

    assert "Đỗ Khánh An" in text
    assert all(name not in text for name in FOREIGN)
