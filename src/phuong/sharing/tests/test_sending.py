"""Deliveries to the offices of the sandbox: what arrives, and what goes wrong on the way."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from tests.outside import Outside
from tests.sharing import held, lose, office_settings, rows_of

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Cancelled, Progress
from phuong.notices.api import Notice
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_class, a_commune, a_learner, a_school
from phuong.sharing.actions.delivering import Lost, Reason, plan_delivery, take_in_hand
from phuong.sharing.declarations import contract_named, data_services
from phuong.sharing.jobs import compare_again, go_on, nightly, send
from phuong.sharing.models import Batch, Delivery, Service
from phuong.sharing.outgoing import NeverTaken, Office
from phuong.sharing.queries import Line
from phuong.sharing.rules import Standing, Why
from phuong.sharing.testing import a_service

pytestmark = pytest.mark.django_db
CITY = "city/learners"


class Stops(Progress):
    """Raises something at the step of the given number, as a kill or somebody's wish does."""

    def __init__(self, at: int, error: type[BaseException]) -> None:
        super().__init__()
        self.left, self.error = at, error

    def step(self, done: int, total: int, message: str = "") -> None:
        self.left -= 1
        if not self.left:
            raise self.error


@pytest.fixture
def school() -> Organisation:
    return a_school(a_commune("11311"))


@pytest.fixture
def offices(outside: Outside, settings: Any) -> Outside:
    settings.PHUONG_SHARING = office_settings(outside, batch=2)
    return outside


def learners(school: Organisation, count: int) -> list[Person]:
    group = school.classes.first() or a_class(school)
    return [a_learner(school, group, name=f"Đỗ Khánh {letter}") for letter in "ABCDEFGHIJ"[:count]]


def run(service: Service, **options: Any) -> dict[str, Any]:
    progress = options.pop("progress", Progress())
    return dict(send(progress, service=str(service.pk), patience=0, **options))


def kept(service: Service) -> Service:
    return Service.objects.get(pk=service.pk)


def standing(service: Service) -> Standing:
    return Line(data_services()[service.code], kept(service)).standing


def wait_no_more() -> None:
    Delivery.objects.filter(state="open").update(next_at=timezone.now(), held_by=None)


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


def test_a_row_that_is_not_as_agreed_stops_the_delivery_and_is_named(school: Organisation, offices: Outside) -> None:
    people = learners(school, 5)
    Person.objects.filter(pk=people[4].pk).update(sex="other")
    service = a_service()

    told = run(service)
    state = standing(service)
    Person.objects.filter(pk=people[4].pk).update(sex="female")
    nightly(Progress())

    assert (told["because"], state) == ("stuck", Standing.STUCK)
    assert told["problem"] == f"422 row 1: sex {people[4].pk}"
    assert (kept(service).cursor != "", standing(service)) == (True, Standing.GOOD)
    assert [each.state for each in Delivery.objects.order_by("id")] == ["stuck", "sent"]
    assert not Batch.objects.exclude(body=None).exists()


def test_the_department_is_told_of_what_the_night_could_not_send(school: Organisation, offices: Outside) -> None:
    person = learners(school, 1)[0]
    Person.objects.filter(pk=person.pk).update(sex="other")
    account = an_account("division_officer", Organisation.objects.get(path="vn.p31.sgd"), path="vn.p31")
    a_service()

    nightly(Progress())
    nightly(Progress())

    notice = Notice.objects.get(account=account)
    assert (notice.kind, notice.url) == ("sharing.trouble", "/chia-se-du-lieu/city.learners/")
    assert str(person.pk) in notice.detail


def test_a_contract_cannot_change_under_its_version(school: Organisation, offices: Outside) -> None:
    learners(school, 1)
    service = a_service()
    run(service)
    contract = contract_named("learner_places@1")
    fields = {**contract.schema["properties"], "grade": {"type": "string", "title": "x", "x-title-en": "x"}}
    office = Office(data_services()[service.code])

    with pytest.raises(NeverTaken, match="409 contract_changed"):
        office.announce(
            Delivery.objects.get(), replace(contract, schema={**contract.schema, "properties": fields}), "x"
        )
    office.close()

    assert held(offices, CITY)["versions"] == [1]


