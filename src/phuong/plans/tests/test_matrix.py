"""Plans side by side: what contradicts, by rule and by the shipped plans; the page, its filters and files."""

import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from phuong.identity.testing import an_account
from phuong.kernel.models import AuditEntry
from phuong.plans.actions.importing import import_plan
from phuong.plans.decisions import definition_of, months_of_issue, shared_definitions, shipped_plans
from phuong.plans.files import read_plan
from phuong.plans.models import Indicator, Plan, Target
from phuong.plans.rules import Ask, Kind, TargetFact, conflicts_of
from phuong.plans.tables import plan_matrix, rows_chosen, shown
from phuong.plans.testing import an_indicator
from phuong.registry.api import Organisation
from phuong.registry.testing import a_province

HP57, HPIT, QN = "hai-phong-nq57-2026", "hai-phong-5363-2025", "quang-ninh-1295-2025"


def asks(plan: str, targets: dict[int, str], **facts: Any) -> Ask:
    """Ask with targets such as ``>=80``."""
    read = []
    for year, words in targets.items():
        value = words.lstrip("><=")
        read.append(TargetFact(year, words[: len(words) - len(value)] or "=", Decimal(value)))
    return Ask(plan, facts.pop("code", "1"), facts.pop("unit", "percent"), targets=tuple(read), **facts)


def kinds(*all_asks: Ask) -> list[tuple[Kind, int | None, int | None]]:
    found = conflicts_of(all_asks)
    return [(each.kind, each.one and each.one.year, each.other and each.other.year) for each in found]


def test_another_number_for_the_same_year_is_a_conflict() -> None:
    assert kinds(asks("a", {2030: ">=80"}), asks("b", {2030: "=100"})) == [(Kind.TARGET, 2030, 2030)]
    assert kinds(asks("a", {2030: ">=80"}), asks("b", {2029: "=80"})) == []


def test_a_plain_number_means_at_least_and_only_passing_it_differs() -> None:
    assert kinds(asks("a", {2030: "=95"}), asks("b", {2030: ">=95"})) == []
    assert kinds(asks("a", {2030: ">95"}), asks("b", {2030: ">=95"})) == [(Kind.COMPARATOR, 2030, 2030)]
    assert kinds(asks("a", {2030: "=5"}, direction="down"), asks("b", {2030: "<=5"}, direction="down")) == []


def test_the_later_plan_that_asks_less_than_was_asked_before_eases_it() -> None:
    earlier = asks("a", {2025: "=100"}, issued="2025-10")
    later = asks("b", {2026: ">=90", 2030: ">=95", 2035: "=100"}, issued="2026")

    assert kinds(earlier, later) == kinds(later, earlier) == [(Kind.EASED, 2025, 2030)]


@pytest.mark.parametrize(("one", "other"), [("", "2026"), ("2025", "2025-10"), ("2025-10", "2025-10")])
def test_without_a_known_order_nothing_is_eased(one: str, other: str) -> None:
    assert kinds(asks("a", {2025: "=100"}, issued=one), asks("b", {2030: "=90"}, issued=other)) == []


def test_a_plan_that_grows_by_itself_eases_nothing() -> None:
    first = asks("a", {2025: ">=80"}, issued="2025")

    assert kinds(first, asks("b", {2030: ">=95"}, issued="2026")) == []
    assert kinds(first, asks("a", {2030: ">=70"}, code="2", issued="2026")) == []


def test_of_what_should_fall_less_is_more() -> None:
    earlier = asks("a", {2025: "<=5"}, issued="2025", direction="down")

    assert kinds(earlier, asks("b", {2030: "<=8"}, issued="2026", direction="down")) == [(Kind.EASED, 2025, 2030)]
    assert kinds(earlier, asks("b", {2030: "<=2"}, issued="2026", direction="down")) == []


def test_numbers_in_other_units_say_nothing_about_each_other() -> None:
    assert kinds(asks("a", {2030: "=80"}), asks("b", {2030: "=2"}, unit="count")) == [(Kind.UNIT, None, None)]


def test_another_population_is_told_beside_the_numbers() -> None:
    found = kinds(asks("a", {2030: "=80"}, scope="Teachers "), asks("b", {2030: "=90"}, scope="teachers and staff"))

    assert found == [(Kind.SCOPE, None, None), (Kind.TARGET, 2030, 2030)]
    assert kinds(asks("a", {}, scope="Teachers "), asks("b", {}, scope="teachers")) == []


