"""The records behind a figure: all of them, each once, and nobody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from phuong.identity.testing import an_account
from phuong.kernel.contributions import contributions
from phuong.kernel.jobs import Progress
from phuong.kernel.measures import Measure
from phuong.kernel.scope import Actor, acting, is_under
from phuong.measures.actions import refresh_measures
from phuong.measures.queries import COMMUNES, figures_of
from phuong.measures.records import Record, reason, records_of
from phuong.measures.tests.test_figures import SEEDS, a_chance_province
from phuong.registry.api import Organisation
from phuong.registry.testing import a_class, a_commune, a_learner, a_province, a_school

pytestmark = pytest.mark.django_db
CODE = "registry.learners_with_number"
MOST = 10_000


@pytest.fixture(params=SEEDS)
def province(request: pytest.FixtureRequest, db: None) -> Organisation:
    made = a_chance_province(request.param)
    refresh_measures(Progress(), day="2026-11-22")
    return made


def measure(code: str = CODE) -> Measure:
    return next(each for each in contributions(Measure) if each.code == code)


def every_record(which: Measure, area: Organisation, *, met: bool, limit: int = MOST) -> list[Record]:
    found, after = records_of(which, area, met=met, limit=limit)
    while after:
        more, after = records_of(which, area, met=met, limit=limit, after=after)
        found += more
    return found


def test_met_and_missing_records_make_up_every_figure(province: Organisation) -> None:
    measures = [each for each in contributions(Measure) if each.per is None]
    figures = figures_of(province, [each.code for each in measures])

    wrong = []
    for each in measures:
        met, missing = (len(every_record(each, province, met=side)) for side in (True, False))
        figure = figures.get(each.code)
        counted = (figure.numerator, figure.denominator) if figure else (0, 0)
        if counted[1] != met + missing or (each.amount is None and counted[0] != met):
            wrong.append((each.code, counted, met, missing))

    assert wrong == []


def test_no_record_is_both_met_and_missing(province: Organisation) -> None:
    for each in contributions(Measure):
        met = {row.id for row in every_record(each, province, met=True)}
        missing = {row.id for row in every_record(each, province, met=False)}

        assert met & missing == set(), each.code


def test_the_records_of_a_commune_are_those_of_its_figure(province: Organisation) -> None:
    for commune in Organisation.objects.filter(kind__in=COMMUNES):
        figure = figures_of(commune, [CODE]).get(CODE)
        met, missing = (len(every_record(measure(), commune, met=side)) for side in (True, False))

        assert (met, met + missing) == ((figure.numerator, figure.denominator) if figure else (0, 0))


@pytest.mark.parametrize("size", [1, 2, 7])
def test_pages_visit_every_record_exactly_once(province: Organisation, size: int) -> None:
    whole = [row.id for row in every_record(measure(), province, met=False)]

    paged = [row.id for row in every_record(measure(), province, met=False, limit=size)]

    assert paged == whole
    assert len(set(paged)) == len(paged)


def test_every_missing_record_says_why_and_where(province: Organisation) -> None:
    for each in contributions(Measure):
        for row in every_record(each, province, met=False):
            assert row.why in {title for titles in each.reasons.values() for title in titles}, each.code
            assert str(row.id) in row.url or str(row.organisation_id) in row.url


def test_an_unknown_reason_falls_back_to_the_last() -> None:
    which = measure()

    assert reason(which, "unheard_of") == reason(which, None) == list(which.reasons.values())[-1][0]


def test_a_commune_officer_reads_no_record_from_outside(province: Organisation) -> None:
    for commune in Organisation.objects.filter(kind__in=COMMUNES):
        with acting(Actor(scope=commune.path)):
            outside = {
                (each.code, row.organisation)
                for each in contributions(Measure)
                for area in (commune, province)
                for side in (True, False)
                for row in every_record(each, area, met=side)
                if not is_under(row.path, commune.path)
            }

        assert sorted(code for code, _ in outside) == []


@pytest.fixture
def two_schools(db: None) -> tuple[Organisation, Organisation]:
    here = a_school(a_commune("11311"), name="Trường Đây")
    there = a_school(a_commune("11329"), name="Trường Kia")
    for school in (here, there):
        a_learner(school, a_class(school), name=f"Em {school.name}")
    refresh_measures(Progress(), day="2026-11-22")
    return here, there


def signed_in(role: str, place: Organisation) -> Client:
    client = Client()
    client.force_login(an_account(role, place))
    return client


def test_somebody_elses_learners_are_on_no_page_of_records(two_schools: tuple[Organisation, Organisation]) -> None:
    here, _there = two_schools
    client = signed_in("commune_officer", here.territory)

    assert client.get(reverse("measures:records", args=[CODE, a_province().pk])).status_code == 404
    for area in (here, here.territory):
        text = client.get(reverse("measures:records", args=[CODE, area.pk])).content.decode()

        assert "Em Trường Đây" in text
        assert "Em Trường Kia" not in text


@pytest.mark.parametrize("form", ["csv", ""])
def test_a_principal_reads_no_other_schools_record_by_way_of_the_province(
    two_schools: tuple[Organisation, Organisation], form: str
) -> None:
    here, _there = two_schools
    client = signed_in("principal", here)
    which = "facilities.schools_online"

    answer = client.get(reverse("measures:records", args=[which, a_province().pk]), {"as": form} if form else {})

    assert answer.status_code == 404
    assert "Trường Kia" not in answer.content.decode()


def test_nonsense_after_is_the_first_page(two_schools: tuple[Organisation, Organisation]) -> None:
    client = signed_in("principal", two_schools[0])

    answer = client.get(reverse("measures:records", args=[CODE, two_schools[0].pk]), {"after": "'; --", "as": "pdf"})

    assert answer.status_code == 200
    assert [row.label for row in answer.context["records"]] == ["Em Trường Đây"]