def test_rows_an_office_lost_are_found_down_to_the_unit_and_the_next_run_mends_them(
    school: Organisation, offices: Outside
) -> None:
    other = a_school(a_commune("11314"))
    learners(school, 3)
    learners(other, 2)
    service = a_service()
    run(service)
    lose(offices, CITY, unit=other.code)

    compared = compare_again(str(service.pk))
    differences, state = kept(service).differences, standing(service)
    told = run(service)

    assert (compared["ours"], compared["theirs"], compared["differing"]) == (5, 3, 1)
    assert (differences, state) == ([["11314", other.code, 2, 0]], Standing.DIFFERS)
    assert (told["rows"], told["differing"], standing(service)) == (2, 0, Standing.GOOD)
    kinds = [(each["kind"], each["rows"], each["units"]) for each in held(offices, CITY)["deliveries"]]
    assert kinds == [("changes", 0, []), ("mend", 2, [other.code]), ("full", 5, [])]


def test_rows_that_only_the_office_holds_are_dropped_by_a_mend(school: Organisation, offices: Outside) -> None:
    people = learners(school, 3)
    service = a_service()
    run(service)
    people[0].enrolments.all().delete()

    compared = compare_again(str(service.pk))
    told = run(service)

    assert (compared["ours"], compared["theirs"], compared["differing"]) == (2, 3, 1)
    assert (told["differing"], sorted(rows_of(offices, CITY))) == (0, sorted(str(each.pk) for each in people[1:]))


def test_an_office_that_forgot_a_delivery_gets_everything_anew(school: Organisation, offices: Outside) -> None:
    learners(school, 5)
    service = a_service()
    with pytest.raises(KeyboardInterrupt):
        run(service, progress=Stops(2, KeyboardInterrupt))
    lose(offices, CITY, deliveries=True)

    wait_no_more()
    told = run(service)

    assert (told["because"], told["rows"], told["differing"]) == ("", 5, 0)
    assert [(each.state, each.why) for each in Delivery.objects.order_by("id")] == [
        ("dropped", "asked"),
        ("sent", "forgotten"),
    ]


def test_everything_anew_replaces_what_is_under_way(school: Organisation, offices: Outside) -> None:
    people = learners(school, 5)
    service = a_service()
    run(service)
    offices.fail("warehouse", down="close")
    run(service)
    offices.fail("warehouse", down="")
    people[0].enrolments.all().delete()

    told = run(service, everything=True)

    assert (told["rows"], told["differing"], held(offices, CITY)["rows"]) == (4, 0, 4)
    assert [(each.kind, each.state) for each in Delivery.objects.order_by("id")] == [
        ("full", "sent"),
        ("changes", "dropped"),
        ("full", "sent"),
    ]


def test_a_run_that_is_stopped_leaves_nothing_to_go_on_with(school: Organisation, offices: Outside) -> None:
    learners(school, 5)
    service = a_service()

    with pytest.raises(Cancelled):
        run(service, progress=Stops(2, Cancelled))

    assert Delivery.objects.get().state == "dropped"
    assert not Batch.objects.exclude(body=None).exists()
    assert go_on(Progress()) == {"services": {}}


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


def test_totals_that_could_not_be_compared_are_compared_later(school: Organisation, offices: Outside) -> None:
    learners(school, 2)
    service = a_service()
    offices.fail("warehouse", down="totals")

    told = run(service)
    state = standing(service)
    offices.fail("warehouse", down="")
    after = go_on(Progress())

    assert (told["because"], state) == ("outage", Standing.UNCOMPARED)
    assert (after, standing(service)) == ({"services": {"city.learners": "done"}}, Standing.GOOD)
    assert Delivery.objects.count() == 1


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
