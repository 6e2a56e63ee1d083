"""Pages of a whole class: records said by the homeroom teacher, the summary and why, cards, who gets in."""

import csv
import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from phuong.academics.actions.cards import print_school
from phuong.academics.actions.results import compute_results
from phuong.academics.jobs import RESULTS
from phuong.academics.models import Mark, Result, TermRecord
from phuong.academics.queries.promotion import next_name
from phuong.academics.rules.averages import TermMarks
from phuong.academics.testing import YEAR, keep_years
from phuong.academics.tests.test_results import FULL, SCORED, a_pupil
from phuong.identity.testing import an_account
from phuong.kernel.contributions import ChildNews
from phuong.kernel.jobs import Progress
from phuong.kernel.models import Attachment, Job
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person
from phuong.registry.testing import a_class, a_guardian, a_learner, a_school, a_teacher, an_enrolment

pytestmark = pytest.mark.django_db
Cast = tuple[ClassGroup, list[Enrolment]]


@pytest.fixture
def cast() -> Cast:
    """Give a class of Lan's with two pupils whose year is complete."""
    school = a_school()
    group = a_class(school, homeroom=a_teacher(school))
    pupils = [a_pupil(group, name=name) for name in ("Đỗ Khánh An", "Bùi Thị Ánh")]
    keep_years(group, dict.fromkeys(pupils, FULL))
    return group, pupils


def signed_in(role: str, group: ClassGroup, person: Person | None = None) -> Client:
    """Give a browser of somebody of the school."""
    client = Client()
    client.force_login(an_account(role, group.organisation, person=person))
    return client


def lan(group: ClassGroup) -> Client:
    return signed_in("teacher", group, group.homeroom)


def rows_of(pupils: list[Enrolment], **columns: list[str]) -> dict[str, Any]:
    names = ("conduct", "excused", "unexcused", "remark")
    return {"l": [str(each.learner_id) for each in pupils], **{name: columns[name] for name in names}}


def test_the_homeroom_teacher_says_all_records_in_one_form(cast: Cast) -> None:
    group, (an, anh) = cast
    client, url = lan(group), reverse("academics:records", args=[group.pk, 1])

    assert "Đỗ Khánh An" in client.get(url).content.decode()
    said = rows_of([an, anh], conduct=["2", ""], excused=["3", ""], unexcused=["", "1"], remark=["Chăm đọc", ""])
    answer = client.post(url, said)

    assert answer.status_code == 302
    one, two = (TermRecord.objects.get(enrolment=each, term=1) for each in (an, anh))
    assert (one.conduct, one.excused, one.unexcused, one.remark) == (2, 3, 0, "Chăm đọc")
    assert (two.conduct, two.excused, two.unexcused) == (None, 0, 1)
    assert TermRecord.objects.get(enrolment=an, term=2).conduct == 3


def test_records_that_cannot_be_read_save_nothing_and_stay_typed(cast: Cast) -> None:
    group, (an, anh) = cast
    url = reverse("academics:records", args=[group.pk, 1])

    said = rows_of([an, anh], conduct=["0", "3"], excused=["nhiều", ""], unexcused=["", ""], remark=["", "Ngoan"])
    answer = lan(group).post(url, said)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Đỗ Khánh An: Số buổi nghỉ là số nguyên" in text
    assert 'value="nhiều"' in text
    assert 'value="Ngoan"' in text
    assert list(TermRecord.objects.filter(term=1).values_list("conduct", flat=True)) == [3, 3]


@pytest.mark.parametrize("count", [2, 20])
def test_records_take_as_many_statements_whatever_the_class(count: int, django_assert_num_queries: Any) -> None:
    school = a_school()
    group = a_class(school, homeroom=a_teacher(school))
    pupils = [a_pupil(group) for _each in range(count)]
    client, url = lan(group), reverse("academics:records", args=[group.pk, 1])
    client.get(url)

    with django_assert_num_queries(RECORDS_READ):
        client.get(url)
    said = {name: [value] * count for name, value in (("conduct", "3"), ("excused", "1"), ("unexcused", "0"))}
    with django_assert_num_queries(RECORDS_SAVED):
        client.post(url, rows_of(pupils, **said, remark=["Tốt"] * count))
    assert TermRecord.objects.count() == count


