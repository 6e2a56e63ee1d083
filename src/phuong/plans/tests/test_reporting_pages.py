"""Pages of reported values: entry of many and of one, the review, what is refused, and how much they ask."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.identity.testing import an_account
from phuong.kernel.attachments import attachments_of
from phuong.kernel.models import AuditEntry
from phuong.kernel.today import today
from phuong.plans.actions.reporting import FILES
from phuong.plans.models import Reported, Target
from phuong.plans.rules import month_before, month_of
from phuong.plans.testing import a_reported, an_indicator
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_province

pytestmark = pytest.mark.django_db
MONTH = month_of(today())
LAST = month_before(MONTH)
MOST_QUERIES = 25


def client_of(role: str, unit: Organisation | None = None, username: str = "") -> Client:
    a_province()
    place, path = (unit, unit.path) if unit else (Organisation.objects.get(path="vn.p31.sgd"), "vn.p31")
    client = Client()
    account = an_account(role, place, path=path, username=username)
    client.force_login(account, backend="phuong.identity.backend.PasswordSignIn")
    return client


def field(name: str, indicator: Any, period: dt.date = MONTH) -> str:
    return f"{name}-{indicator.pk}_{period:%Y%m}"


def tick(row: Reported) -> str:
    assert row.submitted_at is not None
    return f"{row.pk}|{row.submitted_at.isoformat()}"


def statements(client: Client, where: str) -> int:
    assert client.get(where).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(where).status_code == 200
    noise = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
    own = [query["sql"] for query in queries.captured_queries if not query["sql"].startswith(noise)]
    return sum("set_config" not in statement for statement in own)


def test_many_values_are_sent_in_at_once_and_empty_lines_are_passed_over() -> None:
    commune = a_commune()
    share, yes, left = an_indicator("B1"), an_indicator("B2", unit="yes_no"), an_indicator("B3")
    given = {
        field("numerator", share): "1.240",
        field("denominator", share): "2.480",
        field("source", share): "Sổ",
        field("value", yes): "1",
        field("source", yes): "QĐ 12",
        field("source", left): "có nguồn mà không có số",
    }

    answer = client_of("commune_officer", commune).post(reverse("plans:reporting"), given)

    assert answer.status_code == 302
    kept = Reported.objects.order_by("indicator__code").values_list("indicator__code", "value", "numerator", "state")
    assert list(kept) == [("B1", Decimal(50), 1240, "submitted"), ("B2", Decimal(1), 1, "submitted")]


def test_one_wrong_line_keeps_all_from_being_sent_and_says_where() -> None:
    commune = a_commune()
    good, bad, unclear = an_indicator("B1"), an_indicator("B2"), an_indicator("B3")
    given = {
        field("numerator", good): "1",
        field("denominator", good): "1",
        field("source", good): "Sổ",
        field("numerator", bad): "3",
        field("denominator", bad): "2",
        field("source", bad): "Sổ",
    }
    client = client_of("commune_officer", commune)

    answer = client.post(reverse("plans:reporting"), given)
    unreadable = client.post(reverse("plans:reporting"), {field("numerator", unclear): "mười hai"})

    assert (answer.status_code, unreadable.status_code) == (422, 422)
    assert "Số đạt không lớn hơn tổng số" in answer.content.decode()
    assert list(answer.context["form"].errors) == [field("numerator", bad)]
    assert not Reported.objects.exists()
    assert not AuditEntry.objects.filter(did="plans.value_submitted").exists()


def test_one_indicator_is_reported_with_evidence_returned_mended_and_accepted() -> None:
    commune, indicator = a_commune(), an_indicator()
    Target.objects.create(indicator=indicator, year=MONTH.year, comparator=">=", value=40)
    officer, reviewer = client_of("commune_officer", commune), client_of("division_officer")
    where = reverse("plans:report_one", args=["phai-bao", "B1"])
    proof = SimpleUploadedFile("so.pdf", b"%PDF-1.7 x", "application/pdf")
    first = {"numerator": "1", "denominator": "4", "source": "Sổ theo dõi", "comment": "x", "file": proof}

    officer.post(where, first)
    row = Reported.objects.get()
    file = reverse("ui:attachment", args=[attachments_of(FILES, [row.pk]).get().pk])
    auditor = client_of("auditor")
    read_early = [client.get(file).status_code for client in (officer, reviewer, auditor)]
    reviewer.post(reverse("plans:review"), {"value": tick(row), "act": "return", "comment": "đếm lại"})
    told = officer.get(where).content.decode()
    officer.post(where, {**first, "numerator": "3", "file": ""})
    row.refresh_from_db()
    reviewer.post(reverse("plans:review"), {"value": tick(row), "act": "accept"})
    page = officer.get(reverse("plans:indicator", args=["phai-bao", "B1"])).content.decode()

    row.refresh_from_db()
    assert "đếm lại" in told
    assert read_early == [200, 200, 404]
    assert (row.state, row.value, row.reviewed_by_name) == ("accepted", Decimal(75), "Division_Officer")
    assert attachments_of(FILES, [row.pk]).count() == 1
    assert "75,0%" in page
    assert "Không đếm được từ hồ sơ" in page
    assert "Division_Officer" in page


def test_a_draft_is_kept_and_told_on_no_page_of_others() -> None:
    commune, indicator = a_commune(), an_indicator()
    where = reverse("plans:report_one", args=["phai-bao", "B1"])
    given = {"numerator": "33", "denominator": "96", "source": "", "act": "draft"}

    answer = client_of("commune_officer", commune).post(where, given)
    row = Reported.objects.get()
    others = [client_of("auditor"), client_of("department_leader")]
    pages = [reverse("plans:indicators"), reverse("plans:indicator", args=["phai-bao", "B1"]), reverse("ui:home")]
    telling = [page for one in others for page in pages if "34,4" in one.get(page).content.decode()]

    assert (answer.status_code, row.state, indicator.reports.count()) == (302, "draft", 1)
    assert telling == []
    assert others[0].get(reverse("plans:value", args=[row.pk])).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"numerator": "", "source": "Sổ"}, "Ghi số liệu rồi mới gửi."),
        ({"numerator": "1", "denominator": "0", "source": "Sổ"}, "Tổng số phải là số nguyên từ 1 trở lên."),
        ({"numerator": "1,5", "denominator": "3", "source": "Sổ"}, "Ghi một số nguyên"),
        ({"numerator": "1", "denominator": "3", "value": "33,3", "source": "Sổ"}, "tỉ lệ được tính từ hai số"),
        ({"numerator": "1", "denominator": "3"}, "Ghi số liệu lấy từ đâu"),
        ({"value": "-3", "source": "Sổ"}, "Ghi một số không âm"),
    ],
)
def test_a_bad_entry_says_where_and_keeps_nothing(given: dict[str, str], said: str) -> None:
    commune = a_commune()
    an_indicator()

    answer = client_of("commune_officer", commune).post(reverse("plans:report_one", args=["phai-bao", "B1"]), given)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Reported.objects.exists()


def test_numbers_are_read_as_people_write_them() -> None:
    commune = a_commune()
    an_indicator("B1", unit="count")
    officer = client_of("commune_officer", commune)

    read = []
    for text in ("1.234,5", "1.234", "93.5", "1 234", "12"):
        officer.post(reverse("plans:report_one", args=["phai-bao", "B1"]), {"value": text, "source": "Sổ"})
        read.append(Reported.objects.get().value)

    assert read == [Decimal("1234.5"), Decimal(1234), Decimal("93.5"), Decimal(1234), Decimal(12)]


def test_an_accepted_value_is_corrected_with_its_reason_only() -> None:
    commune, indicator = a_commune(), an_indicator()
    a_reported(indicator, commune, MONTH, numerator=1, denominator=2)
    officer, where = client_of("commune_officer", commune), reverse("plans:report_one", args=["phai-bao", "B1"])
    given = {"numerator": "2", "denominator": "2", "source": "Sổ"}

    refused = officer.post(where, given)
    taken = officer.post(where, {**given, "reason": "đếm sót"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert list(Reported.objects.order_by("version").values_list("version", "state", "reason")) == [
        (1, "accepted", ""),
        (2, "submitted", "đếm sót"),
    ]


def test_ticked_values_are_reviewed_together_and_the_rest_stays() -> None:
    indicator = an_indicator()
    rows = [a_reported(indicator, a_commune(f"2{n:04d}"), LAST, state="submitted") for n in range(3)]
    reviewer = client_of("department_leader")

    answer = reviewer.post(reverse("plans:review"), {"value": [tick(row) for row in rows[:2]], "act": "accept"})

    assert answer.status_code == 302
    assert sorted(Reported.objects.values_list("state", flat=True)) == ["accepted", "accepted", "submitted"]


@pytest.mark.parametrize("given", [{}, {"act": "accept"}, {"act": "return", "value": ["nonsense", "|", "x|2026"]}])
def test_a_review_of_nothing_changes_nothing(given: dict[str, Any]) -> None:
    a_reported(an_indicator(), a_commune(), LAST, state="submitted")

    answer = client_of("department_leader").post(reverse("plans:review"), given)

    assert answer.status_code == 422
    assert Reported.objects.get().state == "submitted"


def test_a_return_without_words_changes_nothing_and_says_what_is_missing() -> None:
    row = a_reported(an_indicator(), a_commune(), LAST, state="submitted")

    answer = client_of("department_leader").post(reverse("plans:review"), {"value": tick(row), "act": "return"})

    assert answer.status_code == 422
    assert "Ghi cần sửa gì rồi mới trả lại." in answer.content.decode()
    assert Reported.objects.get().state == "submitted"


def test_the_officer_who_sent_the_value_of_the_department_has_it_reviewed_by_another() -> None:
    an_indicator("B1", scope="city")
    officer, other = client_of("division_officer"), client_of("division_officer", username="khac")
    officer.post(
        reverse("plans:report_one", args=["phai-bao", "B1"]), {"numerator": "1", "denominator": "2", "source": "Sổ"}
    )
    row = Reported.objects.get()

    officer.post(reverse("plans:review"), {"value": tick(row), "act": "accept"})
    own = Reported.objects.get().state
    page = officer.get(reverse("plans:review")).content.decode()
    other.post(reverse("plans:review"), {"value": tick(row), "act": "accept"})

    assert own == "submitted"
    assert tick(row) not in page
    assert Reported.objects.get().state == "accepted"


def test_the_reviewer_sees_who_has_not_reported() -> None:
    indicator = an_indicator()
    communes = [a_commune(f"2{n:04d}", name=f"Phường Số {n}") for n in range(3)]
    a_reported(indicator, communes[0], LAST, state="submitted")
    leader = client_of("department_leader")

    queue = leader.get(reverse("plans:review")).content.decode()
    listed = leader.get(reverse("plans:missing", args=["phai-bao", "B1"])).content.decode()

    assert "chưa báo cáo: 2 trên 3 đơn vị" in queue
    assert ["Phường Số 0" in listed, "Phường Số 1" in listed, "Phường Số 2" in listed] == [False, True, True]


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=%00", "?month=2999-01", "?month=2026-01-01", "?after=x"])
def test_nonsense_in_an_address_is_no_error(query: str) -> None:
    commune = a_commune()
    an_indicator()
    officer, leader = client_of("commune_officer", commune), client_of("department_leader")

    answers = [
        officer.get(reverse("plans:reporting") + query),
        officer.get(reverse("plans:report_one", args=["phai-bao", "B1"]) + query),
        leader.get(reverse("plans:review") + query),
        leader.get(reverse("plans:missing", args=["phai-bao", "B1"]) + query),
    ]

    assert [answer.status_code for answer in answers] == [200] * 4


def test_a_unit_reports_only_what_is_asked_of_it() -> None:
    commune = a_commune()
    an_indicator("B1", scope="all institutions")
    officer = client_of("commune_officer", commune)

    answer = officer.post(
        reverse("plans:report_one", args=["phai-bao", "B1"]), {"numerator": "1", "denominator": "2", "source": "Sổ"}
    )

    assert answer.status_code == 404
    assert "Đơn vị không phải báo số liệu nào" in officer.get(reverse("plans:reporting")).content.decode()
    assert not Reported.objects.exists()


@pytest.mark.parametrize("page", ["reporting", "review", "missing", "indicator", "indicators"])
def test_a_page_asks_as_little_of_two_hundred_as_of_two(page: str) -> None:
    commune = a_commune()
    indicators = [an_indicator(f"B{n}") for n in range(2)]
    client = client_of("commune_officer", commune) if page == "reporting" else client_of("department_leader")
    where = {
        "missing": reverse("plans:missing", args=["phai-bao", "B0"]),
        "indicator": reverse("plans:indicator", args=["phai-bao", "B0"]),
    }.get(page) or reverse(f"plans:{page}")
    others = [a_commune(f"2{n:04d}") for n in range(2)]
    for unit in others:
        a_reported(indicators[0], unit, LAST, state="submitted")
        a_reported(indicators[0], unit, month_before(LAST), numerator=1, denominator=2)
    with_two = statements(client, where)

    more = [an_indicator(f"C{n}") for n in range(198)]
    for n in range(100):
        unit = a_commune(f"3{n:04d}")
        a_reported(more[n], unit, LAST, state="submitted")
        a_reported(more[n], unit, month_before(LAST), numerator=1, denominator=2)

    assert statements(client, where) == with_two
    assert with_two <= MOST_QUERIES


def test_the_command_tells_what_was_reported_apart_from_what_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    indicator, commune = an_indicator(), a_commune()
    Target.objects.create(indicator=indicator, year=LAST.year, comparator=">=", value=40)
    a_reported(indicator, commune, LAST, numerator=1, denominator=2)
    an_indicator("B2")
    a_reported(indicator, a_commune("11329"), LAST, numerator=1, denominator=6, state="submitted")

    call_command("plans", "status", "phai-bao", "--year", str(LAST.year), "--json")
    out = capsys.readouterr().out

    assert '"source": "reported"' in out
    assert '"numerator": 1' in out
    assert '"denominator": 2' in out
    assert '"source": "none"' in out
