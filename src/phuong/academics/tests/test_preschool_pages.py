"""Preschool groups: weighing and measuring, who is due, who reads it; development by domains."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from phuong.academics.jobs import RESULTS
from phuong.academics.models import DevelopmentRecord, GrowthCheck, MarkChange
from phuong.academics.profiles import preschool
from phuong.academics.queries.preschool import due_at
from phuong.academics.rules.preschool import due_on, months_old
from phuong.academics.testing import YEAR
from phuong.academics.tests.test_primary_pages import statements
from phuong.academics.tests.test_results import a_pupil, many_pupils
from phuong.identity.testing import an_account
from phuong.kernel.contributions import ChildNews
from phuong.registry.api import ClassGroup, Enrolment, Organisation, Person
from phuong.registry.testing import a_class, a_guardian, a_school, a_teacher, a_teaching

pytestmark = pytest.mark.django_db
RULES = preschool()
INDICES = [*RULES.growth]
DAY, BEFORE = dt.date(2026, 10, 12), dt.date(2026, 9, 10)


class Scene:
    """Group Lá 1 of Lan's with two children: Yến, not two yet in autumn, and Bình, four."""

    def __init__(self) -> None:
        self.school: Organisation = a_school(level="preschool")
        self.lan, self.hoa = a_teacher(self.school), a_teacher(self.school, name="Trần Thị Hoa")
        self.group: ClassGroup = a_class(self.school, name="Lá 1", grade=0, level="kindergarten", homeroom=self.lan)
        born = {"Vũ Hải Yến": dt.date(2024, 12, 20), "Bùi Văn Bình": dt.date(2022, 3, 1)}
        self.yen, self.binh = (a_pupil(self.group, name=name, birth_date=day) for name, day in born.items())

    def client(self, role: str, person: Person | None = None) -> Client:
        client = Client()
        client.force_login(an_account(role, self.school, person=person))
        return client

    def url(self, day: dt.date = DAY) -> str:
        return reverse("academics:growth", args=[self.group.pk, day.isoformat()])

    def form(self, weight: list[str], height: list[str], seen: int = 0, **found: list[str]) -> dict[str, Any]:
        columns = {index: found.get(index, ["", ""]) for index in INDICES}
        pupils = [str(self.yen.learner_id), str(self.binh.learner_id)]
        return {"l": pupils, "v": [str(seen)] * 2, "weight": weight, "height": height, **columns}

    def measured(self, day: dt.date = DAY) -> list[tuple[Any, ...]]:
        rows = {row.learner_id: row for row in GrowthCheck.objects.filter(day=day)}
        found = [rows.get(each.learner_id) for each in (self.yen, self.binh)]
        return [(row.weight, row.height, row.findings) if row else () for row in found]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def a_check(pupil: Enrolment, day: dt.date, **facts: Any) -> GrowthCheck:
    where = {"path": pupil.path, "enrolment": pupil, "learner": pupil.learner, "day": day}
    return GrowthCheck.objects.create(**where, **{"weight": 11_000, "height": 850, "version": 1, **facts})


@pytest.mark.parametrize(
    ("birth", "last", "due"),
    [
        (dt.date(2024, 12, 20), dt.date(2026, 9, 10), dt.date(2026, 10, 10)),  # 20 months
        (dt.date(2024, 9, 11), dt.date(2026, 9, 10), dt.date(2026, 10, 10)),  # 23 months
        (dt.date(2024, 9, 10), dt.date(2026, 9, 10), dt.date(2026, 12, 10)),  # 24 months
        (dt.date(2022, 3, 1), dt.date(2026, 11, 30), dt.date(2027, 2, 28)),
        (None, dt.date(2026, 9, 10), dt.date(2026, 12, 10)),
    ],
)
def test_measuring_is_due_by_the_age_of_the_last_time(birth: dt.date | None, last: dt.date, due: dt.date) -> None:
    assert due_on(RULES, birth, last) == due
    assert birth is None or months_old(birth, last) in (20, 23, 24, 56)


def test_the_teacher_writes_a_day_and_every_change_is_kept(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)

    page = lan.get(scene.url()).content.decode()
    found = {"weight_for_age": ["normal", "underweight"], "height_for_age": ["", "obese"]}
    first = lan.post(scene.url(), scene.form(["11,4", "13.0"], ["85,2", ""], **found))
    lan.post(scene.url(), scene.form(["11,5", "13,0"], ["85,2", ""], 1, **found))
    again = lan.get(scene.url()).content.decode()

    assert "2 trẻ đến hạn cân đo" in page
    assert first.status_code == 302
    assert scene.measured() == [
        (11_500, 852, {"weight_for_age": "normal"}),
        (13_000, None, {"weight_for_age": "underweight"}),  # obese is no finding of height for age
    ]
    assert 'value="11,5"' in again
    changes = MarkChange.objects.filter(learner=scene.yen.learner_id).order_by("id")
    assert [each.what.get("weight") for each in changes] == [[None, 11_400], [11_400, 11_500]]


