"""Mail goes out over real SMTP: what is due, in whose words, once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from tests.outside import Outside

from phuong.identity.api import Account
from phuong.identity.testing import assign
from phuong.notices.jobs import IN_HAND
from phuong.notices.models import Mail, MailState, Notice, Preference
from phuong.notices.rules import AT_ONCE, NONE
from phuong.notices.testing import a_notice, a_reader
from phuong.notices.tests.conftest import SITE, at
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune

Counted = Callable[[int], Any]
Send = Callable[[], dict[str, Any]]


def test_the_digest_tells_what_is_unread_by_kind_with_links(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    account = a_reader(commune)
    a_notice(account)
    a_notice(account, "Báo cáo tháng đã duyệt", kind="reports.approved", url="", detail="")
    read = a_notice(account, "Đã đọc rồi")
    Notice.objects.filter(pk=read.pk).update(read_at=at(23, 11))

    too_early = send()
    clock.move_to(at(24, 7))
    facts = send()

    (letter,) = outside.letters()
    assert (too_early, facts) == ({}, {"made": 1, "sent": 1})
    assert (letter["to"], letter["subject"]) == (["cb1@xa.example"], "Phượng: 2 thông báo chưa đọc")
    assert letter["text"].splitlines() == [
        "VIỆC ĐƯỢC NHẮC",
        "- Nhắc: Rà soát phòng học tạm",
        "  Lãnh đạo Hải nhắc, hạn 01/11/2026",
        f"  {SITE}/nhiem-vu/",
        "",
        "THÔNG BÁO KHÁC",
        "- Báo cáo tháng đã duyệt",
        f"  {SITE}/thong-bao/",
        "",
        f"Đổi giờ nhận thư hoặc thôi nhận: {SITE}/thong-bao/cai-dat/",
    ]
    mail = Mail.objects.get()
    assert (mail.state, mail.day, mail.attempts) == (MailState.SENT, dt.date(2026, 11, 24), 1)
    assert letter["message_id"] == f"<{mail.pk}@so.example>"


def test_each_reader_gets_pages_in_the_own_language_whatever_the_writer_used(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    for number, language in enumerate(("vi", "en")):
        a_notice(a_reader(commune, number, language=language), url="/nhiem-vu/?q=x")
        a_notice(Account.objects.get(username=f"cb{number}"), url="/en/nhiem-vu/")
    clock.move_to(at(24, 7))

    send()

    vietnamese, english = (outside.letters(f"cb{number}@xa.example")[0]["text"] for number in (0, 1))
    assert [f"{SITE}/nhiem-vu/?q=x" in vietnamese, "/en/" in vietnamese] == [True, False]
    assert english.count(f"{SITE}/en/nhiem-vu/") == 2
    assert f"{SITE}/en/thong-bao/cai-dat/" in english


def test_an_address_of_elsewhere_is_never_mailed(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    a_notice(a_reader(commune), url="//evil.example/x")
    clock.move_to(at(24, 7))

    send()

    (letter,) = outside.letters()
    assert "evil" not in letter["text"]


def test_a_long_digest_names_fifty_and_counts_the_rest(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    account = a_reader(commune)
    for number in range(53):
        a_notice(account, f"Việc số {number}")
    clock.move_to(at(24, 7))

    send()

    text = outside.letters()[0]["text"]
    assert text.count("- Việc số") == 50
    assert f"và 3 việc khác: {SITE}/thong-bao/" in text
    clock.move_to(at(25, 7))
    assert send() == {}


def test_urgent_things_go_at_once_but_not_at_night(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    account = a_reader(commune, cadence=AT_ONCE)
    a_notice(account, "Nhắc: <Gấp>\r\nBcc: x@y.example")
    a_notice(account, "Không gấp", kind="reports.approved")
    send()
    assert [letter["subject"] for letter in outside.letters()] == ["Nhắc: <Gấp> Bcc: x@y.example"]

    clock.move_to(at(23, 22))
    a_notice(account, "Việc lúc đêm", kind="tasks.escalated")
    assert send() == {}
    clock.move_to(at(24, 6))
    send()
    clock.move_to(at(24, 7))
    send()

    assert [letter["subject"] for letter in outside.letters()] == [
        "Phượng: 1 thông báo chưa đọc",
        "Việc lúc đêm",
        "Nhắc: <Gấp> Bcc: x@y.example",
    ]
    assert "Không gấp" in outside.letters()[0]["text"]


def test_a_job_run_twice_mails_nothing_twice(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    account = a_reader(commune)
    a_notice(account)
    clock.move_to(at(24, 7))

    send()
    send()
    a_notice(account, "Việc sau thư gộp")
    clock.move_to(at(24, 9))
    send()

    assert len(outside.letters()) == 1


def test_two_digests_of_a_day_are_refused_by_the_database(
    commune: Organisation, clock: time_machine.Traveller, send: Send
) -> None:
    account = a_reader(commune)
    facts = {"account": account, "path": account.path, "kind": "digest", "day": at(24, 7), "next_try_at": at(24, 7)}
    Mail.objects.create(**facts)

    with pytest.raises(IntegrityError, match="notices_one_digest_a_day"), transaction.atomic():
        Mail.objects.create(**facts)


def test_people_who_want_none_have_no_address_or_no_role_get_none(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    silent, nameless, gone, left = (a_reader(commune, number) for number in range(4))
    Preference.objects.create(account=silent, path=silent.path, cadence=NONE)
    Account.objects.filter(pk=nameless.pk).update(email="")
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    left.roles.update(during=("2025-08-01", "2026-11-01"))
    assign(left, "commune_officer", a_commune("11329", name="Phường Lê Chân"))
    for account in (silent, nameless, gone, left):
        a_notice(account)
    clock.move_to(at(24, 7))

    assert send() == {}
    assert outside.letters() == []
    assert Mail.objects.count() == 0


def test_what_was_read_or_unwished_before_sending_is_not_sent(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    accounts = [a_reader(commune, number) for number in (1, 2)]
    outside.fail(greylist="*")
    for account in accounts:
        a_notice(account)
    clock.move_to(at(24, 7))
    send()
    Notice.objects.filter(account=accounts[0]).update(read_at=at(24, 7, 5))
    Preference.objects.create(account=accounts[1], path=commune.path, cadence=NONE)

    clock.move_to(at(24, 8))

    assert send() == {"needless": 2}
    assert outside.letters() == []


@pytest.mark.parametrize("missing", ["EMAIL_HOST", "DEFAULT_FROM_EMAIL", "PHUONG_SITE_URL"])
def test_without_its_settings_mail_is_off_and_says_so(
    commune: Organisation, clock: time_machine.Traveller, settings: Any, missing: str, send: Send
) -> None:
    a_notice(a_reader(commune))
    setattr(settings, missing, "")
    clock.move_to(at(24, 7))

    facts = send()

    assert list(facts) == ["off"]
    assert facts["off"].startswith("PHUONG_")
    assert Mail.objects.count() == 0


@pytest.mark.slow
def test_as_many_statements_for_two_hundred_as_for_two(
    commune: Organisation,
    clock: time_machine.Traveller,
    outside: Outside,
    django_assert_num_queries: Counted,
    send: Send,
) -> None:
    """Making takes the same; sending the same for each handful of mails."""
    accounts = [a_reader(commune, number, cadence=AT_ONCE) for number in range(200)]
    sent = []
    for count in (2, 200):
        for account in accounts[:count]:
            a_notice(account)
            a_notice(account)
        hands = -(-count // IN_HAND)
        with django_assert_num_queries(12 + 16 * hands):
            facts = send()
        sent.append(facts)

    assert sent == [{"made": 2, "sent": 2}, {"made": 200, "sent": 200}]
    assert len(outside.letters()) == 202


def test_the_command_sends_now_and_tells_what_came_of_it(
    commune: Organisation,
    clock: time_machine.Traveller,
    outside: Outside,
    capsys: pytest.CaptureFixture[str],
    send: Send,
) -> None:
    a_notice(a_reader(commune))
    clock.move_to(at(24, 7))

    call_command("mail")

    assert '"sent": 1' in capsys.readouterr().out
    assert len(outside.letters()) == 1
