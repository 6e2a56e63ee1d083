"""Every measure over small provinces made by chance: parts add up, shares stay shares, small cells stay hidden."""

import datetime as dt
import random
import re

import pytest
from django.test import Client
from django.urls import reverse

from phuong.facilities.api import Equipment, Programme, Room
from phuong.identity.testing import an_account
from phuong.kernel.contributions import contributions
from phuong.kernel.jobs import Progress
from phuong.kernel.measures import Measure, Unit
from phuong.measures.actions import refresh_measures
from phuong.measures.models import Total
from phuong.measures.queries import COMMUNES, figures_of, parts_of, series_of
from phuong.registry.api import Organisation, Person, School
from phuong.registry.testing import a_class, a_commune, a_guardian, a_learner, a_province, a_school, a_teacher

pytestmark = pytest.mark.django_db
SEEDS = (1, 20, 57)
CODE = "registry.learners_with_number"
LEVELS = (
    ("preschool", 0),
    ("primary", 3),
    ("lower_secondary", 8),
    ("upper_secondary", 11),
    ("continuing", 10),
)


def a_chance_province(seed: int) -> Organisation:
    """Make three communes of a few schools with people, rooms and programmes; the same for the same seed."""
    chance = random.Random(seed)
    province = a_province()
    a_teacher(Organisation.objects.get(path="vn.p31.sgd"), name="Cán Bộ Sở", group="staff")
    for number, kind in enumerate(COMMUNES):
        commune = a_commune(f"115{number:02d}")
        Organisation.objects.filter(pk=commune.pk).update(kind=kind)
        for level, grade in chance.sample(LEVELS, chance.randint(1, 4)):
            _fill(a_school(commune, level=level, **_facts(chance)), level, grade, chance)
    return province


def _facts(chance: random.Random) -> dict[str, object]:
    return {
        "ownership": chance.choice(["public", "private"]),
        "connection": chance.choice(["", "fiber", "none"]),
        "connection_mbps": chance.choice([None, 20, 300]),
        "standard_level": chance.randint(0, 2),
        "standard_until": chance.choice([None, dt.date(2020, 1, 1), dt.date(2031, 1, 1)]),
        "managed_here_since": chance.choice([None, dt.date(2026, 1, 1)]),
        "inventory_confirmed_on": chance.choice([None, dt.date(2026, 10, 1)]),
    }


def _fill(school: Organisation, level: str, grade: int, chance: random.Random) -> None:
    for place in range(chance.randint(0, 2)):
        group = a_class(school, name=f"{grade}A{place}", grade=grade, level=level, two_sessions=chance.random() < 0.5)
        for number in range(chance.randint(0, 5)):
            learner = a_learner(school, group, name=f"Em {number}", birth_date=dt.date(2026 - grade - 6, 4, 1))
            check = chance.choice(["missing", "agrees", "malformed", "disagrees"])
            Person.objects.filter(pk=learner.pk).update(
                number_check=check,
                number_hash=None if check == "missing" else b"x",
                number_cipher=None if check == "missing" else b"x",
                identity_state=chance.choice(["unverified", "matched", "mismatched"]),
                plays_art=chance.choice([None, True, False]),
                plays_sport=chance.choice([None, True, False]),
            )
            if chance.random() < 0.6:
                a_guardian(learner)
    for number in range(chance.randint(0, 4)):
        a_teacher(school, name=f"Cô {number}", work_email=chance.choice(["", "co@edu.vn"]))
    for number in range(chance.randint(0, 4)):
        room = Room.objects.create(
            organisation=school,
            name=str(number),
            kind=chance.choice(["classroom", "computer", "library"]),
            construction=chance.choice(["solid", "semi_solid", "temporary"]),
            has_internet=chance.choice([None, True, False]),
        )
        quantity = chance.randint(0, 30)
        Equipment.objects.create(
            organisation=school,
            room=room,
            kind=chance.choice(["computer", "projector"]),
            quantity=quantity,
            working=chance.randint(0, quantity),
        )
    if chance.random() < 0.5:
        Programme.objects.create(
            organisation=school,
            school_year=2026,
            kind=chance.choice(["stem", "ai", "club"]),
            title="Câu lạc bộ",
            is_club=chance.random() < 0.5,
            members=chance.randint(0, 20),
            meetings=chance.randint(0, 9),
        )


@pytest.fixture(params=SEEDS)
def province(request: pytest.FixtureRequest, db: None) -> Organisation:
    made = a_chance_province(request.param)
    refresh_measures(Progress(), day="2026-11-22")
    return made


def sums(code: str, area: Organisation, by: str) -> tuple[int, int]:
    parts = parts_of(code, area, by)
    return sum(part.numerator for part in parts), sum(part.denominator for part in parts)