RECORDS_READ, RECORDS_SAVED = 13, 20


def test_the_principal_reads_records_and_does_not_write_them(cast: Cast) -> None:
    group, pupils = cast
    principal, url = signed_in("principal", group), reverse("academics:records", args=[group.pk, 1])

    assert principal.get(url).status_code == 200
    said = rows_of(pupils, conduct=["0", "0"], excused=["", ""], unexcused=["", ""], remark=["", ""])
    assert principal.post(url, said).status_code == 404
    assert set(TermRecord.objects.values_list("conduct", flat=True)) == {3}


def test_another_teacher_sees_nothing_of_the_class(cast: Cast) -> None:
    group, pupils = cast
    other = signed_in("teacher", group, a_teacher(group.organisation, name="Phạm Văn Minh"))

    compute_results(group.organisation_id, YEAR)

    for name, args in (("records", [1]), ("summary", [0]), ("cards", [0]), ("why", [0, pupils[0].learner_id])):
        assert other.get(reverse(f"academics:{name}", args=[group.pk, *args])).status_code == 404


def test_the_summary_lists_the_class_in_its_order_and_counts_levels(cast: Cast) -> None:
    group, (an, _anh) = cast
    Mark.objects.filter(enrolment=an, sheet__subject__in=SCORED[:3]).update(midterm=60, final=50)
    client, url = lan(group), reverse("academics:summary", args=[group.pk, 0])
    before = client.get(url).content.decode()

    compute_results(group.organisation_id, YEAR)
    text = client.get(url).content.decode()

    assert "2 em chưa được tính" in before
    assert "2 trên 2 học sinh đã xếp được kết quả học tập: 1 Tốt, 0 Khá, 1 Đạt, 0 Chưa đạt." in text
    assert text.index("Đỗ Khánh An") < text.index("Bùi Thị Ánh")  # the order of the list, not of merit
    assert "Học sinh Giỏi" in text
    assert "Được lên lớp" in text


def test_the_summary_says_whose_marks_changed_since(cast: Cast) -> None:
    group, (an, _anh) = cast
    compute_results(group.organisation_id, YEAR)
    client = lan(group)
    pages = [reverse("academics:summary", args=[group.pk, part]) for part in (1, 2, 0)]
    before = [client.get(page).content.decode() for page in pages]

    Mark.objects.filter(enrolment=an, sheet__subject="TOAN", sheet__term=2).update(final=20)
    after = [client.get(page).content.decode() for page in pages]

    assert ["đổi sau lần tính này" in text for text in before] == [False, False, False]
    assert ["1 em có điểm" in text for text in after] == [False, True, True]


def test_the_summary_goes_along_as_a_file(cast: Cast) -> None:
    group, _pupils = cast
    compute_results(group.organisation_id, YEAR)
    client, url = lan(group), reverse("academics:summary", args=[group.pk, 0])

    told = list(csv.reader(io.StringIO(client.get(url, {"as": "csv"}).content.decode("utf-8-sig"))))

    assert len(told) == 3
    assert told[1][0] == "Đỗ Khánh An"
    assert "8,5" in told[1]
    assert told[1][-1] == "Được lên lớp"
    assert client.get(url, {"as": "xlsx"}).content.startswith(b"PK")


@pytest.mark.parametrize("count", [2, 20])
def test_the_summary_takes_as_many_statements_whatever_the_class(count: int, django_assert_num_queries: Any) -> None:
    school = a_school()
    group = a_class(school, homeroom=a_teacher(school))
    keep_years(group, {a_pupil(group): FULL for _each in range(count)})
    compute_results(school.pk, YEAR)
    client, url = lan(group), reverse("academics:summary", args=[group.pk, 0])
    client.get(url)

    with django_assert_num_queries(SUMMARY_READ):
        assert client.get(url).status_code == 200


SUMMARY_READ = 23