def test_who_is_due_comes_first(scene: Scene) -> None:
    for each in (scene.yen, scene.binh):
        a_check(each, BEFORE)

    text = scene.client("teacher", scene.lan).get(scene.url()).content.decode()
    due = due_at(RULES, [scene.yen, scene.binh], DAY)

    assert [due[each.learner_id].is_late for each in (scene.yen, scene.binh)] == [True, False]
    assert "1 trẻ đến hạn cân đo" in text
    assert "10/09/2026: 11,0 kg, 85,0 cm · đến hạn 10/10/2026" in text
    assert text.index("Vũ Hải Yến") < text.index("Bùi Văn Bình")


def test_out_of_range_is_refused_by_name_and_the_rest_is_kept(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)

    answer = lan.post(scene.url(), scene.form(["114", "13"], ["85", "95,25"]))
    fine = lan.post(scene.url(), scene.form(["114", "13"], ["85", "95,2"]))

    text = answer.content.decode()
    assert (answer.status_code, fine.status_code) == (422, 422)
    assert "Vũ Hải Yến: Cân nặng từ 1 đến 60 kg" in text
    assert "Bùi Văn Bình: Chiều cao từ 30 đến 150 cm" in text
    assert 'value="114"' in text
    assert scene.measured() == [(), (13_000, 952, {})]


