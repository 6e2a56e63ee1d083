"""Reports of units: drafted live, approved, numbered, frozen, restated with both values kept."""

import datetime as dt
import io

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from phuong.kernel.attachments import attachments_of
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, Actor
from phuong.measures.actions import refresh_measures
from phuong.registry.api import Organisation, Person
from phuong.reports.actions import FILES, draft_all, draft_report, restate, take_step, write_words
from phuong.reports.errors import WrongStep
from phuong.reports.models import Report
from tests.world import World, a_world

BY = Actor(scope="vn.p31", name="Chuyên viên Minh", permissions=SYSTEM.permissions)
DAY = dt.date(2026, 11, 23)


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def of_department(kind: str = "monthly") -> Report:
    return draft_report(Organisation.objects.get(path="vn.p31.sgd"), kind=kind, day=DAY, by=BY)


def send(report: Report) -> Report:
    for act in ("submit", "approve", "send"):
        report = take_step(report.pk, act=act, by=BY)
    return report


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_draft_follows_the_live_figures_until_it_is_sent(world: World) -> None:
    report = of_department()
    assert report.facts["figures"]["registry.learners_with_number"] == "0"
    Person.objects.filter(pk=world.an.pk).update(number_cipher=b"x", number_hash=b"y", number_check="agrees")
    refresh_measures(Progress(), day="2026-11-23")

    again = of_department()

    assert again.pk == report.pk
    assert again.facts["figures"]["registry.learners_with_number"] != "0"


def test_a_report_goes_out_on_the_fourth_and_is_restated_on_the_ninth(world: World) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 4, 3, tzinfo=dt.UTC)):
        sent = send(of_department())
    first = text_of(bytes(attachments_of(FILES, [sent.pk]).get().content))
    Person.objects.filter(pk=world.an.pk).update(number_cipher=b"x", number_hash=b"y", number_check="agrees")
    refresh_measures(Progress(), day="2026-12-05")
    with time_machine.travel(dt.datetime(2026, 12, 9, 3, tzinfo=dt.UTC)):
        again = send(restate(sent.pk, because="bổ sung số định danh", by=BY))

    sent.refresh_from_db()
    assert (sent.number, again.number) == ("01/BC-SGDĐT", "02/BC-SGDĐT")
    assert (sent.sent_on, again.sent_on) == (dt.date(2026, 12, 4), dt.date(2026, 12, 9))
    assert sent.facts["figures"] != again.facts["figures"]
    assert "01/BC-SGDĐT" in first
    second = text_of(bytes(attachments_of(FILES, [again.pk]).get().content))
    assert "thay thế Báo cáo số 01/BC-SGDĐT" in second
    page = world.client("division_officer").get(reverse("reports:report", args=[sent.pk])).content.decode()
    assert "02/BC-SGDĐT" in page


def test_a_sent_report_is_frozen(world: World) -> None:
    sent = send(of_department())

    with pytest.raises(WrongStep):
        write_words(sent.pk, words={"results": "khác"}, by=BY)
    with pytest.raises(WrongStep):
        take_step(sent.pk, act="return", by=BY)

    assert of_department().facts == sent.facts


def test_numbers_of_a_unit_follow_each_other(world: World) -> None:
    numbers = [send(of_department(kind)).number for kind in ("monthly", "half_yearly", "yearly")]

    assert numbers == ["01/BC-SGDĐT", "02/BC-SGDĐT", "03/BC-SGDĐT"]


def test_every_school_gets_its_own_report_and_twice_makes_none_twice(world: World) -> None:
    for _time in range(2):
        told = draft_all(Progress(), kind="monthly", day="2026-11-23", under="vn.p31", asked_by="Minh")

    assert told["asked"] == told["drafted"] == 3
    assert Report.objects.filter(organisation__kind="school").count() == 3


def test_only_the_right_person_takes_each_step(world: World) -> None:
    report = of_department()
    submit = reverse("reports:step", args=[report.pk, "submit"])

    refused = [world.client(role).post(submit).status_code for role in ("department_leader", "principal", "auditor")]

    assert refused == [404, 404, 404]
    assert world.client("division_officer").post(submit).status_code == 302
    approve = reverse("reports:step", args=[report.pk, "approve"])
    assert world.client("division_officer").post(approve).status_code == 404
    assert world.client("department_leader").post(approve).status_code == 302


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_paper_is_handed_over(world: World, form: str, start: bytes) -> None:
    report = write_words(of_department().pk, words={"results": "Mở 12 lớp mới."}, by=BY)

    answer = world.client("auditor").get(reverse("reports:paper", args=[report.pk, form]))

    assert answer.content.startswith(start)
