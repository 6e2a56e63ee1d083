"""Runs against the gateway of the sandbox: what is sent, what is answered, and what goes wrong on the way."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from tests.outside import Outside
from tests.verifying import gateway_settings, load, received

from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM
from phuong.kernel.vault import fingerprint, seal
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_commune, a_school, a_teacher
from phuong.verification.actions.answering import let_go, take_due
from phuong.verification.actions.claiming import ask_about, make_dispatch
from phuong.verification.errors import AskedAlready, NotAskable, NotConnected, QuotaUsedUp
from phuong.verification.jobs import collect, run_checks
from phuong.verification.models import Check, Dispatch
from phuong.verification.queries import theirs_of, totals
from phuong.verification.testing import give_number, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> Organisation:
    return a_school(a_commune("11311"))


@pytest.fixture
def gateway(outside: Outside, settings: Any) -> Outside:
    settings.PHUONG_LGSP = gateway_settings(outside, batch=3)
    return outside


def run(patience: float = 1.0, **options: Any) -> dict[str, Any]:
    return dict(run_checks(Progress(), patience=patience, **options))


def state_of(person: Person) -> str:
    return str(Person.objects.get(pk=person.pk).identity_state)


def wait_no_more() -> None:
    Dispatch.objects.filter(next_at__isnull=False).update(next_at=timezone.now())


def test_everybody_is_asked_about_once_and_the_records_say_what_came(school: Organisation, gateway: Outside) -> None:
    people = [somebody(school, number=f"03121200000{digit}") for digit in range(7)]
    lan = give_number(a_teacher(school), "031190000008")
    gateway.fail("lgsp", full_name="*1", not_found="*2", duplicate="*3", birth_date="*4")

    told = run()

    assert [state_of(each) for each in people] == [
        "matched",
        "mismatched",
        "not_found",
        "duplicate",
        "mismatched",
        "matched",
        "matched",
    ]
    assert state_of(lan) == "matched"
    assert {name: told[name] for name in ("matched", "mismatched", "not_found", "duplicate")} == {
        "matched": 4,
        "mismatched": 2,
        "not_found": 1,
        "duplicate": 1,
    }
    assert (told["asked"], told["left"], told["waiting"], told["because"]) == (8, 0, 0, "")
    assert received(gateway) == {"requests": 3, "persons": 8, "distinct": 8, "twice": 0, "again": 0}
    check = Check.objects.get(person=people[1])
    assert (check.fields, theirs_of(check)) == (["full_name"], {"full_name": "Đỗ Văn Khác"})
    row = Person.objects.get(pk=people[0].pk)
    assert (row.identity_source, row.identity_checked_on) == ("population", timezone.localdate())
    assert not Dispatch.objects.exclude(state="answered").exists()
    assert not Dispatch.objects.exclude(body=None).exists()


def test_a_second_run_sends_nothing(school: Organisation, gateway: Outside) -> None:
    somebody(school)
    run()

    told = run()

    assert told["asked"] == 0
    assert received(gateway)["persons"] == 1


def test_only_the_place_and_the_number_of_people_asked_for_are_sent(school: Organisation, gateway: Outside) -> None:
    other = a_school(a_commune("11314"))
    for place in (school, school, school, school, other):
        somebody(place)

    first, rest = run(under=school.path, most=1), run(under=school.path)

    assert (first["asked"], first["left"], rest["asked"], rest["left"]) == (1, 3, 3, 0)
    assert Person.objects.filter(identity_state="unverified").count() == 1


def test_nothing_is_sent_without_a_gateway(school: Organisation, settings: Any) -> None:
    person = somebody(school)

    assert run_checks(Progress()) == {"off": "PHUONG_LGSP_URL"}
    assert collect(Progress()) == {"off": "PHUONG_LGSP_URL"}
    settings.PHUONG_LGSP = {**settings.PHUONG_LGSP, "url": "https://127.0.0.1:1"}
    assert run_checks(Progress()) == {"off": "PHUONG_LGSP_CERT"}
    with pytest.raises(NotConnected):
        ask_about(person.pk, by=SYSTEM)
    assert state_of(person) == "unverified"


def test_a_name_in_another_style_matches(school: Organisation, gateway: Outside) -> None:
    person = somebody(school, "Nguyễn Thị Hoà", number="031212000001")
    facts = {"number": "031212000001", "birth_date": "2012-05-31", "sex": "male"}
    load(gateway, {**facts, "full_name": "NGUYỄN THỊ HÒA"})

    run()

    assert state_of(person) == "matched"


def test_two_records_of_the_same_facts_are_sent_once_and_both_get_the_answer(
    school: Organisation, gateway: Outside
) -> None:
    other = a_school(a_commune("11314"))
    twins = [somebody(place, number="031212000001") for place in (school, other)]
    gateway.fail("lgsp", sex="*1")

    run()
    late = somebody(other, number="031212000001")
    again = run()

    assert [state_of(each) for each in (*twins, late)] == ["mismatched"] * 3
    assert (again["asked"], again["waiting"], again["because"]) == (1, 0, "")
    assert received(gateway) == {"requests": 1, "persons": 1, "distinct": 1, "twice": 0, "again": 0}
    checks = Check.objects.order_by("id")
    assert [check.dispatch_id is None for check in checks] == [False, True, True]
    assert {tuple(check.fields) for check in checks} == {("sex",)}


def test_facts_that_changed_on_the_way_are_asked_anew_and_old_ones_need_not_be(
    school: Organisation, gateway: Outside
) -> None:
    person = somebody(school, number="031212000001")
    make_dispatch("vn", most=10)
    Person.objects.filter(pk=person.pk).update(full_name="Đỗ Khánh Anh", identity_state="unverified")
    gateway.fail("lgsp", full_name="*1")

    run()
    changed = state_of(person)
    Person.objects.filter(pk=person.pk).update(full_name="Đỗ Khánh An", identity_state="unverified")
    gateway.fail("lgsp", full_name="")
    told = run()

    assert changed == "mismatched"
    assert received(gateway) == {"requests": 2, "persons": 2, "distinct": 2, "twice": 0, "again": 0}
    assert (told["asked"], state_of(person)) == (1, "mismatched")
    current = Check.objects.get(person=person, is_current=True)
    assert current == Check.objects.order_by("id").first()


def test_a_slow_gateway_is_asked_again_later(school: Organisation, gateway: Outside) -> None:
    person = somebody(school)
    gateway.fail("lgsp", delay=2)

    early, late = run(patience=0.3), run(patience=8)

    assert (early["because"], early["waiting"], late["because"], late["waiting"]) == ("waiting", 1, "", 0)
    assert state_of(person) == "matched"
    assert received(gateway)["requests"] == 1


def test_people_without_an_answer_yet_are_asked_for_later(school: Organisation, gateway: Outside) -> None:
    first, second = somebody(school, number="031212000001"), somebody(school, number="031212000002")
    gateway.fail("lgsp", pending="*2")

    partly = run()
    states = state_of(first), state_of(second)
    gateway.fail("lgsp", pending="")
    wait_no_more()
    whole = run()

    assert (partly["waiting"], states) == (1, ("matched", "sending"))
    assert (whole["waiting"], state_of(second)) == (0, "matched")
    assert totals() == {"people": 2, "waiting": 0, "matched": 2, "mismatched": 0, "not_found": 0, "duplicate": 0}
    assert received(gateway) == {"requests": 1, "persons": 2, "distinct": 2, "twice": 0, "again": 0}


@pytest.mark.parametrize("failure", [{"down": "send"}, {"lost": "send"}, {"bad_signature": "send"}])
def test_what_may_not_have_arrived_is_sent_again_under_the_same_id(
    school: Organisation, gateway: Outside, failure: dict[str, str]
) -> None:
    people = [somebody(school) for _ in range(5)]
    gateway.fail("lgsp", **failure)

    told = run()
    dispatch = Dispatch.objects.get()
    gateway.fail("lgsp", **dict.fromkeys(failure, ""))
    wait_no_more()
    after = run()

    assert (told["because"], dispatch.state, bool(dispatch.problem)) == ("outage", "made", True)
    assert (after["because"], after["problem"]) == ("", "")
    assert {state_of(each) for each in people} == {"matched"}
    got = received(gateway)
    assert (got["persons"], got["distinct"], got["twice"]) == (5, 5, 0)
    assert got["again"] == (0 if "down" in failure else 1)


@pytest.mark.parametrize("failure", [{"down": "ask"}, {"lost": "ask"}, {"bad_signature": "ask"}])
def test_an_answer_that_does_not_come_or_cannot_be_trusted_is_asked_for_again(
    school: Organisation, gateway: Outside, failure: dict[str, str]
) -> None:
    person = somebody(school)
    gateway.fail("lgsp", **failure)

    told = run()
    state = state_of(person)
    gateway.fail("lgsp", **dict.fromkeys(failure, ""))
    wait_no_more()
    run()

    assert (told["because"], state, state_of(person)) == ("outage", "sending", "matched")
    assert received(gateway)["persons"] == 1


def test_a_gateway_that_is_too_slow_is_not_taken_for_one_that_refused(
    school: Organisation, gateway: Outside, settings: Any
) -> None:
    person = somebody(school)
    settings.PHUONG_LGSP = {**settings.PHUONG_LGSP, "timeout": 0.3}
    gateway.fail("lgsp", slow=1)

    told = run()
    gateway.fail("lgsp", slow="")
    wait_no_more()
    run()

    assert "Timeout" in told["problem"]
    assert state_of(person) == "matched"
    assert received(gateway)["distinct"] == 1


def test_a_ticket_the_gateway_forgot_is_sent_again(school: Organisation, gateway: Outside) -> None:
    person = somebody(school)
    gateway.fail("lgsp", delay=300)
    run(patience=0.2)

    gateway.ask("POST", "lgsp/lose.json")
    gateway.fail("lgsp", delay="")
    wait_no_more()
    run(patience=8)

    assert state_of(person) == "matched"
    assert Dispatch.objects.get().state == "answered"


def test_a_quota_of_the_gateway_is_kept_to(school: Organisation, gateway: Outside) -> None:
    for _ in range(5):
        somebody(school)
    gateway.fail("lgsp", per_day=3)

    told = run()
    held = Dispatch.objects.get(state="made")
    gateway.fail("lgsp", per_day="")
    wait_no_more()
    run()

    assert (told["because"], told["matched"], told["left"]) == ("outage", 3, 0)
    assert "429" in held.problem
    assert held.next_at is not None
    assert held.next_at - timezone.now() > dt.timedelta(minutes=1) or timezone.now().hour == 23
    assert Person.objects.filter(identity_state="matched").count() == 5
    assert received(gateway)["twice"] == 0


def test_our_own_quota_stops_before_the_gateway_has_to(school: Organisation, gateway: Outside, settings: Any) -> None:
    people = [somebody(school) for _ in range(5)]
    settings.PHUONG_LGSP = {**settings.PHUONG_LGSP, "per_day": 4}

    told = run()

    assert (told["because"], told["asked"], told["left"], told["problem"]) == ("quota", 4, 1, "")
    assert received(gateway) == {"requests": 2, "persons": 4, "distinct": 4, "twice": 0, "again": 0}
    with pytest.raises(QuotaUsedUp):
        ask_about(people[4].pk, by=SYSTEM)


def test_requests_of_a_minute_are_counted(school: Organisation, gateway: Outside, settings: Any) -> None:
    for _ in range(5):
        somebody(school)
    settings.PHUONG_LGSP = {**settings.PHUONG_LGSP, "per_minute": 1}

    told = run()
    Dispatch.objects.update(made_at=timezone.now() - dt.timedelta(seconds=61))
    again = run()

    assert (told["because"], told["asked"], again["asked"], again["left"]) == ("quota", 3, 2, 0)


@pytest.mark.parametrize(("pair", "because"), [("stranger", "outage"), ("unknown", "refused")])
def test_a_certificate_that_opens_nothing_stops_the_run_and_nothing_is_lost(
    school: Organisation, gateway: Outside, settings: Any, pair: str, because: str
) -> None:
    people = [somebody(school) for _ in range(7)]
    good = settings.PHUONG_LGSP
    settings.PHUONG_LGSP = {**good, "cert": f"{gateway.papers}/{pair}.pem", "key": f"{gateway.papers}/{pair}.key"}

    told = run()
    settings.PHUONG_LGSP = good
    wait_no_more()
    run()

    assert (told["because"], bool(told["problem"])) == (because, True)
    assert {state_of(each) for each in people} == {"matched"}
    assert received(gateway) == {"requests": 3, "persons": 7, "distinct": 7, "twice": 0, "again": 0}


def test_a_request_that_is_refused_for_good_waits_for_somebody(school: Organisation, gateway: Outside) -> None:
    bad = somebody(school)
    Person.objects.filter(pk=bad.pk).update(number_cipher=seal("x1"), number_hash=fingerprint("x1"))

    told = run()
    stuck = Dispatch.objects.get()
    let_go(stuck.pk, by=SYSTEM)
    again = run()

    assert (told["waiting"], stuck.state, stuck.problem) == (0, "stuck", "422 bad number")
    assert again["problem"] == "422 bad number"
    assert state_of(bad) == "sending"
    assert Dispatch.objects.get().state == "stuck"


def test_a_request_in_hand_comes_up_again_only_after_its_time(
    school: Organisation, gateway: Outside, settings: Any
) -> None:
    somebody(school)
    settings.PHUONG_LGSP = {**settings.PHUONG_LGSP, "timeout": 0}
    make_dispatch("vn", most=10)

    first, second = take_due(), take_due()
    Dispatch.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))
    third = take_due()

    assert first is not None
    assert second is None
    assert third is not None
    assert (third.id, third.body, third.tries) == (first.id, first.body, 2)


def test_one_person_is_asked_about_at_once(school: Organisation, gateway: Outside) -> None:
    person, other = somebody(school, number="031212000001"), somebody(school)
    Person.objects.filter(pk=person.pk).update(identity_state="matched")
    gateway.fail("lgsp", full_name="*1")

    assert ask_about(person.pk, by=SYSTEM) is not None
    with pytest.raises(AskedAlready):
        ask_about(person.pk, by=SYSTEM)
    collect(Progress())
    with pytest.raises(AskedAlready):
        ask_about(person.pk, by=SYSTEM)

    assert (state_of(person), state_of(other)) == ("mismatched", "unverified")
    gateway.fail("lgsp", full_name="")
    ask_about(person.pk, by=SYSTEM, again=True)
    collect(Progress())
    assert state_of(person) == "matched"
    assert [check.round for check in Check.objects.order_by("id")] == [1, 2]
    assert received(gateway) == {"requests": 2, "persons": 2, "distinct": 1, "twice": 1, "again": 0}


def test_nobody_without_facts_can_be_asked_about(school: Organisation, gateway: Outside) -> None:
    person = somebody(school)
    Person.objects.filter(pk=person.pk).update(birth_date=None)

    with pytest.raises(NotAskable):
        ask_about(person.pk, by=SYSTEM)

    assert not Dispatch.objects.exists()
