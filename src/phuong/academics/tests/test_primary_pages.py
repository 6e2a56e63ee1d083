"""Primary classes: what teachers say at the four times, the results that follow and are proved, the same on cards."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from phuong.academics.actions.results import compute_results, prove_results
from phuong.academics.jobs import RESULTS
from phuong.academics.models import EntryWindow, MarkChange, PrimaryRating, PrimaryRecord, Result
from phuong.academics.profiles import primary, programme_for
from phuong.academics.rules.primary import PrimaryFacts
from phuong.academics.rules.primaryparts import decide_primary, result_codes
from phuong.academics.rules.proof import inputs_hash
from phuong.academics.rules.yearly import PrimaryYear, primary_year
from phuong.academics.testing import YEAR, keep_primary, some_primary
from phuong.academics.tests.test_results import a_pupil, many_pupils
from phuong.identity.testing import an_account
from phuong.kernel.contributions import ChildNews
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person
from phuong.registry.testing import a_class, a_guardian, a_learner, a_school, a_teacher, a_teaching, an_enrolment

pytestmark = pytest.mark.django_db
RULES = primary()
TESTED = ("TIENGVIET", "TOAN", "NN1", "TINCN", "LSDLTH", "KHOAHOC")
SUBJECTS = tuple(each.code for each in programme_for("primary", 4, YEAR).subjects_of(4, "compulsory"))
BEST = PrimaryYear(
    PrimaryFacts(
        grade=4,
        subjects=dict.fromkeys(SUBJECTS, "T"),
        tests=dict.fromkeys(TESTED, 9),
        qualities=dict.fromkeys(RULES.qualities, "T"),
        competences=dict.fromkeys(RULES.competences, "T"),
    )
)


class Scene:
    """Class 4A of Lan's, who teaches Vietnamese and mathematics there; Hoa teaches English; two pupils."""

    def __init__(self) -> None:
        self.school: Organisation = a_school(level="primary")
        self.lan, self.hoa = a_teacher(self.school), a_teacher(self.school, name="Trần Thị Hoa")
        self.group: ClassGroup = a_class(self.school, name="4A", grade=4, level="primary", homeroom=self.lan)
        self.pupils: list[Enrolment] = [a_pupil(self.group, name=name) for name in ("Đỗ Khánh An", "Bùi Thị Ánh")]
        for subject in ("TOAN", "TIENGVIET"):
            a_teaching(self.group, self.lan, subject=subject)
        a_teaching(self.group, self.hoa, subject="NN1")

    def client(self, role: str, person: Person | None = None) -> Client:
        client = Client()
        client.force_login(an_account(role, self.school, person=person))
        return client

    def url(self, period: int = 4, subject: str = "TOAN") -> str:
        return reverse("academics:primary", args=[self.group.pk, subject, period])

    def records_url(self, period: int = 4) -> str:
        return reverse("academics:primary_records", args=[self.group.pk, period])

    def form(self, seen: int = 0, **columns: list[str]) -> dict[str, Any]:
        return {"l": [str(each.learner_id) for each in self.pupils], "v": [str(seen)] * 2, **columns}

    def said(self, subject: str = "TOAN", period: int = 4) -> list[tuple[Any, ...]]:
        rows = PrimaryRating.objects.filter(subject=subject, period=period)
        by = {each.enrolment_id: (each.level, each.test, each.remark) for each in rows}
        return [by.get(each.pk, ()) for each in self.pupils]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_teacher_of_a_subject_rates_a_class_in_one_form_and_every_change_is_kept(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)

    page = lan.get(scene.url()).content.decode()
    first = lan.post(scene.url(), scene.form(level=["t", "h"], test=["10", "7"], remark=["Tính nhanh", ""]))
    second = lan.post(scene.url(), scene.form(1, level=["T", "T"], test=["10", "8"], remark=["Tính nhanh", ""]))

    assert "Đỗ Khánh An" in page
    assert 'name="test"' in page
    assert (first.status_code, second.status_code) == (302, 302)
    assert scene.said() == [("T", 10, "Tính nhanh"), ("T", 8, "")]
    changes = MarkChange.objects.filter(learner=scene.pupils[1].learner_id).order_by("id")
    assert [each.what for each in changes] == [
        {"level": [None, "H"], "test": [None, 7]},
        {"level": ["H", "T"], "test": [7, 8]},
    ]


