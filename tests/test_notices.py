"""Everybody says how they want to be told by e-mail: officers, and families, who have no place in the tree."""

from typing import Any

import pytest
from django.urls import reverse

from phuong.identity.api import Account
from phuong.identity.testing import assign
from phuong.kernel.models import AuditEntry
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import NOBODY
from phuong.notices.actions import save_wishes
from phuong.notices.models import Mail, Preference
from phuong.notices.rules import Wishes
from tests.world import World, a_world

PAGE = "/thong-bao/cai-dat/"
WISHES = {
    "email": " Can.Bo@Xa.Example ",
    "cadence": "at_once",
    "digest_hour": "8",
    "quiet_from": "20h30",
    "quiet_to": "6:15",
    "language": "en",
}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


@pytest.mark.parametrize("role", ["commune_officer", "guardian", "learner", "system_operator"])
def test_wishes_are_kept_and_shown_again(world: World, role: str) -> None:
    client = world.client(role)

    answer = client.post(PAGE, WISHES)

    kept = Preference.objects.get()
    assert answer.status_code == 302
    assert (kept.account_id, kept.account.email) == (world.accounts[role].pk, "can.bo@xa.example")
    assert (kept.cadence, kept.digest_hour, kept.language) == ("at_once", 8, "en")
    page = client.get(PAGE).content.decode()
    assert 'value="can.bo@xa.example"' in page
    assert 'value="20:30"' in page
    assert 'value="06:15"' in page


def test_saving_twice_changes_the_one_row_and_leaves_the_address_out_of_the_journal(world: World) -> None:
    client = world.client("guardian")
    client.post(PAGE, WISHES)

    client.post(PAGE, {**WISHES, "cadence": "none", "email": ""})

    assert Preference.objects.get().cadence == "none"
    assert Account.objects.exclude(email="").count() == 0
    entries = AuditEntry.objects.filter(did__in=["notices.wishes_saved", "identity.email_set"])
    assert entries.count() == 4
    assert {entry.account_id for entry in entries} == {world.accounts["guardian"].pk}
    assert not [entry for entry in entries if "@" in entry.note]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": ""}, "Nhập địa chỉ thư, hoặc chọn"),
        ({"email": "khong-co-a-cong"}, "Địa chỉ thư có dạng"),
        ({"email": "a@b.vn\r\nBcc: c@d.vn"}, "Địa chỉ thư có dạng"),
        ({"digest_hour": "22"}, "Giờ này nằm trong giờ không gửi thư"),
        ({"quiet_from": "25:00"}, "Gõ giờ dạng 21:00"),
        ({"quiet_to": ""}, "Gõ giờ dạng 21:00"),
        ({"cadence": "hourly"}, "hourly"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_cure(world: World, wrong: dict[str, str], words: str) -> None:
    answer = world.client("commune_officer").post(PAGE, {**WISHES, **wrong})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Preference.objects.count() == 0
    assert Account.objects.exclude(email="").count() == 0


def test_somebody_with_two_roles_keeps_one_set_of_wishes(world: World) -> None:
    account = world.accounts["commune_officer"]
    assign(account, "principal", world.other_school)
    client = world.client("commune_officer")
    other = account.roles.get(role="principal")

    client.post(reverse("identity:switch_role"), {"role": str(other.pk)})
    answer = client.post(PAGE, WISHES)

    assert answer.status_code == 302
    assert Preference.objects.get().account_id == account.pk


def test_nobody_has_no_wishes(world: World) -> None:
    with pytest.raises(NotThere):
        save_wishes(Wishes(), email="a@b.example", by=NOBODY)

    assert Preference.objects.count() == 0


def test_one_reads_what_became_of_ones_own_mails_only(world: World) -> None:
    account = world.accounts["commune_officer"]
    facts: dict[str, Any] = {"path": account.path, "kind": "digest", "next_try_at": "2026-11-24T00:15:00Z"}
    Mail.objects.create(account=account, day="2026-11-24", attempts=1, reason="550 Không có hộp thư", **facts)

    own = world.client("commune_officer").get(PAGE).content.decode()
    others = world.client("principal").get(PAGE).content.decode()

    assert "Thư gộp ngày 24/11/2026" in own
    assert "550 Không có hộp thư" in own
    assert "Thư gần đây" not in others


def test_the_page_says_when_the_operator_has_not_switched_mail_on(world: World, settings: Any) -> None:
    assert "chưa bật gửi thư" in world.client("clerk").get(PAGE).content.decode()

    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.PHUONG_SITE_URL = "127.0.0.1", "a@b.example", "http://x"

    assert "chưa bật gửi thư" not in world.client("clerk").get(PAGE).content.decode()


def test_the_notices_page_leads_to_the_wishes(world: World) -> None:
    assert f'href="{PAGE}"' in world.client("guardian").get(reverse("notices:notices")).content.decode()