TARGETS = st.dictionaries(st.integers(2025, 2030), st.sampled_from([">=80", ">80", "=80", "=100", "<=50"]), max_size=4)


@given(TARGETS, TARGETS, st.sampled_from(["", "2025", "2026"]), st.sampled_from(["", "2025", "2026"]))
def test_conflicts_do_not_depend_on_the_order_in_which_plans_are_read(
    one: dict[int, str], other: dict[int, str], issued: str, issued_too: str
) -> None:
    first, second = asks("a", one, issued=issued), asks("b", other, issued=issued_too)

    assert sorted(each.kind for each in conflicts_of([first, second])) == sorted(
        each.kind for each in conflicts_of([second, first])
    )
    assert conflicts_of([first, asks("c", one, issued=issued)]) == []


def test_every_code_of_the_catalog_exists_in_the_shipped_plans_and_stands_once() -> None:
    known = set()
    for file in shipped_plans():
        content, _digest = read_plan(file)
        known |= {(content.plan.code, line.code) for line in content.indicators}

    named = [key for each in shared_definitions() for group in each.groups for key in group]

    assert set(named) - known == set()
    assert len(named) == len(set(named)) == 135
    assert [each.code for each in shared_definitions()] == [f"C{n:02d}" for n in range(1, 41)]
    assert set(months_of_issue()) == {plan for plan, _code in known}
    assert (definition_of(HPIT, "x16"), definition_of(HPIT, "x17")) == ("C16", "")


@pytest.fixture
def shipped(db: None) -> None:
    a_province()
    for file in shipped_plans():
        import_plan(file)


def told(code: str) -> tuple[list[str], list[str]]:
    whole = plan_matrix("31")
    (row,) = [each for each in shown(whole, whole.rows) if each.row.shared.code == code]
    return row.clashes, row.remarks


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_the_known_contradictions_of_the_shipped_plans_are_found_and_said_in_words() -> None:
    assert told("C16")[0] == [
        f"Năm 2025: {HP57} (PL2-23) đòi ≥ 80%, 5363/KH-SGDĐT (x16) đòi 100%.",
        f"5363/KH-SGDĐT (x16), ban hành trước, đòi 100% năm 2025; {HP57} (PL2-23) chỉ đòi ≥ 95% năm 2030.",
    ]
    assert told("C13")[0] == [f"Năm 2030: {HP57} (PL1-11.4) đòi ≥ 80%, {HP57} (PL2-21) đòi 100%."]
    assert told("C15")[0] == [f"Năm 2025: {HP57} (PL2-14) đòi ≥ 95%, 5363/KH-SGDĐT (x12) đòi > 90%."]
    assert told("C07")[0] == [f"Năm 2025: {HP57} (PL2-17) đòi 100%, 5363/KH-SGDĐT (x8) đòi 90%."]
    assert f"Năm 2030: {HP57} (PL1-43a) đòi > 95%, {HP57} (PL2-35) đòi ≥ 95%." in told("C01")[0]
    assert any("tính trên" in words for words in told("C28")[1])
    assert any("có hoặc chưa" in words for words in told("C24")[1])
    assert told("C38") == ([], [])


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_another_province_stands_beside_and_contradicts_nobody() -> None:
    whole = plan_matrix("31")

    assert [own for _plan, own in whole.columns] == [True, True, True, True, False]
    involved = {ask.plan for row in whole.rows for each in row.conflicts for ask in (each.first, each.second)}
    assert QN not in involved
    assert QN in {entry.indicator.plan.code for row in whole.rows for entry in row.entries}


@pytest.mark.slow
@pytest.mark.usefixtures("shipped")
def test_the_matrix_is_narrowed_by_conflict_plan_and_unit() -> None:
    whole = plan_matrix("31")

    conflicting = rows_chosen(whole, conflicts_only=True)
    of_plan = rows_chosen(whole, plan=HPIT)
    of_unit = rows_chosen(whole, unit="Phòng Kế hoạch - Tài chính")

    assert 0 < len(conflicting) < len(whole.rows)
    assert all(row.conflicts for row in conflicting)
    assert {row.shared.code for row in of_plan} >= {"C16", "C07"}
    assert "C38" not in {row.shared.code for row in of_plan}
    assert of_unit
    assert all(any("Phòng Kế hoạch - Tài chính" in one.answering for one in row.entries) for row in of_unit)