def test_the_second_of_two_is_told(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    lan.post(scene.url(), scene.form(["11,4", "13"], ["85", "95"], weight_for_age=["underweight", ""]))

    late = lan.post(scene.url(), scene.form(["12,4", "13"], ["85", "95"]))

    assert late.status_code == 422
    assert "vừa ghi «11,4, 85,0, Nhẹ cân»" in late.content.decode()
    assert scene.measured()[0] == (11_400, 850, {"weight_for_age": "underweight"})


def test_days_to_come_and_of_other_years_are_not_there(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)

    for day in (dt.date(2199, 1, 1), dt.date(YEAR, 7, 31), dt.date(YEAR + 1, 8, 1)):
        assert lan.get(scene.url(day)).status_code == 404
        assert lan.post(scene.url(day), scene.form(["11", "13"], ["85", "95"])).status_code == 404
    assert lan.get(scene.url() + "?ngay=2026-09-10").headers["Location"] == scene.url(BEFORE)
    other = a_class(scene.school, name="4A", grade=4, level="primary", homeroom=scene.lan)
    assert lan.get(reverse("academics:growth", args=[other.pk, "2026-10-12"])).status_code == 404


def test_health_is_read_by_the_own_teacher_the_principal_and_the_family_alone(scene: Scene) -> None:
    a_check(scene.yen, BEFORE, findings={"height_for_age": "stunted"})
    url = reverse("academics:growth_of", args=[scene.yen.learner_id])
    mother = a_guardian(scene.yen.learner)
    family = Client()
    family.force_login(an_account("guardian", scene.school, person=mother))
    readers = [scene.client("teacher", scene.lan), scene.client("principal"), family]
    others = [scene.client("homeroom_teacher", scene.hoa), scene.client("clerk")]

    assert [each.get(url).status_code for each in readers] == [200, 200, 200]
    assert [each.get(url).status_code for each in others] == [404, 404]
    assert [each.get(scene.url()).status_code for each in others] == [404, 404]
    assert family.get(reverse("academics:growth_of", args=[scene.binh.learner_id])).status_code == 404
    text = family.get(url).content.decode()
    for words in ("11,0", "85,0", "Chiều cao theo tuổi: Thấp còi", "hạn 10/10/2026"):
        assert words in text
    news = next(each for each in RESULTS if isinstance(each, ChildNews) and each.code == "academics.growth")
    assert list(news.find([scene.yen.learner_id])) == [
        (scene.yen.learner_id, "Cân đo ngày 10/09/2026", "11,0 kg, 85,0 cm. Chiều cao theo tuổi: Thấp còi", url)
    ]


def test_development_is_said_by_domain(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    url = reverse("academics:development", args=[scene.group.pk, 1])
    domains = [*RULES.stages["kindergarten"].domains]
    pupils = {"l": [str(scene.yen.learner_id), str(scene.binh.learner_id)], "v": ["0", "0"]}
    form = {**pupils, **{code: ["1", ""] for code in domains}, "remark": ["Mạnh dạn", ""]}

    page = lan.get(url).content.decode()
    first, late = lan.post(url, form), lan.post(url, {**form, "remark": ["Nhút nhát", ""]})

    assert "Phát triển thẩm mĩ" in page
    assert (first.status_code, late.status_code) == (302, 422)
    row = DevelopmentRecord.objects.get()
    assert (row.results, row.remark) == (dict.fromkeys(domains, 1), "Mạnh dạn")
    assert "vừa ghi «Đạt, Đạt, Đạt, Đạt, Đạt, Mạnh dạn»" in late.content.decode()
    assert lan.get(reverse("academics:development", args=[scene.group.pk, 3])).status_code == 404
    assert scene.client("principal").post(url, form).status_code == 403


def test_the_list_of_sheets_leads_to_those_of_the_group(scene: Scene) -> None:
    text = scene.client("teacher", scene.lan).get(reverse("academics:sheets") + "?ki=1").content.decode()

    assert f"/so-diem/lop/{scene.group.pk}/can-do/" in text
    assert reverse("academics:development", args=[scene.group.pk, 1]) in text


def test_pages_and_saving_take_as_many_statements_whatever_the_group(scene: Scene) -> None:
    lan = scene.client("teacher", scene.lan)
    pages = [scene.url(), reverse("academics:development", args=[scene.group.pk, 1])]
    counts = []
    for more in (0, 48):
        pupils = [scene.yen, scene.binh, *many_pupils(scene.group, more)]
        form = {"l": [str(each.learner_id) for each in pupils], "v": ["0"] * len(pupils)}
        form |= {name: [""] * len(pupils) for name in ("height", *INDICES)} | {"weight": ["12"] * len(pupils)}
        read = [statements(lan, page) for page in pages]
        with CaptureQueriesContext(connection) as queries:
            assert lan.post(scene.url(DAY if more else BEFORE), form).status_code == 302
        counts.append((read, len(queries)))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("facts", [{"weight": 999}, {"weight": 60_001}, {"height": 299}, {"findings": {"x": 1}}])
def test_the_database_refuses_what_no_child_weighs(scene: Scene, facts: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        a_check(scene.yen, DAY, **facts)


@pytest.mark.parametrize("result", [2, "1", None])
def test_the_database_refuses_what_is_no_result(scene: Scene, result: Any) -> None:
    where = {"path": scene.yen.path, "enrolment": scene.yen, "learner": scene.yen.learner, "period": 1}
    with pytest.raises(DatabaseError), transaction.atomic():
        DevelopmentRecord.objects.create(**where, results={"THECHAT": result})


def test_what_was_measured_is_never_deleted(scene: Scene) -> None:
    a_check(scene.yen, DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        GrowthCheck.objects.all().delete()


def test_a_second_teacher_writes_both_sheets_and_the_health_worker_measures_alone(scene: Scene) -> None:
    a_teaching(scene.group, scene.hoa)
    nurse = a_teacher(scene.school, name="Lê Thị Y", group="staff", position="medical")
    stranger = a_teacher(a_school(scene.school.territory, level="preschool"), group="staff", position="medical")
    development = reverse("academics:development", args=[scene.group.pk, 1])
    told: dict[str, tuple[int, ...]] = {}
    for seen, (name, person) in enumerate({"hoa": scene.hoa, "nurse": nurse, "stranger": stranger}.items()):
        client = Client()
        client.force_login(an_account("teacher", scene.school, person=person, username=name))
        measured = client.post(scene.url(), scene.form([f"1{seen}", ""], ["", ""], seen=seen))
        pages = [scene.url(), development, reverse("academics:growth_of", args=[scene.yen.learner_id])]
        told[name] = (measured.status_code, *(client.get(page).status_code for page in pages))
        listed = client.get(reverse("academics:sheets")).content.decode()
        told[name] += (f"{scene.group.pk}/can-do/" in listed, f"{scene.group.pk}/phat-trien/" in listed)

    assert told["hoa"] == (302, 200, 200, 200, True, True)
    assert told["nurse"] == (302, 200, 404, 200, True, False)
    assert told["stranger"] == (404, 404, 404, 404, False, False)
    assert scene.measured()[0] == (11_000, None, {})
    assert f"{scene.group.pk}/TOAN/" not in listed
