"""Reports of units: drafted, approved along the chain, numbered, frozen, restated with both values kept."""

import datetime as dt
import io

import pytest
import time_machine
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from phuong.identity.testing import an_account
from phuong.kernel.attachments import attachments_of
from phuong.kernel.jobs import Progress
from phuong.kernel.refusals import NotThere
from phuong.measures.actions import refresh_measures
from phuong.registry.api import Organisation, Person, StaffPosition
from phuong.registry.testing import a_teacher
from phuong.reports.actions.approving import Word, take_step
from phuong.reports.actions.drafting import draft_report, restate, write_words
from phuong.reports.errors import NoReason, WrongSigner, WrongStep
from phuong.reports.files import FILES, letterhead, paper_of
from phuong.reports.models import Report
from phuong.tasks.api import Assignment
from tests.reporting import actor_as, send
from tests.world import World, a_world

DAY = dt.date(2026, 11, 23)
FIGURE = "registry.learners_with_number"
LIST_QUERIES = 9


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def department() -> Organisation:
    return Organisation.objects.get(path="vn.p31.sgd")


def of_department(kind: str = "monthly", day: dt.date = DAY) -> Report:
    return draft_report(department(), kind=kind, day=day, by=actor_as("division_officer", department()))


def of_school(world: World) -> Report:
    return draft_report(world.school, kind="monthly", day=DAY, by=actor_as("clerk", world.school))


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def number_of(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(number_cipher=b"x", number_hash=b"y", number_check="agrees")


def at(day: dt.date) -> time_machine.travel:
    return time_machine.travel(dt.datetime(day.year, day.month, day.day, 3, tzinfo=dt.UTC))


def test_a_draft_follows_the_live_figures_until_it_is_sent(world: World) -> None:
    with at(DAY):
        report = of_department()
        assert report.facts["figures"][FIGURE] == "0"
        number_of(world.an)
        refresh_measures(Progress(), day="2026-11-23")

        again = of_department()

    assert again.pk == report.pk
    assert again.facts["figures"][FIGURE] != "0"


def test_a_report_goes_out_on_the_fourth_and_is_restated_on_the_ninth(world: World) -> None:
    refresh_measures(Progress(), day="2026-11-30")
    with at(dt.date(2026, 12, 4)):
        sent = send(of_department())
    first = text_of(bytes(attachments_of(FILES, [sent.pk]).get().content))
    number_of(world.an)
    refresh_measures(Progress(), day="2026-12-05")
    with at(dt.date(2026, 12, 9)):
        by = actor_as("division_officer", department())
        again = send(restate(sent.pk, because="bổ sung số định danh", by=by))

    sent.refresh_from_db()
    assert (sent.number, again.number) == ("01/BC-SGDĐT", "02/BC-SGDĐT")
    assert (sent.sent_on, again.sent_on) == (dt.date(2026, 12, 4), dt.date(2026, 12, 9))
    assert (sent.facts["as_of"], again.facts["as_of"]) == ("2026-11-30", "2026-12-05")
    assert sent.facts["figures"] != again.facts["figures"]
    assert "01/BC-SGDĐT" in first
    assert "Số liệu ngày" not in first
    second = text_of(bytes(attachments_of(FILES, [again.pk]).get().content))
    assert "thay thế Báo cáo số 01/BC-SGDĐT" in second
    assert "Số liệu ngày 05/12/2026, không phải ngày cuối kì" in second
    page = world.client("division_officer").get(reverse("reports:report", args=[sent.pk])).content.decode()
    assert "02/BC-SGDĐT" in page
    assert "Gửi muộn" not in page


def test_a_report_of_a_past_period_takes_the_figures_of_its_end(world: World) -> None:
    refresh_measures(Progress(), day="2026-10-31")
    number_of(world.an)
    refresh_measures(Progress(), day="2026-11-23")

    with at(dt.date(2026, 11, 24)):
        october, november = of_department(day=dt.date(2026, 10, 10)), of_department()

    assert (october.facts["as_of"], november.facts["as_of"]) == ("2026-10-31", "2026-11-23")
    assert october.facts["figures"][FIGURE] == "0"
    assert november.facts["figures"][FIGURE] != "0"
    assert "không phải ngày cuối kì" not in text_of(_pdf(world, october))


def test_a_school_whose_figures_of_that_day_are_gone_says_of_which_day_they_are(world: World) -> None:
    refresh_measures(Progress(), day="2026-09-01")
    refresh_measures(Progress(), day="2026-09-30")
    refresh_measures(Progress(), day="2026-11-23")  # drops the schools' figures of 30 September

    with at(DAY):
        by = actor_as("clerk", world.school)
        report = draft_report(world.school, kind="monthly", day=dt.date(2026, 9, 10), by=by)
        province = of_department(day=dt.date(2026, 9, 10))

    assert (report.facts["as_of"], province.facts["as_of"]) == ("2026-09-01", "2026-09-30")
    assert "Số liệu ngày 01/09/2026, không phải ngày cuối kì" in text_of(_pdf(world, report))


def test_without_any_count_a_report_says_so(world: World) -> None:
    with at(dt.date(2026, 3, 5)):
        report = of_department(day=dt.date(2026, 2, 10))

    assert (report.facts["as_of"], report.facts["figures"]) == ("", {})
    assert "chưa có số liệu nào" in str(paper_of(report))


def _pdf(world: World, report: Report) -> bytes:
    return world.client("auditor").get(reverse("reports:paper", args=[report.pk, "pdf"])).content


def test_a_report_compares_with_the_snapshot_before_until_a_report_was_sent(world: World) -> None:
    refresh_measures(Progress(), day="2026-10-31")
    number_of(world.an)
    refresh_measures(Progress(), day="2026-11-23")
    with at(dt.date(2026, 11, 24)):
        alone = of_department().facts["before"]
        sent = send(of_department(day=dt.date(2026, 10, 10)))
        beside = of_department().facts["before"]

    assert (alone["as_of"], alone.get("number")) == ("2026-10-31", None)
    assert alone["figures"][FIGURE] == "0"
    assert (beside["number"], beside["figures"]) == (sent.number, sent.facts["figures"])
    page = world.client("auditor").get(reverse("reports:report", args=[of_department().pk])).content.decode()
    assert "Báo cáo số 01/BC-SGDĐT" in page


def test_tasks_are_counted_as_they_stood_at_the_end_of_the_period(world: World) -> None:
    with at(dt.date(2026, 10, 5)):
        from_october = world.school
        task = _a_task(from_october, due=dt.date(2026, 10, 20))
    task.state, task.done_on, task.percent = "done", dt.date(2026, 11, 10), 100
    task.save()

    with at(DAY):
        past = of_department(day=dt.date(2026, 10, 10)).facts
        now = of_department().facts

    assert past["tasks"] == {"total": 1, "done": 0, "late": 1, "on_time": 0}
    assert [each["due"] for each in past["late_tasks"]] == ["2026-10-20"]
    assert now["tasks"] == {"total": 1, "done": 1, "late": 0, "on_time": 0}


def _a_task(unit: Organisation, *, due: dt.date) -> Assignment:
    return Assignment.objects.create(
        path=unit.path, organisation=unit, origin="own", title="Việc", due_on=due, given_path=unit.path
    )


def test_a_report_sent_after_the_fourth_is_marked_late(world: World) -> None:
    with at(dt.date(2026, 12, 5)):
        late = send(of_department())

    page = world.client("auditor").get(reverse("reports:report", args=[late.pk])).content.decode()

    assert late.due_on == dt.date(2026, 12, 4)
    assert "Gửi muộn" in page


def test_a_sent_report_is_frozen(world: World) -> None:
    sent = send(of_department())
    officer, leader = actor_as("division_officer", department()), actor_as("department_leader", department())

    with pytest.raises(WrongStep):
        write_words(sent.pk, words={"results": "khác"}, by=officer)
    with pytest.raises(WrongStep):
        take_step(sent.pk, act="return", by=leader, word=Word("sửa"))

    assert of_department().facts == sent.facts
    assert _pdf(world, sent) == bytes(attachments_of(FILES, [sent.pk]).get().content)


def test_numbers_of_a_unit_follow_each_other(world: World) -> None:
    numbers = [send(of_department(kind)).number for kind in ("monthly", "half_yearly", "yearly")]

    assert numbers == ["01/BC-SGDĐT", "02/BC-SGDĐT", "03/BC-SGDĐT"]


@pytest.mark.parametrize(
    ("unit", "way"),
    [
        ("department", ["division_officer", "division_head", "department_leader", "division_officer"]),
        ("commune", ["commune_officer", "commune_leader", "commune_officer"]),
        ("school", ["clerk", "principal", "clerk"]),
    ],
)
def test_each_step_is_taken_by_its_role_alone_and_none_is_skipped(world: World, unit: str, way: list[str]) -> None:
    place = department() if unit == "department" else getattr(world, unit)
    report = draft_report(place, kind="monthly", day=DAY, by=actor_as(way[0], place))
    acts = ["submit", *["approve"] * (len(way) - 2), "send"]

    for act, role in zip(acts, way, strict=True):
        for other, client in [(each, world.client(each)) for each in world.accounts if each != role]:
            if (act, other) in {("submit", "principal"), ("send", "principal")} and unit == "school":
                continue  # a principal may write and send as well
            before = Report.objects.values().get(pk=report.pk)
            assert client.post(reverse("reports:step", args=[report.pk, act])).status_code in (404, 409), (act, other)
            assert Report.objects.values().get(pk=report.pk) == before
        assert world.client(role).post(reverse("reports:step", args=[report.pk, act])).status_code == 302

    report.refresh_from_db()
    assert report.state == "sent"
    assert [(step.act, step.role) for step in report.steps.order_by("id")] == list(zip(acts, way, strict=True))


def test_nobody_above_a_school_approves_in_the_place_of_its_principal(world: World) -> None:
    report = of_school(world)
    take_step(report.pk, act="submit", by=actor_as("clerk", world.school))

    for role in ("department_leader", "division_head", "commune_leader"):
        answer = world.client(role).post(reverse("reports:step", args=[report.pk, "approve"]))
        assert answer.status_code == 404
    with pytest.raises(NotThere):
        take_step(report.pk, act="approve", by=actor_as("principal", world.other_school, scope="vn.p31"))

    report.refresh_from_db()
    assert (report.state, report.stage) == ("submitted", 0)


def test_a_returned_report_goes_back_to_its_writer_with_the_comment(world: World) -> None:
    report = of_department()
    take_step(report.pk, act="submit", by=actor_as("division_officer", department()))
    take_step(report.pk, act="approve", by=actor_as("division_head", department()))
    where = reverse("reports:step", args=[report.pk, "return"])

    mute = world.client("department_leader").post(where, {"comment": " "})
    report.refresh_from_db()
    assert (mute.status_code, report.state, report.stage) == (422, "submitted", 1)
    assert "Ghi rõ điều cần sửa" in mute.content.decode()
    told = world.client("department_leader").post(where, {"comment": "Sửa phần 2"})

    report.refresh_from_db()
    assert (told.status_code, report.state, report.stage, report.approved_by) == (302, "draft", 0, "")
    page = world.client("division_officer").get(reverse("reports:report", args=[report.pk])).content.decode()
    assert "Sửa phần 2" in page
    with pytest.raises(NoReason):
        _submitted_and_returned(report)


def _submitted_and_returned(report: Report) -> None:
    take_step(report.pk, act="submit", by=actor_as("division_officer", department()))
    take_step(report.pk, act="return", by=actor_as("division_head", department()))


def test_a_deputy_signs_for_the_principal(world: World) -> None:
    report = of_school(world)
    take_step(report.pk, act="submit", by=actor_as("clerk", world.school))
    deputy = a_teacher(world.school, name="Lê Thị Phó", group="manager", position="deputy_principal")
    account = an_account("principal", world.school, person=deputy, username="pho", name="Lê Thị Phó")

    with pytest.raises(WrongSigner):
        take_step(report.pk, act="approve", by=actor_as("principal", world.school, account=account), word=Word("", 1))
    report = take_step(
        report.pk, act="approve", by=actor_as("principal", world.school, account=account, name="Lê Thị Phó")
    )

    assert StaffPosition.objects.filter(person=deputy, position="deputy_principal").exists()
    paper = paper_of(report)
    assert (paper.authority, paper.signer_title, paper.signer) == ("KT. Hiệu trưởng", "Phó Hiệu trưởng", "Lê Thị Phó")
    assert "KT. HIỆU TRƯỞNG" in text_of(_pdf(world, report))


def test_an_approver_without_a_known_post_chooses_the_form_of_signing(world: World) -> None:
    report = draft_report(world.commune, kind="monthly", day=DAY, by=actor_as("commune_officer", world.commune))
    take_step(report.pk, act="submit", by=actor_as("commune_officer", world.commune))
    client = world.client("commune_leader")

    offered = client.get(reverse("reports:report", args=[report.pk])).content.decode()
    wrong = client.post(reverse("reports:step", args=[report.pk, "approve"]), {"signer": "7"})
    client.post(reverse("reports:step", args=[report.pk, "approve"]), {"signer": "1"})

    report.refresh_from_db()
    assert "Phó Chủ tịch" in offered
    assert wrong.status_code == 422
    assert (report.signer_authority, report.signer_title) == ("TM. Ủy ban nhân dân\nKT. Chủ tịch", "Phó Chủ tịch")


def test_a_report_approved_before_the_chain_was_kept_can_still_be_sent(world: World) -> None:
    report = of_department()
    Report.objects.filter(pk=report.pk).update(state="approved", stage=0, approved_by="Lãnh đạo cũ")

    sent = take_step(report.pk, act="send", by=actor_as("division_officer", department()))

    assert (sent.state, paper_of(sent).signer_title, paper_of(sent).signer) == ("sent", "Giám đốc", "Lãnh đạo cũ")


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_paper_is_handed_over(world: World, form: str, start: bytes) -> None:
    by = actor_as("division_officer", department())
    report = write_words(of_department().pk, words={"results": "Mở 12 lớp mới."}, by=by)

    answer = world.client("auditor").get(reverse("reports:paper", args=[report.pk, form]))

    assert answer.content.startswith(start)


def test_the_editable_form_holds_the_same_headings_rows_and_words_as_the_pdf(world: World) -> None:
    by = actor_as("division_officer", department())
    report = write_words(of_department().pk, words={"results": "Mở 12 lớp mới.", "plan": "Tập huấn."}, by=by)
    document = Document(
        io.BytesIO(world.client("auditor").get(reverse("reports:paper", args=[report.pk, "docx"])).content)
    )
    printed = _squeezed(text_of(_pdf(world, report)))

    headings = [line.text for line in document.paragraphs if line.style.name.startswith("Heading")]
    head, table, foot = document.tables[0], document.tables[1], document.tables[-1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]

    assert headings == [
        "1. Các chỉ tiêu chậm và cần chú ý",
        "2. Tình hình thực hiện nhiệm vụ",
        "3. Kết quả nổi bật",
        "4. Nhiệm vụ thời gian tới",
    ]
    assert rows[0] == ["TT", "Chỉ tiêu", "Đạt", "Phải đạt", "So kì trước", "Tiến độ", "Đánh giá"]
    assert len(rows) == 1 + len(report.facts["lines"])
    texts = [line.text for line in document.paragraphs]
    cells = [cell.text for row in [*head.rows, *foot.rows] for cell in row.cells]
    for text in [*texts, *[cell for row in rows for cell in row]]:
        assert all(_squeezed(line) in printed for line in text.splitlines()), text
    for word in " ".join(cells).split():  # two columns side by side, which the PDF gives line by line
        assert word in printed


def _squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def test_a_paper_is_vietnamese_whoever_asks_for_it(world: World) -> None:
    report = of_department()
    report.facts["lines"] = [
        {"code": "x", "title": "Chỉ tiêu", "actual": "1234.5", "target": "50", "unit": "%", "status": "behind"}
    ]
    report.save()
    client = world.client("auditor")
    client.cookies.load({"django_language": "en"})

    text = text_of(client.get(reverse("reports:paper", args=[report.pk, "pdf"])).content)

    assert "1.234,5%" in text


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_asks_the_same_number_of_questions_for_few_and_many(
    world: World, django_assert_num_queries: object, count: int
) -> None:
    for number in range(count):
        Report.objects.create(
            path=world.school.path,
            organisation=world.school,
            kind="monthly",
            starts_on=dt.date(2020 + number // 12, number % 12 + 1, 1),
            ends_on=DAY,
            due_on=DAY,
        )
    client = world.client("division_officer")

    with django_assert_num_queries(LIST_QUERIES):  # type: ignore[operator]
        page = client.get(reverse("reports:reports")).content.decode()

    assert page.index(f"{(count - 1) % 12 + 1:02d}/{2020 + (count - 1) // 12}") < page.index("01/2020")


@pytest.mark.parametrize(
    ("unit", "head"),
    [
        ("department", ("UBND THÀNH PHỐ HẢI PHÒNG", "SỞ GD&ĐT", "Hải Phòng", "Ủy ban nhân dân thành phố Hải Phòng")),
        ("commune", ("", "ỦY BAN NHÂN DÂN\nPHƯỜNG THỦY NGUYÊN", "Thủy Nguyên", "Sở Giáo dục và Đào tạo")),
        (
            "school",
            ("UBND PHƯỜNG THỦY NGUYÊN", "THCS LẠCH TRAY", "Thủy Nguyên", "Ủy ban nhân dân phường Thủy Nguyên"),
        ),
        ("high_school", ("SỞ GD&ĐT HẢI PHÒNG", "THPT NGÔ QUYỀN", "Thủy Nguyên", "Sở GD&ĐT Hải Phòng")),
    ],
)
def test_a_paper_names_the_body_above_the_place_and_to_whom_it_goes(
    world: World, unit: str, head: tuple[str, ...]
) -> None:
    place = department() if unit == "department" else getattr(world, unit)
    if unit == "department":
        place.name = "Sở GD&ĐT Thành phố Hải Phòng"

    assert letterhead(place) == head