def two_plans(**facts: Any) -> tuple[Indicator, Indicator]:
    first = an_indicator("B1", plan="mot", **facts)
    second = an_indicator("B1", plan="hai", **facts)
    for row, value in ((first, 80), (second, 90)):
        Target.objects.create(indicator=row, year=2030, comparator=">=", value=value)
    return first, second


@pytest.mark.django_db
def test_plans_of_ones_own_meet_by_measure_or_by_name() -> None:
    two_plans(measure="registry.learners_with_number", decision="counted")
    an_indicator("B2", plan="mot")
    an_indicator("B3", plan="ba", same_as=["mot:B2"])
    an_indicator("B4", plan="ba")

    found = {row.shared.code: len(list(row.entries)) for row in plan_matrix("31").rows}

    assert found == {"hai:B1": 2, "ba:B3": 2}


@pytest.mark.django_db
def test_a_plan_of_ones_own_joins_the_definition_it_names() -> None:
    shipped_plan = Plan.objects.create(
        code=HPIT, title="x", issuer="Sở", province_code="31", starts=2025, ends=2025, digest="x"
    )
    Indicator.objects.create(plan=shipped_plan, code="x16", rank=1, title="Thu", unit="percent")
    an_indicator("B1", plan="xa", same_as=[f"{HPIT}:x16"])

    (row,) = plan_matrix("31").rows

    assert row.shared.code == "C16"
    assert {entry.indicator.code for entry in row.entries} == {"x16", "B1"}


def client_of(role: str = "department_leader") -> Client:
    a_province()
    client = Client()
    place = Organisation.objects.get(path="vn.p31.sgd")
    client.force_login(an_account(role, place, path="vn.p31"), backend="phuong.identity.backend.PasswordSignIn")
    return client


@pytest.mark.django_db
def test_the_matrix_can_be_taken_along_with_its_contradictions() -> None:
    two_plans(measure="registry.learners_with_number", decision="counted")
    client = client_of()
    words = "Năm 2030: hai (B1) đòi ≥ 90%, mot (B1) đòi ≥ 80%."

    written = client.get(reverse("plans:matrix") + "?as=csv&conflicts=on").content.decode("utf-8-sig").splitlines()
    book = zipfile.ZipFile(io.BytesIO(client.get(reverse("plans:matrix") + "?as=xlsx&conflicts=on").content))
    texts = book.read("xl/sharedStrings.xml").decode()

    assert len(written) == 3
    assert words in written[1]
    assert words in texts
    assert AuditEntry.objects.filter(did="plans.matrix_exported").count() == 2


@pytest.mark.django_db
def test_the_page_says_what_contradicts_and_leads_to_the_indicators() -> None:
    first, _second = two_plans(measure="registry.learners_with_number", decision="counted")
    client = client_of()

    text = client.get(reverse("plans:matrix")).content.decode()
    empty = client.get(reverse("plans:matrix") + "?plan=mot&unit=khong-co&conflicts=on").content.decode()
    page = client.get(reverse("plans:indicator", args=["mot", "B1"])).content.decode()

    assert "Năm 2030: hai (B1) đòi ≥ 90%, mot (B1) đòi ≥ 80%." in text
    assert reverse("plans:indicator", args=[first.plan.code, "B1"]) in text
    assert "Năm 2030" in empty
    assert reverse("plans:matrix") in page


@pytest.mark.django_db
def test_the_matrix_asks_as_little_of_two_hundred_as_of_two() -> None:
    two_plans()
    Indicator.objects.update(measure="a")
    client = client_of()
    with_two = statements(client)

    for place in range(100):
        plan = Plan.objects.get(code="mot" if place % 2 else "hai")
        rows = [
            Indicator(
                plan=plan,
                code=f"D{place}-{n}",
                rank=n,
                title="x",
                unit="percent",
                measure=f"m{place}",
                lead=f"P{place}",
            )
            for n in range(2)
        ]
        Indicator.objects.bulk_create(rows)
        Target.objects.bulk_create(Target(indicator=row, year=2030, comparator=">=", value=1) for row in rows)

    assert statements(client) == with_two
    assert len(plan_matrix("31").rows) == 101


def statements(client: Client) -> int:
    client.get(reverse("plans:matrix"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("plans:matrix")).status_code == 200
    return len(queries.captured_queries)
