"""Webhooks against real receivers: signed, tried again, given up, sent again, switched off; never inwards."""

import datetime as dt
import http.server
import json
import re
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from phuong.facilities.models import Building
from phuong.gateway.actions.clients import end_client
from phuong.gateway.actions.hooks import (
    make_hook,
    mark_of_hook,
    pause_hook,
    resume_hook,
    rotate_secret,
    send_again,
    try_hook,
)
from phuong.gateway.actions.telling import (
    DEAD_DAYS,
    MOST_EVENTS,
    TAKEN_DAYS,
    cut,
    forget_deliveries,
    hooks_to_cut,
    note_outcome,
)
from phuong.gateway.errors import BadAddress, TooManyHooks
from phuong.gateway.jobs import hooks as job
from phuong.gateway.models import Delivery, Hook
from phuong.gateway.outgoing import guard, posting
from phuong.gateway.outgoing.posting import Outcome
from phuong.gateway.queries import Place, write_cursor
from phuong.gateway.rules import OFF_AFTER, RETRY_SECONDS
from phuong.kernel.jobs import Progress
from phuong.kernel.models import AuditEntry, Job
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import SYSTEM
from phuong.notices.api import Notice
from phuong.registry.api import Person
from phuong.registry.testing import a_learner
from tests.calling import a_client, open_world
from tests.hooked import a_hook, arrived, from_now_on, is_signed, learn, only, see_own_transaction
from tests.outside import Outside
from tests.world import World

ROOMS = frozenset({Permission.FACILITIES_READ})


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[World]:
    """Give the cast in an installation that may speak to this machine; a reader sees the test's own transaction."""
    settings.PHUONG_HOOKS_LOOPBACK = True
    see_own_transaction(monkeypatch)
    monkeypatch.setattr(job, "PATIENCE_SECONDS", 0.0)
    yield from open_world()


def tell() -> dict[str, int]:
    return dict(job.tell_hooks(Progress()))


def a_building(world: World, name: str = "Dãy A") -> Building:
    return Building.objects.create(organisation=world.school, name=name, construction="solid")


def due_now(hook: Hook) -> None:
    Delivery.objects.filter(hook=hook, next_at__isnull=False).update(next_at=timezone.now())


