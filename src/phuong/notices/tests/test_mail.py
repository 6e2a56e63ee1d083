"""Mail goes out over real SMTP: what is due, once, past refusals, outages and killed workers."""

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from tests.outside import Outside

from phuong.identity.api import Account
from phuong.identity.testing import an_account, assign
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import Actor
from phuong.notices import jobs
from phuong.notices.actions import save_wishes
from phuong.notices.jobs import IN_HAND, send_mail
from phuong.notices.models import Mail, MailState, Notice, Preference
from phuong.notices.rules import AT_ONCE, NONE, Wishes
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SITE = "https://phuong.example"
Counted = Callable[[int], Any]


class Killed(BaseException):
    """What no ``except Exception`` stops."""


@pytest.fixture
def commune(db: None) -> Organisation:
    return a_commune("11311", name="Phường Thủy Nguyên")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stand at ten in the morning of 23/11/2026; tests move on from there."""
    with time_machine.travel(at(23, 10), tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def mail_on(settings: Any, outside: Outside) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", outside.smtp_port
    settings.DEFAULT_FROM_EMAIL, settings.PHUONG_SITE_URL = "Phượng <phuong@so.example>", SITE


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def officer(commune: Organisation, number: int = 1, **wishes: Any) -> Account:
    account = an_account("commune_officer", commune, username=f"cb{number}", email=f"cb{number}@xa.example")
    if wishes:
        Preference.objects.create(account=account, path=account.path, **wishes)
    return account


def tell(
    account: Account, title: str = "Nhắc: Rà soát phòng học tạm", kind: str = "tasks.reminder", **facts: Any
) -> Notice:
    given = {"detail": "Lãnh đạo Hải nhắc, hạn 01/11/2026", "url": "/nhiem-vu/", **facts}
    return Notice.objects.create(path=account.path, account=account, kind=kind, title=title, **given)


def send() -> dict[str, Any]:
    facts = dict(send_mail(Progress()))
    return {name: value for name, value in facts.items() if value}


def test_the_digest_tells_what_is_unread_by_kind_with_links(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    account = officer(commune)
    tell(account)
    tell(account, "Báo cáo tháng đã duyệt", kind="reports.approved", url="", detail="")
    read = tell(account, "Đã đọc rồi")
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
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    for number, language in enumerate(("vi", "en")):
        tell(officer(commune, number, language=language), url="/nhiem-vu/?q=x")
        tell(Account.objects.get(username=f"cb{number}"), url="/en/nhiem-vu/")
    clock.move_to(at(24, 7))

    send()

    vietnamese, english = (outside.letters(f"cb{number}@xa.example")[0]["text"] for number in (0, 1))
    assert [f"{SITE}/nhiem-vu/?q=x" in vietnamese, "/en/" in vietnamese] == [True, False]
    assert english.count(f"{SITE}/en/nhiem-vu/") == 2
    assert f"{SITE}/en/thong-bao/cai-dat/" in english


def test_an_address_of_elsewhere_is_never_mailed(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    tell(officer(commune), url="//evil.example/x")
    clock.move_to(at(24, 7))

    send()

    (letter,) = outside.letters()
    assert "evil" not in letter["text"]


def test_a_long_digest_names_fifty_and_counts_the_rest(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    account = officer(commune)
    for number in range(53):
        tell(account, f"Việc số {number}")
    clock.move_to(at(24, 7))

    send()

    text = outside.letters()[0]["text"]
    assert text.count("- Việc số") == 50
    assert f"và 3 việc khác: {SITE}/thong-bao/" in text
    clock.move_to(at(25, 7))
    assert send() == {}


def test_urgent_things_go_at_once_but_not_at_night(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    account = officer(commune, cadence=AT_ONCE)
    tell(account, "Nhắc: <Gấp>\r\nBcc: x@y.example")
    tell(account, "Không gấp", kind="reports.approved")
    send()
    assert [letter["subject"] for letter in outside.letters()] == ["Nhắc: <Gấp> Bcc: x@y.example"]

    clock.move_to(at(23, 22))
    tell(account, "Việc lúc đêm", kind="tasks.escalated")
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
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    account = officer(commune)
    tell(account)
    clock.move_to(at(24, 7))

    send()
    send()
    tell(account, "Việc sau thư gộp")
    clock.move_to(at(24, 9))
    send()

    assert len(outside.letters()) == 1


def test_two_digests_of_a_day_are_refused_by_the_database(commune: Organisation, clock: time_machine.Traveller) -> None:
    account = officer(commune)
    facts = {"account": account, "path": account.path, "kind": "digest", "day": at(24, 7), "next_try_at": at(24, 7)}
    Mail.objects.create(**facts)

    with pytest.raises(IntegrityError, match="notices_one_digest_a_day"), transaction.atomic():
        Mail.objects.create(**facts)


def test_people_who_want_none_have_no_address_or_no_role_get_none(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    silent, nameless, gone, left = (officer(commune, number) for number in range(4))
    Preference.objects.create(account=silent, path=silent.path, cadence=NONE)
    Account.objects.filter(pk=nameless.pk).update(email="")
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    left.roles.update(during=("2025-08-01", "2026-11-01"))
    assign(left, "commune_officer", a_commune("11329", name="Phường Lê Chân"))
    for account in (silent, nameless, gone, left):
        tell(account)
    clock.move_to(at(24, 7))

    assert send() == {}
    assert outside.letters() == []
    assert Mail.objects.count() == 0


def test_what_was_read_or_unwished_before_sending_is_not_sent(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    accounts = [officer(commune, number) for number in (1, 2)]
    outside.fail(greylist="*")
    for account in accounts:
        tell(account)
    clock.move_to(at(24, 7))
    send()
    Notice.objects.filter(account=accounts[0]).update(read_at=at(24, 7, 5))
    Preference.objects.create(account=accounts[1], path=commune.path, cadence=NONE)

    clock.move_to(at(24, 8))

    assert send() == {"needless": 2}
    assert outside.letters() == []


def test_one_refused_address_does_not_stop_the_others(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    for number in range(4):
        tell(officer(commune, number))
    outside.fail(refuse="cb1@xa.example")
    clock.move_to(at(24, 7))

    facts = send()

    assert facts == {"made": 4, "sent": 3, "waiting": 1}
    assert {letter["to"][0] for letter in outside.letters()} == {f"cb{number}@xa.example" for number in (0, 2, 3)}
    refused = Mail.objects.get(state=MailState.WAITING)
    assert (refused.attempts, refused.reason) == (1, "550 5.1.1 No such mailbox")
    assert refused.next_try_at == at(24, 7, 15)


def test_an_address_that_stays_refused_is_given_up_and_a_new_one_gets_it(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    account = officer(commune)
    tell(account)
    outside.fail(refuse="cb1@xa.example")
    for moment in (at(24, 7), at(24, 7, 15), at(24, 8, 20), at(24, 12, 30), at(25, 6)):
        clock.move_to(moment)
        facts = send()

    assert facts == {"failed": 1}
    assert (Mail.objects.get().state, Mail.objects.get().attempts) == (MailState.FAILED, 5)
    clock.move_to(at(25, 10))
    by = Actor(scope=commune.path, account_id=account.pk, name="x")
    save_wishes(Wishes(), email=" Moi@xa.example ", by=by)
    clock.move_to(at(26, 7))
    assert send() == {"made": 1, "sent": 1}
    assert outside.letters()[0]["to"] == ["moi@xa.example"]


def test_a_greylisted_mail_goes_the_second_time_with_the_same_key(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside
) -> None:
    tell(officer(commune))
    outside.fail(greylist="*")
    clock.move_to(at(24, 7))
    send()
    clock.move_to(at(24, 7, 20))

    send()

    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (MailState.SENT, 2)
    assert [letter["message_id"] for letter in outside.letters()] == [f"<{mail.pk}@so.example>"]


def test_in_an_outage_mails_wait_and_go_once_it_is_over(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, settings: Any
) -> None:
    for number in (1, 2):
        tell(officer(commune, number))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
        clock.move_to(at(24, 7))
        facts = send()
    assert facts["made"] == 2
    assert "refused" in facts["problem"].lower()
    assert list(Mail.objects.values_list("state", "attempts")) == [("waiting", 0)] * 2

    settings.EMAIL_PORT = outside.smtp_port
    clock.move_to(at(24, 15))

    assert send() == {"sent": 2}
    assert len(outside.letters()) == 2


def test_a_server_that_breaks_off_loses_nothing_and_one_mail_cannot_block_the_rest(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        tell(officer(commune, number))
    deliver = jobs._deliver

    def break_off(server: Any, letter: Any) -> str:
        if letter.to == ["cb0@xa.example"]:
            raise ConnectionResetError("gone")
        return deliver(server, letter)

    monkeypatch.setattr(jobs, "_deliver", break_off)
    clock.move_to(at(24, 7))
    first = send()
    clock.move_to(at(24, 7, 10))
    second = send()

    assert first["problem"] == "gone"
    assert first.get("sent", 0) + second["sent"] == 2
    assert len(outside.letters()) == 2
    assert Mail.objects.get(state=MailState.WAITING).attempts == 1


def test_a_worker_killed_between_sending_and_marking_sends_nothing_twice(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(officer(commune))
    clock.move_to(at(24, 7))

    def kill(_mails: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "note_outcomes", kill)
        with pytest.raises(Killed):
            send_mail(Progress())
    again = send()
    clock.move_to(at(24, 9))
    later = send()

    assert (again, later) == ({}, {"unsure": 1})
    assert len(outside.letters()) == 1
    assert Mail.objects.get().state == MailState.UNSURE
    assert Notice.objects.filter(read_at__isnull=True).count() == 1


@pytest.mark.parametrize("missing", ["EMAIL_HOST", "DEFAULT_FROM_EMAIL", "PHUONG_SITE_URL"])
def test_without_its_settings_mail_is_off_and_says_so(
    commune: Organisation, clock: time_machine.Traveller, settings: Any, missing: str
) -> None:
    tell(officer(commune))
    setattr(settings, missing, "")
    clock.move_to(at(24, 7))

    facts = send()

    assert list(facts) == ["off"]
    assert facts["off"].startswith("PHUONG_")
    assert Mail.objects.count() == 0


@pytest.mark.slow
def test_as_many_statements_for_two_hundred_as_for_two(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, django_assert_num_queries: Counted
) -> None:
    """Making takes the same; sending the same for each handful of mails."""
    accounts = [officer(commune, number, cadence=AT_ONCE) for number in range(200)]
    sent = []
    for count in (2, 200):
        for account in accounts[:count]:
            tell(account)
            tell(account)
        hands = -(-count // IN_HAND)
        with django_assert_num_queries(12 + 16 * hands):
            facts = send()
        sent.append(facts)

    assert sent == [{"made": 2, "sent": 2}, {"made": 200, "sent": 200}]
    assert len(outside.letters()) == 202


def test_the_command_sends_now_and_tells_what_came_of_it(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(officer(commune))
    clock.move_to(at(24, 7))

    call_command("mail")

    assert '"sent": 1' in capsys.readouterr().out
    assert len(outside.letters()) == 1
