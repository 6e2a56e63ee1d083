"""Past figures are made from the latest ones: smaller, never more than all, and totals are sums of values."""

import datetime as dt

import pytest
from django.utils import timezone

from phuong.demo.figures import past_snapshots
from phuong.measures.api import Snapshot, Total, Value
from phuong.registry.api import Organisation

pytestmark = pytest.mark.django_db
LATEST = dt.date(2026, 11, 22)


def an_organisation(kind: str, path: str, **more: object) -> Organisation:
    return Organisation.objects.create(kind=kind, path=path, code=path, name=path, short_name=path, **more)


@pytest.fixture
def province() -> Organisation:
    top = an_organisation("province", "vn.p99")
    commune = an_organisation("ward", "vn.p99.c1", parent=top)
    latest = Snapshot.objects.create(as_of=LATEST, completed_at=timezone.now())
    for number in range(40):
        school = an_organisation("school", f"vn.p99.c1.s{number}", parent=commune, territory=commune)
        Value.objects.create(snapshot=latest, measure="demo.some", organisation=school, numerator=80, denominator=100)
    return top


def test_nothing_is_made_where_nothing_was_counted() -> None:
    assert past_snapshots(3) == 0
    assert Snapshot.objects.count() == 0


def test_months_go_back_with_smaller_numerators(province: Organisation) -> None:
    assert past_snapshots(5) == 5

    totals = list(Total.objects.filter(area=province).order_by("snapshot__as_of"))
    assert [total.snapshot.as_of for total in totals] == [dt.date(2026, month, 1) for month in range(7, 12)]
    assert {total.denominator for total in totals} == {4000}
    numerators = [total.numerator for total in totals]
    assert numerators == sorted(numerators)
    assert 0 < numerators[0] < numerators[-1] <= 3200


def test_totals_are_sums_of_the_values_kept_for_two_months(province: Organisation) -> None:
    past_snapshots(4)

    detailed = Snapshot.objects.filter(is_detailed=True).exclude(as_of=LATEST).order_by("as_of")
    assert [each.as_of for each in detailed] == [dt.date(2026, 10, 1), dt.date(2026, 11, 1)]
    for each in detailed:
        values = list(Value.objects.filter(snapshot=each))
        total = Total.objects.get(snapshot=each, area=province)
        assert total.numerator == sum(value.numerator for value in values)
        assert all(0 <= value.numerator <= value.denominator for value in values)
    assert Value.objects.filter(snapshot__is_detailed=False).count() == 0


def test_a_second_run_makes_nothing_more(province: Organisation) -> None:
    past_snapshots(4)

    assert past_snapshots(4) == 0
    assert Total.objects.filter(area=province).count() == 4