def test_marks_from_another_school_count_for_the_homeroom_teacher_too(cast: Cast) -> None:
    group, _pupils = cast
    old = a_class(a_school(Organisation.objects.get(code="11311")))
    learner = a_learner(group.organisation, name="Vũ Thị Cao")
    first = an_enrolment(learner, old, to=dt.date(2026, 11, 1))
    second = an_enrolment(learner, group, since=dt.date(2026, 11, 1))
    keep_years(old, {first: replace(FULL, scored={"TOAN": (FULL.scored["TOAN"][0], TermMarks())}, remarked={})})
    compute_results(group.organisation_id, YEAR)

    client = lan(group)
    summary = client.get(reverse("academics:summary", args=[group.pk, 1])).content.decode()
    why = client.get(reverse("academics:why", args=[group.pk, 1, second.learner_id])).content.decode()

    assert Result.objects.get(enrolment=second, part=1).averages["TOAN"] == 85
    assert "đổi sau lần tính này" not in summary
    assert "TOAN" not in why  # of all that lacks, this does not


def test_the_reasons_of_a_pupil_name_their_articles(cast: Cast) -> None:
    group, (an, _anh) = cast
    compute_results(group.organisation_id, YEAR)

    text = lan(group).get(reverse("academics:why", args=[group.pk, 0, an.learner_id])).content.decode()

    assert "Thông tư 22/2021/TT-BGDĐT, điều 9 khoản 2 điểm a" in text
    assert "Học sinh Giỏi: Rèn luyện Tốt, học tập Tốt" in text


def test_the_principal_asks_for_the_results_of_the_school(cast: Cast) -> None:
    group, _pupils = cast
    principal = signed_in("principal", group)

    answer = principal.post(reverse("academics:compute", args=[group.pk, 0]))
    again = principal.get(reverse("academics:summary", args=[group.pk, 0])).content.decode()

    assert answer.status_code == 302
    job = Job.objects.get(name="academics.results")
    assert (job.arguments["under"], job.arguments["year"]) == (str(group.organisation.path), YEAR)
    assert "Tính kết quả học kì, cả năm" in again
    assert lan(group).post(reverse("academics:compute", args=[group.pk, 0])).status_code == 404


def text_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_the_cards_of_a_class_are_a_page_each_in_one_small_file(cast: Cast) -> None:
    group, _pupils = cast
    client, url = lan(group), reverse("academics:cards", args=[group.pk, 0])
    assert client.get(url).status_code == 409

    compute_results(group.organisation_id, YEAR)
    answer = client.get(url)

    pages = text_of(answer.content)
    assert answer["Content-Disposition"] == 'attachment; filename="phieu-8a3-ca-nam-2026.pdf"'
    assert len(pages) == 2
    for words in ("Đỗ Khánh An", "Toán", "8,5", "Học sinh Giỏi", "Được lên lớp", "Nguyễn Thị Lan", "TT22/2021@1"):
        assert words in pages[0]
    assert len(answer.content) <= 2 * 20 * 1024


def test_a_family_takes_the_card_of_its_own_child_alone(cast: Cast) -> None:
    group, (an, anh) = cast
    mother = a_guardian(an.learner)
    account = an_account("guardian", group.organisation, person=mother)
    client = Client()
    client.force_login(account)
    own = reverse("academics:card", args=[an.learner_id, YEAR, 1])
    assert client.get(own).status_code == 404  # nothing is computed yet

    compute_results(group.organisation_id, YEAR)
    answer = client.get(own)

    assert answer.status_code == 200
    assert "Đỗ Khánh An" in text_of(answer.content)[0]
    assert len(answer.content) <= 20 * 1024
    assert client.get(reverse("academics:card", args=[anh.learner_id, YEAR, 1])).status_code == 404
    assert client.get(reverse("academics:card", args=[an.learner_id, YEAR, 7])).status_code == 404


def test_a_family_reads_of_decided_results_alone(cast: Cast) -> None:
    group, (an, anh) = cast
    compute_results(group.organisation_id, YEAR)
    Result.objects.filter(enrolment=an, part__in=[2, 0]).update(level=None)
    news = next(each for each in RESULTS if isinstance(each, ChildNews))

    told = list(news.find([an.learner_id]))

    assert [(child, title) for child, title, _detail, _url in told] == [
        (an.learner_id, "Kết quả học kì I, năm học 2026–2027")
    ]
    assert told[0][2] == "Học tập Tốt, rèn luyện Tốt. Tải phiếu (PDF)"