def test_the_parts_of_every_measure_add_up_to_the_province(province: Organisation) -> None:
    codes = [measure.code for measure in contributions(Measure)]
    figures = figures_of(province, codes)

    wrong = [
        (code, by)
        for code, figure in figures.items()
        for by in ("school", "commune", "level", "ownership", "commune_type")
        if sums(code, province, by) != (figure.numerator, figure.denominator)
    ]

    assert wrong == []
    assert len(figures) > len(codes) // 2


def test_the_schools_of_every_commune_add_up_to_it(province: Organisation) -> None:
    communes = list(Organisation.objects.filter(kind__in=COMMUNES))
    codes = [measure.code for measure in contributions(Measure)]

    wrong = []
    for commune in communes:
        figures = figures_of(commune, codes)
        parts = {part.id: part for code in codes for part in parts_of(code, province, "commune")}
        assert commune.pk in parts or not figures
        wrong += [
            (commune.code, code)
            for code, figure in figures.items()
            if sums(code, commune, "school") != (figure.numerator, figure.denominator)
        ]

    assert wrong == []


def test_what_is_counted_in_no_commune_is_the_department_itself(province: Organisation) -> None:
    totals = Total.objects.filter(area__kind__in=COMMUNES)

    for measure, figure in figures_of(province, [each.code for each in contributions(Measure)]).items():
        inside = sum(totals.filter(measure=measure).values_list("denominator", flat=True))
        own = sum(part.denominator for part in parts_of(measure, province, "commune") if part.kind == "department")
        assert inside + own == figure.denominator


def test_no_share_is_more_than_the_whole(province: Organisation) -> None:
    shares = [each.code for each in contributions(Measure) if each.unit is Unit.PERCENT]

    rows = Total.objects.filter(measure__in=shares).values_list("measure", "numerator", "denominator")

    assert [row for row in rows if not 0 <= row[1] <= row[2]] == []
    assert all(0 <= figure.value <= 100 for figure in figures_of(province, shares).values() if figure.denominator)


def test_a_school_moved_to_another_commune_is_counted_there_from_then_on(province: Organisation) -> None:
    school = School.objects.order_by("pk").first().organisation
    other = Organisation.objects.filter(kind__in=COMMUNES).exclude(pk=school.territory_id).order_by("pk").first()
    Organisation.objects.filter(pk=school.pk).update(territory=other)

    refresh_measures(Progress(), day="2026-11-23")

    assert school.pk in {part.id for part in parts_of("facilities.schools_online", other, "school")}
    assert sums("facilities.schools_online", province, "commune")[1] == School.objects.count()


def test_a_series_has_one_point_a_day_oldest_first(province: Organisation) -> None:
    refresh_measures(Progress(), day="2026-11-24")
    refresh_measures(Progress(), day="2026-11-23")

    points = series_of(province, [CODE])[CODE] if figures_of(province, [CODE]) else []

    assert [point.as_of.day for point in points] in ([22, 23, 24], [])
    assert len({(point.numerator, point.denominator) for point in points}) <= 1


@pytest.mark.parametrize("learners", [1, 3, 4])
def test_totals_of_a_tiny_school_are_not_told_to_who_reads_totals_only(db: None, learners: int) -> None:
    client, school = _auditor_and_school(learners)

    text = client.get(reverse("measures:figure", args=[CODE, school.pk])).content.decode()

    assert "Ít hơn 5 trường hợp" in text
    assert not re.search(r"\d+ (trên|of) \d+|\d%", text)


def test_totals_of_a_large_enough_school_are_told(db: None) -> None:
    client, school = _auditor_and_school(5)

    text = client.get(reverse("measures:figure", args=[CODE, school.pk])).content.decode()

    assert "Ít hơn 5 trường hợp" not in text
    assert "0 trên 5" in text


def test_a_tiny_school_is_hidden_in_the_list_of_its_commune_too(db: None) -> None:
    client, school = _auditor_and_school(3)

    text = client.get(reverse("measures:figure", args=[CODE, school.territory_id])).content.decode()

    assert school.name in text
    assert "ít hơn 5" in text


def test_a_hidden_school_cannot_be_worked_out_from_its_neighbour(db: None) -> None:
    client, school = _auditor_and_school(3)
    neighbour = a_school(school.territory, name="Trường Bên Cạnh")
    group = a_class(neighbour)
    for _ in range(8):
        a_learner(neighbour, group)
    refresh_measures(Progress(), day="2026-11-22")

    text = client.get(reverse("measures:figure", args=[CODE, school.territory_id])).content.decode()

    # 11 in the commune less 8 next door would tell of the 3
    assert not ("0 trên 11" in text and re.search(r"Trường Bên Cạnh.*?>8<", text, re.DOTALL))


def _auditor_and_school(learners: int) -> tuple[Client, Organisation]:
    province = a_province()
    school = a_school(a_commune(), name="Trường Đảo Xa")
    group = a_class(school)
    for _ in range(learners):
        a_learner(school, group)
    refresh_measures(Progress(), day="2026-11-22")
    auditor = an_account("auditor", Organisation.objects.get(path="vn.p31.sgd"), path=province.path)
    client = Client()
    client.force_login(auditor)
    return client, school
