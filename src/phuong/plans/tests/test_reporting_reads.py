"""What is shown of reported values: sums of accepted parts, what is late, who has not reported, who is reminded."""

import datetime as dt
from decimal import Decimal

import pytest

from phuong.identity.testing import an_account
from phuong.kernel.jobs import Progress
from phuong.kernel.today import today
from phuong.notices.api import Notice
from phuong.plans.actions.reminding import remind_unreported
from phuong.plans.models import Indicator
from phuong.plans.queries import lines_of, overdue_under, standings_of, unreported_by_unit
from phuong.plans.rules import month_before, month_of
from phuong.plans.testing import a_reported, an_indicator
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_province, a_school

pytestmark = pytest.mark.django_db
MONTH = month_of(today())
LAST = month_before(MONTH)


def test_the_province_is_the_sum_of_accepted_parts_and_bare_values_are_not_guessed() -> None:
    indicator = an_indicator()
    units = [a_commune(f"2{n:04d}") for n in range(5)]
    a_reported(indicator, units[0], LAST, numerator=1, denominator=4, value=25)
    a_reported(indicator, units[0], LAST, numerator=2, denominator=4, value=50, version=2, reason="x")
    a_reported(indicator, units[1], LAST, numerator=4, denominator=4, value=100)
    a_reported(indicator, units[2], LAST, value=90)
    a_reported(indicator, units[3], LAST, numerator=4, denominator=4, state="submitted")
    a_reported(indicator, units[4], month_before(LAST), numerator=9, denominator=9)

    (standing,) = standings_of(a_province(), year=LAST.year, indicators=[indicator])

    rolled = standing.rolled
    assert rolled is not None
    assert (rolled.numerator, rolled.denominator, rolled.accepted, rolled.bare, rolled.units) == (6, 8, 3, 1, 5)
    assert (standing.reported_value, standing.source, standing.reported) == (Decimal(75), "reported", None)
    assert standing.reported_parts == (6, 8)


def test_what_the_province_reports_itself_is_not_mixed_with_parts_of_counted_indicators() -> None:
    counted = an_indicator(decision="counted", measure="registry.learners_with_number", scope="all institutions")
    a_reported(counted, a_school(), LAST, numerator=1, denominator=1)

    (standing,) = standings_of(a_province(), year=LAST.year, indicators=[counted])

    assert (standing.rolled, standing.reported_value) == (None, None)


def test_what_is_late_comes_first_with_what_was_reported_last() -> None:
    commune = a_commune()
    an_indicator("B1", rank=1)
    second = an_indicator("B2", rank=2)
    an_indicator("B3", rank=3, decision="planned")
    a_reported(second, commune, LAST, value=40)
    day = MONTH.replace(day=10)

    lines = lines_of(commune, day)

    assert [(each.indicator.code, each.period, each.is_late) for each in lines] == [
        ("B1", LAST, True),
        ("B1", MONTH, False),
        ("B2", MONTH, False),
    ]
    assert [each.before.value if each.before else None for each in lines] == [None, None, Decimal(40)]
    assert not lines_of(commune, MONTH.replace(day=4))[0].is_late


def test_overdue_units_are_counted_by_indicator() -> None:
    indicator = an_indicator()
    communes = [a_commune(f"2{n:04d}") for n in range(4)]
    Organisation.objects.filter(pk=communes[3].pk).update(closed_on=dt.date(2026, 9, 1))
    a_reported(indicator, communes[0], LAST, state="submitted")
    a_reported(indicator, communes[1], LAST, state="returned")

    (overdue,) = overdue_under(a_province(), LAST)

    assert (overdue.missing, overdue.units) == (2, 3)
    assert unreported_by_unit(a_province(), LAST) == {communes[1].pk: 1, communes[2].pk: 1}


def test_units_are_reminded_once_for_each_month() -> None:
    commune, done = a_commune(), a_commune("11329")
    indicator = an_indicator()
    an_indicator("B2", scope="city")
    an_indicator("B3")
    for code in ("B1", "B3"):
        a_reported(Indicator.objects.get(code=code), done, LAST, state="submitted")
    account = an_account("commune_officer", commune)
    an_account("commune_officer", done)
    officer = an_account("division_officer", Organisation.objects.get(path="vn.p31.sgd"), path="vn.p31")

    remind_unreported(Progress())
    remind_unreported(Progress())

    told = Notice.objects.order_by("title")
    assert {each.account_id for each in told} == {account.pk, officer.pk}
    assert told.count() == 2
    assert [each.title.rsplit(": ")[1] for each in told] == ["1 chỉ tiêu", "2 chỉ tiêu"]
    assert indicator.reports.count() == 1