def test_a_change_arrives_signed_thin_and_once(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    Person.objects.filter(pk=world.an.pk).update(code="HS-0001")
    from_now_on(hook)
    building = a_building(world)
    Person.objects.filter(pk=world.an.pk).update(code="HS-0002", full_name="Đỗ Khánh Đổi Tên")

    assert tell() == {"taken": 1}
    assert tell() == {}

    (message,) = arrived(outside)
    events = message["body"]["data"]["events"]
    assert (message["verdict"], message["signatures"], message["body"]["type"]) == ("good", 1, "feed.changed")
    assert [(each["kind"], each["resource_id"], each["act"]) for each in events] == [
        ("buildings", str(building.pk), "made"),
        ("learners", str(world.an.pk), "key_changed"),
    ]
    text = json.dumps(message["body"], ensure_ascii=False)
    assert not any(words in text for words in ("HS-000", "Đổi Tên", "Dãy A"))
    assert message["message"] == str(only(hook).pk)
    assert (only(hook).state, only(hook).attempts, only(hook).status) == ("taken", 1, 204)


class _Listener(http.server.BaseHTTPRequestHandler):
    """A receiver of the test's own: keeps one request as it came."""

    kept: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.kept.append((dict(self.headers), body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        del words


def test_the_signature_is_the_one_of_the_convention(world: World) -> None:
    _Listener.kept.clear()
    server = http.server.HTTPServer(("127.0.0.1", 0), _Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client, _key = a_client(world)
    hook, secret = make_hook(client.pk, url=f"http://localhost:{server.server_port}/x?y=1", kinds=[], by=SYSTEM)
    other = "whsec_" + "QUJD" * 8
    a_building(from_now_on(hook) and world)

    assert tell() == {"taken": 1}
    server.shutdown()
    server.server_close()

    ((headers, body),) = _Listener.kept
    low = {name.lower(): value for name, value in headers.items()}
    facts = {"message": low["webhook-id"], "moment": low["webhook-timestamp"], "signatures": low["webhook-signature"]}
    assert is_signed(secret, body=body, **facts)
    assert not is_signed(secret, body=body + b" ", **facts)
    assert not is_signed(other, body=body, **facts)
    assert abs(int(low["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert low["host"] == f"localhost:{server.server_port}"


def test_while_a_secret_is_rotated_both_sign(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    rotated, fresh = rotate_secret(hook.pk, overlap_days=7, seen=mark_of_hook(hook), by=SYSTEM)
    from_now_on(rotated)

    a_building(world)
    tell()
    learn(outside, one=fresh)
    from_now_on(rotated)
    a_building(world, "Dãy B")
    tell()
    Hook.objects.update(old_until=timezone.now() - dt.timedelta(seconds=1))
    from_now_on(rotated)
    a_building(world, "Dãy C")
    tell()

    assert [(each["verdict"], each["signatures"]) for each in arrived(outside)] == [
        ("good", 2),
        ("good", 2),
        ("good", 1),
    ]


@pytest.mark.parametrize(
    ("switches", "trouble", "status"),
    [
        ({"down": "*"}, "status", 503),
        ({"redirect": "*"}, "redirect", 302),
        ({"reset": "*"}, "connection", None),
        ({"lost": "*"}, "status", 500),
    ],
)
def test_what_was_not_taken_is_tried_again_under_the_same_id(
    world: World, outside: Outside, switches: dict[str, str], trouble: str, status: int | None
) -> None:
    hook = a_hook(world, outside)
    outside.fail("hooks", **switches)
    a_building(world)

    assert tell() == {trouble: 1}
    waiting = only(hook)
    outside.fail("hooks", **dict.fromkeys(switches, ""))
    tell()
    assert only(hook).attempts == 1  # its time has not come
    due_now(hook)
    assert tell() == {"taken": 1}

    assert (waiting.state, waiting.trouble, waiting.status) == ("waiting", trouble, status)
    wait = (waiting.next_at - waiting.last_at).total_seconds() if waiting.next_at and waiting.last_at else 0
    assert RETRY_SECONDS[0] * 0.8 <= wait <= RETRY_SECONDS[0] * 1.2
    messages = arrived(outside)
    assert {each["message"] for each in messages} == {str(waiting.pk)}
    assert messages[-1]["answered"] == 204
    assert arrived(outside, "elsewhere") == []


def test_a_receiver_says_when_to_come_back(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    Delivery.objects.create(path=hook.path, hook=hook, body="{}", next_at=timezone.now())

    note_outcome(Outcome(only(hook).pk, 429, "status", wait=600), chance=0.5)

    waiting = only(hook)
    assert waiting.next_at is not None
    assert waiting.last_at is not None
    assert (waiting.next_at - waiting.last_at).total_seconds() == 600


@pytest.mark.slow
def test_slow_endless_and_dripping_answers_hold_nobody_up(
    world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 1.0)
    client, _key = a_client(world)
    for name in ("sleepy", "dripping", "endless", "well"):
        a_hook(world, outside, name, client=client)
    outside.fail("hooks", drip="dripping", big="endless")
    for hook in Hook.objects.all():
        from_now_on(hook)
    a_building(world)
    begun = timezone.now()

    tally = tell()
    outside.fail("hooks", slow=3)
    from_now_on(Hook.objects.get(url__endswith="sleepy"))
    a_building(world, "Dãy B")
    late = tell()

    assert (tally["taken"], tally["timeout"]) == (3, 1)
    assert late == {"timeout": 1}
    assert (timezone.now() - begun).total_seconds() < 8


def test_after_the_last_attempt_a_message_is_given_up_shown_and_sent_again_by_hand(
    world: World, outside: Outside
) -> None:
    hook = a_hook(world, outside)
    outside.fail("hooks", down="*")
    a_building(world)
    for _attempt in range(len(RETRY_SECONDS) + 1):
        due_now(hook)
        tell()
    dead = only(hook)
    client = world.client("principal")
    page = client.get(reverse("gateway:hook", args=[hook.pk])).content.decode()
    desk = client.get(reverse("gateway:client", args=[hook.client_id])).content.decode()
    outside.fail("hooks", down="")

    assert (dead.state, dead.attempts, dead.next_at) == ("dead", len(RETRY_SECONDS) + 1, None)
    assert arrived(outside) == []
    again = reverse("gateway:resend", args=[hook.pk, dead.pk])
    assert again in page
    assert "Có tin không gửi được" in desk
    assert client.post(again).status_code == 302
    assert tell() == {"taken": 1}
    assert [each["message"] for each in arrived(outside)] == [str(dead.pk)]
    assert again not in client.get(reverse("gateway:hook", args=[hook.pk])).content.decode()


def test_the_feed_of_a_hook_goes_on_in_order_after_what_was_given_up(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    outside.fail("hooks", down="*")
    first = a_building(world)
    for _attempt in range(len(RETRY_SECONDS) + 1):
        due_now(hook)
        tell()
    from_now_on(hook)
    second = a_building(world, "Dãy B")
    outside.fail("hooks", down="")
    tell()

    (message,) = arrived(outside)
    assert [each["resource_id"] for each in message["body"]["data"]["events"]] == [str(second.pk)]
    assert str(first.pk) in Delivery.objects.get(state="dead").body


def test_while_a_message_waits_no_other_part_of_the_feed_is_cut(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    outside.fail("hooks", down="*")
    a_building(world)
    tell()
    cursor = Hook.objects.get(pk=hook.pk).cursor
    a_building(world, "Dãy B")
    tell()

    assert (hooks_to_cut(), cut(hook.pk)) == ([], False)
    assert Hook.objects.get(pk=hook.pk).cursor == cursor
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(path=hook.path, hook=hook, body="{}", next_at=timezone.now())


def test_long_changes_come_in_several_messages_that_join(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside, permissions=ROOMS)
    count = MOST_EVENTS + 5
    Building.objects.bulk_create(
        [Building(organisation=world.school, name=f"{number:04}", construction="solid") for number in range(count)]
    )

    assert tell() == {"taken": 2}

    first, second = (each["body"]["data"] for each in arrived(outside))
    assert (len(first["events"]), len(second["events"])) == (MOST_EVENTS, 5)
    assert first["next"] == second["after"]
    assert [each.events for each in Delivery.objects.filter(hook=hook).order_by("pk")] == [MOST_EVENTS, 5]


def test_a_receiver_that_is_gone_is_not_asked_again_and_its_owner_is_told(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    outside.fail("hooks", gone="*")
    a_building(world)

    assert tell() == {"gone": 1}
    from_now_on(hook)
    a_building(world, "Dãy B")
    assert tell() == {}

    hook.refresh_from_db()
    assert (hook.state, only(hook).state, only(hook).status) == ("gone", "dead", 410)
    notice = Notice.objects.get(kind="gateway.hook_off")
    assert (notice.account_id, notice.url) == (
        world.accounts["principal"].pk,
        reverse("gateway:hook", args=[hook.pk]),
    )
    assert AuditEntry.objects.filter(did="gateway.hook_switched_off", on_id=str(hook.pk)).count() == 1


def test_after_days_without_one_taken_a_hook_is_switched_off_and_resumed_without_loss(
    world: World, outside: Outside
) -> None:
    hook = a_hook(world, outside)
    outside.fail("hooks", down="*")
    building = a_building(world)
    tell()
    assert Hook.objects.get().failing_since is not None
    Hook.objects.update(failing_since=timezone.now() - OFF_AFTER)
    due_now(hook)
    tell()
    due_now(hook)
    outside.fail("hooks", down="")

    hook.refresh_from_db()
    assert (hook.state, tell(), arrived(outside)) == ("failing", {}, [])
    assert Notice.objects.filter(kind="gateway.hook_off").count() == 1
    assert resume_hook(hook.pk, by=SYSTEM).state == "on"
    assert tell() == {"taken": 1}
    assert arrived(outside)[0]["body"]["data"]["events"][0]["resource_id"] == str(building.pk)
    assert Hook.objects.get().failing_since is None


def test_a_paused_hook_loses_nothing(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    pause_hook(hook.pk, by=SYSTEM)
    building = a_building(world)

    assert (tell(), arrived(outside)) == ({}, [])
    resume_hook(hook.pk, by=SYSTEM)
    assert tell() == {"taken": 1}
    assert str(building.pk) in str(arrived(outside)[0]["body"])


def test_a_deleted_hook_takes_its_messages_along_and_the_journal_says_so(world: World, outside: Outside) -> None:
    hook, other = a_hook(world, outside), a_hook(world, outside, "two")
    dead = Delivery.objects.create(path=hook.path, hook=hook, body="{}", state="dead")
    kept = Delivery.objects.create(path=other.path, hook=other, body="{}", state="dead")
    leased = Delivery.objects.create(path=hook.path, hook=hook, body="{}", next_at=timezone.now())
    principal, page = world.client("principal"), reverse("gateway:remove_hook", args=[hook.pk])

    asked = principal.get(page).content.decode()
    answer = principal.post(page)
    note_outcome(Outcome(leased.pk, status=200), chance=0.5)

    assert "Còn 1 tin không gửi được." in asked
    assert answer.url == reverse("gateway:hooks", args=[hook.client_id])
    assert list(Hook.objects.values_list("pk", flat=True)) == [other.pk]
    assert not Delivery.objects.filter(pk__in=[dead.pk, leased.pk]).exists()
    assert Delivery.objects.filter(pk=kept.pk).exists()
    entry = AuditEntry.objects.get(did="gateway.hook_removed")
    assert (entry.on_id, entry.note) == (str(hook.pk), f"{hook.url}; 2")
    assert principal.post(page).status_code == 404


def test_who_was_ended_waits_for_approval_or_is_over_is_told_nothing(world: World, outside: Outside) -> None:
    ended, waiting, over = (a_client(world)[0] for _ in range(3))
    for name, client in (("a", ended), ("b", waiting), ("c", over)):
        a_hook(world, outside, name, client=client)
    end_client(ended.pk, by=SYSTEM)
    type(waiting).objects.filter(pk=waiting.pk).update(approved_at=None)
    type(over).objects.filter(pk=over.pk).update(valid_until=dt.date(2026, 1, 1))
    a_building(world)

    assert tell() == {}
    assert Delivery.objects.count() == 0


def test_a_hook_is_told_only_what_its_client_may_read_now_and_asked_for(world: World, outside: Outside) -> None:
    client, _key = a_client(world, permissions=ROOMS | {Permission.PERSONS_READ})
    few, secret = make_hook(client.pk, url=f"{outside.page}hooks/at/few", kinds=["learners"], by=SYSTEM)
    learn(outside, few=secret)
    a_hook(world, outside, "all", client=client)
    type(client).objects.filter(pk=client.pk).update(permissions=sorted(ROOMS))
    from_now_on(few)
    a_learner(world.school)
    building = a_building(world)

    tell()

    assert arrived(outside, "few") == []
    (message,) = arrived(outside, "all")
    assert [each["resource_id"] for each in message["body"]["data"]["events"]] == [str(building.pk)]


@pytest.mark.parametrize(
    "place",
    [
        Place("5", 1, dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        Place("9" * 17, 1, dt.datetime(2026, 11, 22, tzinfo=dt.UTC)),
    ],
    ids=["the log is shorter", "the database was brought back"],
)
def test_where_the_log_does_not_reach_a_receiver_is_told_so(world: World, outside: Outside, place: Place) -> None:
    hook = a_hook(world, outside)
    Hook.objects.update(cursor=write_cursor(place))

    assert tell() == {"taken": 1}

    assert arrived(outside)[0]["body"]["type"] == "feed.lost"
    from_now_on(hook)
    a_building(world)
    assert tell() == {"taken": 1}


def test_a_trial_is_sent_once_and_is_no_dead_letter(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    try_hook(hook.pk, by=SYSTEM)
    assert tell() == {"taken": 1}
    outside.fail("hooks", down="*")
    try_hook(hook.pk, by=SYSTEM)

    assert tell() == {"status": 1}
    assert arrived(outside)[0]["body"]["type"] == "feed.test"
    assert Delivery.objects.filter(state="waiting").count() == 0
    assert Hook.objects.get().failing_since is None
    page = world.client("principal").get(reverse("gateway:client", args=[hook.client_id])).content.decode()
    assert "Có tin không gửi được" not in page
    assert Job.objects.filter(name="gateway.hooks").count() == 1


def test_a_name_that_leads_inwards_by_the_time_of_sending_is_not_spoken_to(
    world: World, outside: Outside, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = a_hook(world, outside)
    a_building(world)
    settings.PHUONG_HOOKS_LOOPBACK = False
    monkeypatch.setattr(
        guard, "_is_forbidden", lambda _host: False
    )  # as if the name had looked public when it was kept
    Hook.objects.update(url="https://localhost/x")

    assert tell() == {"address": 1}
    Hook.objects.update(url=f"{outside.page}hooks/at/one")
    due_now(hook)
    assert tell() == {"address": 1}
    assert arrived(outside) == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.8/x",
        "https://[::1]/x",
        "https://[::ffff:169.254.169.254]/latest/meta-data",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://intranet/x",
        "https://db.internal/x",
        "https://name:word@example.com/x",
        "https://example.com/x#y",
        "ftp://example.com/",
        "https://",
        "https://exa mple.com/",
        "https://example.com:0/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_is_not_public_is_not_kept(world: World, settings: Any, url: str) -> None:
    settings.PHUONG_HOOKS_LOOPBACK = False
    client, _key = a_client(world)

    with pytest.raises(BadAddress):
        make_hook(client.pk, url=url, kinds=[], by=SYSTEM)

    assert Hook.objects.count() == 0
    assert make_hook(client.pk, url="https://example.com:8443/a?b=c", kinds=[], by=SYSTEM)[0].state == "on"


def test_an_address_twice_one_too_many_and_a_kind_not_readable_are_refused(world: World) -> None:
    client, _key = a_client(world, permissions=ROOMS)
    for number in range(10):
        make_hook(client.pk, url=f"https://example.com/{number}", kinds=["rooms"], by=SYSTEM)

    with pytest.raises(BadAddress):
        make_hook(client.pk, url="https://example.com/1", kinds=[], by=SYSTEM)
    with pytest.raises(TooManyHooks):
        make_hook(client.pk, url="https://example.com/x", kinds=[], by=SYSTEM)
    with pytest.raises(BadInput):
        make_hook(client.pk, url="https://example.com/y", kinds=["learners"], by=SYSTEM)
    assert Hook.objects.count() == 10


def secret_in(page: str) -> str:
    found = re.search(r'id="key" type="text" value="(whsec_[^"]+)"', page)
    assert found
    return found.group(1)


def test_an_owner_adds_tries_pauses_and_rotates_on_the_pages(world: World, outside: Outside) -> None:
    client, _key = a_client(world)
    browser = world.client("principal")
    sent = {"id": str(uuid4()), "url": f"{outside.page}hooks/at/one", "kinds": ["rooms", "buildings"]}

    made = browser.post(reverse("gateway:new_hook", args=[client.pk]), sent)
    secret = secret_in(made.content.decode())
    again = browser.post(reverse("gateway:new_hook", args=[client.pk]), sent)
    hook = Hook.objects.get()
    here = reverse("gateway:hook", args=[hook.pk])
    learn(outside, one=secret)
    browser.post(reverse("gateway:hook_act", args=[hook.pk, "gui-thu"]))
    tell()
    page = browser.get(here).content.decode()
    wrong = browser.post(here, {"url": "ftp://x", "kinds": []})
    browser.post(here, {"url": hook.url, "kinds": ["rooms"]})
    rotate = reverse("gateway:rotate_hook", args=[hook.pk])
    fresh = secret_in(browser.post(rotate, {"overlap": 7, "seen": mark_of_hook(hook)}).content.decode())
    browser.post(reverse("gateway:hook_act", args=[hook.pk, "tam-dung"]))

    assert (again.status_code, again["Location"]) == (302, here)
    assert arrived(outside)[0]["verdict"] == "good"
    assert "Gửi thử" in page
    assert secret not in page
    assert (wrong.status_code, fresh == secret) == (422, False)
    hook.refresh_from_db()
    assert (hook.kinds, hook.state) == (["rooms"], "paused")
    assert "no-store" in made["Cache-Control"]
    assert secret.encode() not in bytes(hook.secret)
    assert browser.post(reverse("gateway:hook_act", args=[hook.pk, "gui-tiep"])).status_code == 302
    assert browser.post(reverse("gateway:hook_act", args=[hook.pk, "ngat"])).status_code == 404


def test_what_is_not_dead_or_not_ones_own_is_not_sent_again(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    a_building(world)
    tell()

    with pytest.raises(NotThere):
        send_again(hook.pk, only(hook).pk, by=SYSTEM)
    with pytest.raises(NotThere):
        send_again(hook.pk, uuid4(), by=SYSTEM)
    assert only(hook).lane == "feed"


def test_old_messages_are_forgotten_and_dead_ones_kept_longer(world: World, outside: Outside) -> None:
    hook = a_hook(world, outside)
    now = timezone.now()
    for state, days in (("taken", TAKEN_DAYS + 1), ("taken", 1), ("dead", TAKEN_DAYS + 1), ("dead", DEAD_DAYS + 1)):
        made_at = now - dt.timedelta(days=days)
        Delivery.objects.create(path=hook.path, hook=hook, body="{}", state=state, made_at=made_at)

    assert forget_deliveries(now) == 2
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["dead", "taken"]


@pytest.mark.parametrize("where", ["gateway:hook", "gateway:hooks"])
def test_pages_cost_the_same_for_few_and_many(world: World, where: str) -> None:
    client, _key = a_client(world)
    hook, _secret = make_hook(client.pk, url="https://example.com/1", kinds=[], by=SYSTEM)
    browser, costs = world.client("principal"), []
    address = reverse(where, args=[hook.pk if where == "gateway:hook" else client.pk])
    for count in (2, 200):
        for number in range(count if where == "gateway:hook" else min(count, 5)):
            Delivery.objects.create(path=hook.path, hook=hook, body="{}", state="dead", events=number)
            if where == "gateway:hooks":
                Hook.objects.create(
                    path=hook.path, client=client, url=f"https://x.vn/{count}{number}", secret=b"x", cursor="x"
                )
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1]
