"""Deliveries to the offices of the sandbox: what arrives, and outages on the way."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from tests.outside import Outside
from tests.sharing import held, rows_of

from phuong.kernel.jobs import Progress
from phuong.registry.api import Organisation, Person
from phuong.sharing.actions.delivering import Lost, Reason, plan_delivery, take_in_hand
from phuong.sharing.declarations import data_services
from phuong.sharing.jobs import go_on, nightly
from phuong.sharing.models import Batch, Delivery, Service
from phuong.sharing.rules import Standing, Why
from phuong.sharing.testing import a_service
from phuong.sharing.tests.sending import CITY, Stops, kept, learners, run, standing, wait_no_more

pytestmark = pytest.mark.django_db


def test_everything_arrives_once_and_both_sides_hold_the_same(school: Organisation, offices: Outside) -> None:
    people = learners(school, 5)
    service = a_service()

    told = run(service)

    assert (told["rows"], told["batches"], told["because"], told["differing"]) == (5, 3, "", 0)
    assert rows_of(offices, CITY)[str(people[0].pk)] == {
        "id": str(people[0].pk),
        "commune_code": "11311",
        "unit_code": school.code,
        "school_year": 2026,
        "level": "lower_secondary",
        "grade": 8,
        "birth_year": 2013,
        "sex": "male",
        "status": "studying",
        "is_identified": False,
    }
    assert (standing(service), kept(service).ours, kept(service).theirs) == (Standing.GOOD, 5, 5)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.kind, delivery.why, delivery.batches_sent) == ("sent", "full", "asked", 3)
    assert not Batch.objects.exclude(body=None).exists()
    there = held(offices, CITY)
    assert (there["again"], there["twice"]) == (0, 0)
    assert "Nghị định 165/2025/NĐ-CP" in there["deliveries"][0]["basis"]


@pytest.mark.parametrize("code", ["city.schools", "city.classes", "city.facilities", "ministry.learners"])
def test_each_service_sends_rows_as_its_contract_says(school: Organisation, offices: Outside, code: str) -> None:
    learners(school, 3)
    school.rooms.create(name="101", kind="classroom", construction="solid", area_m2=50)  # type: ignore[attr-defined]

    told = run(a_service(code))

    assert (told["because"], told["problem"], told["differing"]) == ("", "", 0)
    assert told["rows"] == {"ministry.learners": 3}.get(code, 1)


def test_without_an_agreement_nothing_goes_out(school: Organisation, offices: Outside, settings: Any) -> None:
    learners(school, 1)
    service = a_service(is_on=False)
    over = a_service("city.schools", valid_until=dt.date(2026, 1, 1))

    assert run(service) == {"off": "sharing.not_agreed"}
    assert run(over) == {"off": "sharing.not_agreed"}
    settings.PHUONG_SHARING["offices"]["city"]["url"] = ""
    assert run(service) == {"off": "sharing.not_connected", "lacks": "PHUONG_SHARING_CITY_URL"}
    assert run(a_service("population.people")) == {"off": "sharing.carried_elsewhere"}
    assert held(offices, CITY) == {}


def test_a_second_run_sends_nothing_anew(school: Organisation, offices: Outside) -> None:
    learners(school, 3)
    service = a_service()
    run(service)

    told = run(service)

    assert (told["rows"], told["batches"], told["differing"]) == (0, 0, 0)
    assert [each["kind"] for each in held(offices, CITY)["deliveries"]] == ["changes", "full"]


@pytest.mark.parametrize("fault", ["down", "lost", "bad_signature"])
@pytest.mark.parametrize("act", ["open", "batch", "close"])
def test_after_an_outage_exactly_what_lacks_is_brought(
    school: Organisation, offices: Outside, fault: str, act: str
) -> None:
    learners(school, 5)
    service = a_service()
    offices.fail("warehouse", **{fault: act})

    told = run(service)
    delivery = Delivery.objects.get()
    offices.fail("warehouse", **{fault: ""})
    wait_no_more()
    go_on(Progress())

    assert (told["because"], delivery.state, bool(delivery.problem)) == ("outage", "open", True)
    assert (standing(service), kept(service).theirs) == (Standing.GOOD, 5)
    there = held(offices, CITY)
    assert there["twice"] == 0
    assert there["again"] == (0 if fault == "down" or act == "close" else 1)
    assert [(each["batches"], each["rows"]) for each in there["deliveries"]] == [(3, 5)]
    assert Delivery.objects.get().pk == delivery.pk


def test_a_killed_worker_leaves_a_delivery_that_the_next_one_ends(school: Organisation, offices: Outside) -> None:
    learners(school, 7)
    service = a_service()

    with pytest.raises(KeyboardInterrupt):
        run(service, progress=Stops(3, KeyboardInterrupt))
    left = Batch.objects.exclude(body=None).count()
    wait_no_more()
    told = run(service)

    assert left == 1
    assert (told["batches"], told["because"], told["differing"]) == (2, "", 0)
    there = held(offices, CITY)
    assert (there["again"], there["twice"], there["rows"], len(there["deliveries"])) == (0, 0, 7, 1)


def test_what_was_cut_is_brought_as_it_was_and_later_changes_come_later(school: Organisation, offices: Outside) -> None:
    people = learners(school, 3)
    service = a_service()
    offices.fail("warehouse", lost="batch")
    run(service)

    Person.objects.filter(pk__in=[each.pk for each in people]).update(sex="female")
    offices.fail("warehouse", lost="")
    wait_no_more()
    told = run(service)

    assert told["because"] == ""
    assert (held(offices, CITY)["twice"], held(offices, CITY)["again"]) == (0, 1)
    assert told["differing"] == 1  # the first batch says what was true when it was cut
    told = run(service)
    assert (told["differing"], {row["sex"] for row in rows_of(offices, CITY).values()}) == (0, {"female"})


def test_an_office_that_is_too_slow_is_not_taken_for_one_that_refused(
    school: Organisation, offices: Outside, settings: Any
) -> None:
    learners(school, 1)
    service = a_service()
    settings.PHUONG_SHARING = {**settings.PHUONG_SHARING, "timeout": 0.3}
    offices.fail("warehouse", slow=1)

    told = run(service)
    offices.fail("warehouse", slow="")
    wait_no_more()
    again = run(service)

    assert (told["because"], "Timeout" in told["problem"], again["because"]) == ("outage", True, "")
    assert held(offices, CITY)["twice"] == 0


def test_a_pause_stops_what_is_under_way_and_it_goes_on_afterwards(school: Organisation, offices: Outside) -> None:
    learners(school, 5)
    service = a_service()

    class Pauses(Progress):
        def step(self, done: int, total: int, message: str = "") -> None:
            Service.objects.update(is_paused=True)

    told = run(service, progress=Pauses())
    Service.objects.update(is_paused=False)
    wait_no_more()
    go_on(Progress())

    assert told["because"] == "paused"
    assert (held(offices, CITY)["rows"], len(held(offices, CITY)["deliveries"])) == (5, 1)


def test_a_delivery_is_in_one_hand_at_a_time(school: Organisation, offices: Outside) -> None:
    learners(school, 1)
    service = a_service()
    delivery = plan_delivery(service, Reason(Why.ASKED))

    take_in_hand(delivery.pk)

    with pytest.raises(Lost):
        take_in_hand(delivery.pk)
    assert run(service)["because"] == "busy"
    Delivery.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1))
    assert run(service)["because"] == ""


@pytest.mark.parametrize(("pair", "because"), [("stranger", "outage"), ("unknown", "refused")])
def test_a_certificate_that_opens_nothing_stops_the_run(
    school: Organisation, offices: Outside, settings: Any, pair: str, because: str
) -> None:
    learners(school, 1)
    service = a_service()
    papers = {"cert": f"{offices.intake_papers}/{pair}.pem", "key": f"{offices.intake_papers}/{pair}.key"}
    settings.PHUONG_SHARING["offices"]["city"] |= papers

    told = run(service)

    assert (told["because"], bool(told["problem"])) == (because, True)
    assert held(offices, CITY).get("rows", 0) == 0


def test_the_night_sends_what_is_due_and_nothing_else(school: Organisation, offices: Outside) -> None:
    learners(school, 2)
    a_service()
    a_service("city.schools", next_due_at=timezone.now() + dt.timedelta(days=1))
    a_service("ministry.schools", is_paused=True)

    first, second = nightly(Progress()), nightly(Progress())

    assert first["services"] == {"city.learners vn.p31": "done"}
    assert second["services"] == {}
    assert Service.objects.count() == len(data_services())


def test_a_body_at_rest_says_nothing(school: Organisation, offices: Outside) -> None:
    learners(school, 2)
    service = a_service("ministry.learners")
    offices.fail("warehouse", down="batch")

    run(service)

    body = bytes(Batch.objects.get().body)
    assert b"full_name" not in body
    assert "Khánh".encode() not in body