def test_the_homeroom_teacher_rates_qualities_and_competences(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    ratings = {code: ["đ", ""] for code in (*RULES.qualities, *RULES.competences)}

    page = lan.get(scene.records_url()).content.decode()
    answer = lan.post(scene.records_url(), scene.form(**ratings, outstanding=["1", ""], remark=["Ngoan", ""]))

    assert "Giải quyết vấn đề và sáng tạo" in page
    assert answer.status_code == 302
    row = PrimaryRecord.objects.get()
    assert (row.enrolment, row.is_outstanding, row.remark) == (scene.pupils[0], True, "Ngoan")
    assert row.ratings == dict.fromkeys((*RULES.qualities, *RULES.competences), "D")
    assert "is_outstanding" in MarkChange.objects.get().what


def test_what_cannot_be_read_stays_typed_and_the_rest_is_kept(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)

    answer = lan.post(scene.url(), scene.form(level=["X", "H"], test=["", "7"], remark=["Chăm", ""]))
    mark = lan.post(scene.url(), scene.form(level=["T", "H"], test=["7,5", "7"], remark=["Chăm", ""]))

    text = answer.content.decode()
    assert (answer.status_code, mark.status_code) == (422, 422)
    assert "Đỗ Khánh An: Mức đạt được là T, H hoặc C." in text
    assert 'value="X"' in text
    assert "Điểm kiểm tra là số nguyên từ 1 đến 10." in mark.content.decode()
    assert scene.said() == [(), ("H", 7, "")]


def test_the_second_of_two_is_told_and_loses_nothing(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    lan.post(scene.url(), scene.form(level=["T", "T"], test=["9", "9"], remark=["", ""]))

    late = lan.post(scene.url(), scene.form(level=["H", "T"], test=["6", "9"], remark=["Ẩu", ""]))
    script = lan.post(
        scene.url(),
        scene.form(level=["H", "T"], test=["6", "9"], remark=["Ẩu", ""]),
        headers={"Accept": "application/json"},
    )
    standing = scene.said()
    sure = lan.post(scene.url(), scene.form(1, level=["H", "T"], test=["6", "9"], remark=["Ẩu", ""]))

    text = late.content.decode()
    assert late.status_code == 422
    assert "vừa ghi «T, 9»" in text
    assert 'value="Ẩu"' in text
    assert [each["state"] for each in script.json()["refused"]] == ["clash"]
    assert standing[0] == ("T", 9, "")
    assert sure.status_code == 302
    assert scene.said()[0] == ("H", 6, "Ẩu")


def test_a_closed_time_is_not_written(scene: Scene) -> None:
    lan, past = scene.client("teacher", scene.lan), dt.date(2026, 10, 1)
    where = {"path": scene.school.path, "organisation": scene.school, "school_year": YEAR, "term": 2}
    EntryWindow.objects.create(**where, column="final", opens_on=past, closes_on=past)

    page = lan.get(scene.url()).content.decode()
    answer = lan.post(scene.url(), scene.form(level=["T", "T"], test=["9", "9"], remark=["", ""]))
    other = lan.post(scene.url(3), scene.form(level=["T", "T"], test=["9", "9"], remark=["", ""]))

    assert "hết hạn ghi ngày 1/10" in page
    assert '<form method="post" id="pr"' not in page
    assert (answer.status_code, other.status_code) == (409, 302)
    assert scene.said() == [(), ()]


@pytest.mark.parametrize(
    ("who", "subject", "read", "written"),
    [("hoa", "TOAN", 404, 404), ("hoa", "NN1", 200, 302), ("lan", "NN1", 200, 403), ("head", "TOAN", 200, 403)],
)
def test_who_reads_and_who_writes_a_sheet(scene: Scene, who: str, subject: str, read: int, written: int) -> None:
    person = {"hoa": scene.hoa, "lan": scene.lan}.get(who)
    client = scene.client("teacher" if person else "principal", person)
    form = scene.form(level=["T", "T"], test=["9", "9"], remark=["", ""])

    assert client.get(scene.url(subject=subject)).status_code == read
    assert client.post(scene.url(subject=subject), form).status_code == written
    assert PrimaryRating.objects.count() == (2 if written == 302 else 0)


def test_a_primary_class_has_no_grid_and_the_list_leads_to_its_own_sheets(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)

    text = lan.get(reverse("academics:sheets") + "?ki=1").content.decode()

    assert reverse("academics:grid", args=[scene.group.pk, "TOAN", 1]) not in text
    assert f"/so-diem/lop/{scene.group.pk}/TOAN/dot/" in text
    assert f"/so-diem/lop/{scene.group.pk}/pham-chat/" in text
    assert lan.get(reverse("academics:grid", args=[scene.group.pk, "TOAN", 1])).status_code == 404
    assert lan.get(scene.url(subject="NGUVAN")).status_code == 404
    assert lan.get(scene.url(5)).status_code == 404
    other = a_class(scene.school, name="8A", homeroom=scene.lan)
    a_teaching(other, scene.lan)
    assert lan.get(reverse("academics:primary", args=[other.pk, "TOAN", 1])).status_code == 404


def statements(client: Client, url: str) -> int:
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_pages_take_as_many_statements_whatever_the_class(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    pages = [scene.url(), scene.records_url(), reverse("academics:sheets")]
    pages.append(reverse("academics:summary", args=[scene.group.pk, 0]))
    keep_primary(dict.fromkeys(scene.pupils, BEST))
    compute_results(scene.school.pk, YEAR)
    with_two = [statements(lan, page) for page in pages]

    keep_primary(dict.fromkeys(many_pupils(scene.group, 48), BEST))
    for name in "BCDE":
        a_class(scene.school, name=f"4{name}", grade=4, level="primary", homeroom=scene.lan)
    compute_results(scene.school.pk, YEAR)

    assert [statements(lan, page) for page in pages] == with_two


def test_saving_takes_as_many_statements_whatever_the_class(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    lan.get(scene.url())
    counts = []
    for pupils, period in ((scene.pupils, 2), ([*scene.pupils, *many_pupils(scene.group, 30)], 4)):
        form = {"l": [str(each.learner_id) for each in pupils], "v": ["0"] * len(pupils)}
        form |= {"level": ["T"] * len(pupils), "test": ["9"] * len(pupils), "remark": [""] * len(pupils)}
        with CaptureQueriesContext(connection) as queries:
            assert lan.post(scene.url(period), form).status_code == 302
        counts.append(len(queries))

    assert counts[0] == counts[1]


def result_of(pupil: Enrolment, part: int = 0) -> Result:
    return Result.objects.get(enrolment=pupil, part=part)


def test_the_result_of_a_primary_year_is_kept_and_proved(scene: Scene) -> None:
    an, anh = scene.pupils
    poor = replace(BEST, facts=replace(BEST.facts, tests={**BEST.facts.tests, "TOAN": 4}))
    keep_primary({an: BEST, anh: poor})

    told = compute_results(scene.school.pk, YEAR)
    again = compute_results(scene.school.pk, YEAR)

    assert (told.pupils, told.written, told.skipped, again.written) == (2, 4, 0, 0)
    one, other = result_of(an), result_of(anh)
    assert (one.level, one.honour, one.outcome, one.retest) == (3, "xuat_sac", "promoted", [])
    assert (other.level, other.honour, other.outcome, other.retest) == (0, "", "support", ["TOAN"])
    assert (one.averages["TOAN"], one.remarks["TOAN"], one.remarks["NHANAI"]) == (9, "T", "T")
    assert (one.rule, one.inputs_hash) == ("TT27/2020@1", inputs_hash(RULES, BEST))
    assert (result_of(an, 1).level, result_of(an, 1).outcome) == (None, "")
    assert prove_results(scene.school.pk, YEAR).unproved == ()
    PrimaryRating.objects.filter(enrolment=an, subject="TOAN").update(level="H")
    proved = prove_results(scene.school.pk, YEAR)
    assert [(each.learner, each.part, each.same_inputs) for each in proved.unproved] == [(an.learner_id, 0, False)]


def test_what_an_earlier_class_said_goes_along_and_the_present_one_is_laid_over_it(scene: Scene) -> None:
    old = a_class(scene.school, name="4B", grade=4, level="primary")
    learner, day = a_learner(scene.school, name="Vũ Thị Cao"), dt.date(2026, 11, 1)
    keep_primary({an_enrolment(learner, old, to=day): BEST})
    now = an_enrolment(learner, scene.group, since=day)
    where = {"path": now.path, "enrolment": now, "learner": now.learner, "period": 4}
    PrimaryRating.objects.create(**where, subject="TOAN", level="H", test=8)

    compute_results(scene.school.pk, YEAR)

    found = Result.objects.get(learner=now.learner, part=0)
    assert (found.enrolment, found.level, found.remarks["TOAN"], found.averages["TOAN"]) == (now, 1, "H", 8)


@pytest.mark.slow
def test_results_of_many_pupils_are_those_of_the_rules() -> None:
    school = a_school(level="primary")
    drawn = list(some_primary(seed=5, count=300))
    expected: dict[Any, PrimaryYear] = {}
    for grade in range(1, 6):
        group = a_class(school, name=f"{grade}A", grade=grade, level="primary")
        these = [year for year in drawn if year.facts.grade == grade]
        years = dict(zip(many_pupils(group, len(these)), these, strict=True))
        keep_primary(years)
        expected |= {each.pk: year for each, year in years.items()}

    with CaptureQueriesContext(connection) as queries:
        told = compute_results(school.pk, YEAR)

    assert (told.pupils, told.written) == (300, 600)
    assert len(queries) <= 20
    rows = {each.enrolment_id: each for each in Result.objects.filter(organisation=school, part=0)}
    for enrolment, year in expected.items():
        is_outstanding = year.outstanding and year.class_agrees
        kept = replace(year, outstanding=is_outstanding, class_agrees=is_outstanding)
        row, outcome = rows[enrolment], primary_year(RULES, year)
        assert result_codes(RULES)[row.level] == outcome.result
        assert (row.honour, row.outcome) == (outcome.honour or "", str(outcome.outcome))
        assert {name: getattr(row, name) for name in decide_primary(RULES, kept)} == decide_primary(RULES, kept)
    assert prove_results(school.pk, YEAR).proved == 600


def test_who_did_not_complete_is_assessed_again_and_decided_on(scene: Scene) -> None:
    an, anh = scene.pupils
    poor = replace(BEST, facts=replace(BEST.facts, subjects={**BEST.facts.subjects, "TOAN": "C"}))
    keep_primary({an: poor, anh: BEST})
    compute_results(scene.school.pk, YEAR)
    lan, head = scene.client("teacher", scene.lan), scene.client("principal")
    url = reverse("academics:primary_again", args=[scene.group.pk])
    outcomes = [result_of(an).outcome]

    page = lan.get(url).content.decode()
    again = lan.post(url, {"l": str(an.learner_id), "v": "0", "again": "chua_hoan_thanh"})
    compute_results(scene.school.pk, YEAR)
    outcomes.append(result_of(an).outcome)
    decided = head.post(url, {"l": str(an.learner_id), "v": "1", "decided": "0"})
    compute_results(scene.school.pk, YEAR)
    outcomes.append(result_of(an).outcome)

    assert (again.status_code, decided.status_code) == (302, 302)
    assert ("Đỗ Khánh An" in page, "Bùi Thị Ánh" in page) == (True, False)
    row = PrimaryRecord.objects.get(enrolment=an)
    assert (row.again, row.decided) == ("chua_hoan_thanh", False)
    assert row.ratings == {**poor.facts.qualities, **poor.facts.competences}
    assert outcomes == ["support", "principal", "retained"]
    assert prove_results(scene.school.pk, YEAR).unproved == ()
    assert scene.client("homeroom_teacher", scene.hoa).get(url).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("level", "X"), ("test", 0), ("test", 11), ("period", 5), ("ratings", {"NHANAI": "H"})]
)
def test_the_database_refuses_what_no_rule_knows(scene: Scene, field: str, value: Any) -> None:
    pupil = scene.pupils[0]
    where = {"path": pupil.path, "enrolment": pupil, "learner": pupil.learner, "period": 1}
    facts = {**where, field: value}

    with pytest.raises(DatabaseError), transaction.atomic():
        if field == "ratings":
            PrimaryRecord.objects.create(**facts)
        else:
            PrimaryRating.objects.create(**facts, subject="TOAN")


def test_what_was_said_is_never_deleted(scene: Scene) -> None:
    keep_primary({scene.pupils[0]: BEST})

    for model in (PrimaryRating, PrimaryRecord):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def text_of(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def test_summary_reasons_card_and_family_say_the_same(scene: Scene) -> None:
    an, anh = scene.pupils
    poor = replace(BEST, facts=replace(BEST.facts, tests={**BEST.facts.tests, "TOAN": 4}))
    keep_primary({an: BEST, anh: poor}, period=2)
    keep_primary({an: BEST, anh: poor})
    compute_results(scene.school.pk, YEAR)
    lan = scene.client("teacher", scene.lan)

    summary = lan.get(reverse("academics:summary", args=[scene.group.pk, 0])).content.decode()
    why = lan.get(reverse("academics:why", args=[scene.group.pk, 0, anh.learner_id])).content.decode()
    cards = lan.get(reverse("academics:cards", args=[scene.group.pk, 0])).content
    news = next(each for each in RESULTS if isinstance(each, ChildNews))
    told = [(title, detail) for _child, title, detail, _url in news.find([an.learner_id])]

    for words in ("Hoàn thành xuất sắc", "Chưa hoàn thành", "Học sinh Xuất sắc"):
        assert words in summary
    assert "Chưa hoàn thành: Toán 4" in why
    assert "Thông tư 27/2020/TT-BGDĐT, điều 9 khoản 2 điểm a" in why
    pages = text_of(cards)
    assert len(pages) == 2
    one = next(page for page in pages if "Đỗ Khánh An" in page)
    for words in ("Toán", "Nhân ái", "Hoàn thành xuất sắc", "Học sinh Xuất sắc", "Được lên lớp", "TT27/2020@1"):
        assert words in one
    assert len(cards) <= 2 * 20 * 1024
    assert told == [
        ("Kết quả cả năm học 2026–2027", "Kết quả giáo dục: Hoàn thành xuất sắc. Tải phiếu (PDF)"),
        ("Kết quả học kì I, năm học 2026–2027", "Đã đánh giá cuối học kì I. Tải phiếu (PDF)"),
    ]


def test_a_family_takes_the_card_of_term_1_once_all_is_said(scene: Scene) -> None:
    an, anh = scene.pupils
    keep_primary({an: BEST, anh: replace(BEST, facts=replace(BEST.facts, tests={}))}, period=2)
    compute_results(scene.school.pk, YEAR)
    client = Client()
    client.force_login(an_account("guardian", scene.school, person=a_guardian(an.learner)))

    card = client.get(reverse("academics:card", args=[an.learner_id, YEAR, 1]))

    assert card.status_code == 200
    assert "Tiếng Việt" in text_of(card.content)[0]
    assert client.get(reverse("academics:card", args=[an.learner_id, YEAR, 0])).status_code == 404
    assert client.get(reverse("academics:card", args=[anh.learner_id, YEAR, 1])).status_code == 404
