"""Refused rows, totals that differ, offices that forget: what is found, and how it is mended."""

from dataclasses import replace

import pytest
from tests.outside import Outside
from tests.sharing import held, lose, rows_of

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Cancelled, Progress
from phuong.notices.api import Notice
from phuong.registry.api import Organisation, Person
from phuong.registry.testing import a_commune, a_school
from phuong.sharing.declarations import contract_named, data_services
from phuong.sharing.jobs import compare_again, go_on, nightly
from phuong.sharing.models import Batch, Delivery
from phuong.sharing.outgoing import NeverTaken, Office
from phuong.sharing.rules import Standing
from phuong.sharing.testing import a_service
from phuong.sharing.tests.sending import CITY, Stops, kept, learners, run, standing, wait_no_more

pytestmark = pytest.mark.django_db


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
    assert notice.kind == "sharing.trouble"
    assert notice.url.endswith("/chia-se-du-lieu/city.learners/")
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