def test_the_cards_of_a_school_are_counted_against_what_was_asked(cast: Cast) -> None:
    group, _pupils = cast
    compute_results(group.organisation_id, YEAR)
    late = a_pupil(group, name="Vũ Thị Cao")
    principal = signed_in("principal", group)

    sent = principal.post(reverse("academics:ask_cards", args=[group.pk, 0]))
    job = Job.objects.get(name="academics.cards")
    told = print_school(Progress(), **job.arguments)
    again = print_school(Progress(), **job.arguments)
    Job.objects.filter(pk=job.pk).update(state="done", result=told)
    text = principal.get(sent["Location"]).content.decode()

    assert (told["asked"], told["made"], told == again) == (3, 2, True)
    assert told["lacking"] == [{"class": "8A3", "who": late.learner.full_name, "why": "chưa tính kết quả"}]
    assert "Yêu cầu 3 phiếu, in được 2." in text
    file = Attachment.objects.get(on_kind="report_cards")
    assert len(text_of(bytes(file.content))) == 2
    assert principal.get(reverse("ui:attachment", args=[file.pk])).status_code == 200
    assert lan(group).get(reverse("ui:attachment", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_of_classes_takes_as_many_statements_whatever_the_school(
    count: int, django_assert_num_queries: Any
) -> None:
    school = a_school()
    for place in range(count):
        a_pupil(a_class(school, name=f"8A{place}", homeroom=a_teacher(school)))
    group = ClassGroup.objects.get(name="8A0")
    principal = signed_in("principal", group)
    principal.get(reverse("academics:classes"))

    with django_assert_num_queries(CLASSES_READ):
        text = principal.get(reverse("academics:classes")).content.decode()
    assert text.count("/ren-luyen/") == count


CLASSES_READ = 10


def test_a_homeroom_teacher_finds_the_own_class_alone(cast: Cast) -> None:
    group, _pupils = cast
    other = a_class(group.organisation, name="8A4")
    compute_results(group.organisation_id, YEAR)

    text = lan(group).get(reverse("academics:classes")).content.decode()

    assert str(group.pk) in text
    assert str(other.pk) not in text
    assert "2 em đã xếp" in text


def test_the_end_of_the_year_is_seen_before_anything_is_done(cast: Cast) -> None:
    group, (an, _anh) = cast
    for subjects, marks in ((SCORED[:2], {"midterm": 0, "final": 0}), (SCORED[2:5], {"midterm": 60, "final": 40})):
        Mark.objects.filter(enrolment=an, sheet__subject__in=subjects).update(**marks)
    waiting = a_pupil(a_class(group.organisation, name="9B", grade=9), name="Vũ Thị Cao")
    compute_results(group.organisation_id, YEAR)
    principal, url = signed_in("principal", group), reverse("academics:year_end")

    text = principal.get(url).content.decode()
    told = list(csv.reader(io.StringIO(principal.get(url, {"as": "csv"}).content.decode("utf-8-sig"))))

    assert "1 trên 3 học sinh được lên lớp hoặc hoàn thành chương trình; 1 em chưa đủ kết quả cả năm." in text
    assert "9A3" in text
    assert "hết cấp" in text
    assert told[1:] == [["8A3", "Đỗ Khánh An", "Kiểm tra, đánh giá lại trong hè", "Công nghệ, Giáo dục công dân"]]
    assert Enrolment.objects.filter(learner=waiting.learner_id).count() == 1


@pytest.mark.parametrize("count", [2, 20])
def test_the_end_of_the_year_takes_as_many_statements_whatever_the_school(
    count: int, django_assert_num_queries: Any
) -> None:
    school = a_school()
    for place in range(count):
        keep_years(group := a_class(school, name=f"8A{place}"), {a_pupil(group): FULL})
    compute_results(school.pk, YEAR)
    Result.objects.filter(part=0).update(outcome="retest", retest=["TOAN"])
    principal = signed_in("principal", group)
    principal.get(reverse("academics:year_end"))

    with django_assert_num_queries(YEAR_END_READ):
        assert principal.get(reverse("academics:year_end")).status_code == 200


YEAR_END_READ = 17


@pytest.mark.parametrize(("name", "grade", "up"), [("8A3", 8, "9A3"), ("10 Toán", 10, "11 Toán"), ("Hoa", 6, "Hoa")])
def test_next_years_class_is_named_one_grade_up(name: str, grade: int, up: str) -> None:
    assert next_name(name, grade) == up
