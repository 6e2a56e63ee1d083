"""Mail past refusals, outages and killed workers: nothing is lost and nothing goes twice."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from tests.outside import Outside

from phuong.kernel.jobs import Progress
from phuong.kernel.scope import Actor
from phuong.notices import jobs
from phuong.notices.actions import save_wishes
from phuong.notices.jobs import send_mail
from phuong.notices.models import Mail, MailState, Notice
from phuong.notices.rules import Wishes
from phuong.notices.testing import a_notice, a_reader
from phuong.notices.tests.conftest import at
from phuong.registry.api import Organisation

Send = Callable[[], dict[str, Any]]


class Killed(BaseException):
    """What no ``except Exception`` stops."""


def test_one_refused_address_does_not_stop_the_others(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    for number in range(4):
        a_notice(a_reader(commune, number))
    outside.fail(refuse="cb1@xa.example")
    clock.move_to(at(24, 7))

    facts = send()

    assert facts == {"made": 4, "sent": 3, "waiting": 1}
    assert {letter["to"][0] for letter in outside.letters()} == {f"cb{number}@xa.example" for number in (0, 2, 3)}
    refused = Mail.objects.get(state=MailState.WAITING)
    assert (refused.attempts, refused.reason) == (1, "550 5.1.1 No such mailbox")
    assert refused.next_try_at == at(24, 7, 15)


def test_an_address_that_stays_refused_is_given_up_and_a_new_one_gets_it(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    account = a_reader(commune)
    a_notice(account)
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
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, send: Send
) -> None:
    a_notice(a_reader(commune))
    outside.fail(greylist="*")
    clock.move_to(at(24, 7))
    send()
    clock.move_to(at(24, 7, 20))

    send()

    mail = Mail.objects.get()
    assert (mail.state, mail.attempts) == (MailState.SENT, 2)
    assert [letter["message_id"] for letter in outside.letters()] == [f"<{mail.pk}@so.example>"]


def test_in_an_outage_mails_wait_and_go_once_it_is_over(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, settings: Any, send: Send
) -> None:
    for number in (1, 2):
        a_notice(a_reader(commune, number))
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
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, monkeypatch: pytest.MonkeyPatch, send: Send
) -> None:
    for number in range(3):
        a_notice(a_reader(commune, number))
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
    assert first.get("sent", 0) + second.get("sent", 0) == 2
    assert len(outside.letters()) == 2
    assert Mail.objects.get(state=MailState.WAITING).attempts == 1


def test_a_worker_killed_between_sending_and_marking_sends_nothing_twice(
    commune: Organisation, clock: time_machine.Traveller, outside: Outside, monkeypatch: pytest.MonkeyPatch, send: Send
) -> None:
    a_notice(a_reader(commune))
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
