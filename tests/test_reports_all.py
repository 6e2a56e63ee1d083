"""All schools' reports at once: drafted and printed in batches, counted, taken up again, collected without a leak."""

import datetime as dt
import io
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from pypdf import PdfReader

from phuong.kernel.jobs import Cancelled, Progress, later, run_job
from phuong.kernel.models import AuditEntry, Job
from phuong.kernel.scope import acting
from phuong.notices.api import Notice
from phuong.paper.api import Press
from phuong.registry.api import Organisation, department_of
from phuong.registry.testing import a_commune, a_school
from phuong.reports.access import RUN
from phuong.reports.actions import printing
from phuong.reports.actions.drafting import draft_many, draft_report, write_words
from phuong.reports.actions.printing import draft_all, print_reports
from phuong.reports.actions.reminding import remind
from phuong.reports.errors import RemindedToday
from phuong.reports.files import archive, paper_of
from phuong.reports.models import Print, Reminder, Report
from phuong.reports.queries import collectable, owed_by, schools_that_report
from phuong.reports.rules import span_of
from tests.reporting import actor_as, send
from tests.world import World, a_world

DAY = dt.date(2026, 11, 23)
MONTH = {"kind": "monthly", "day": "2026-11-01", "under": "vn.p31", "asked_by": "Minh"}


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def officer() -> Any:
    department = department_of("31")
    assert department is not None
    return actor_as("division_officer", department)


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what the press prints, by unit."""
    counts: Counter[str] = Counter()
    real = Press.pdf

    def count(press: Press, paper: Any) -> bytes:
        counts[paper.body] += 1
        return real(press, paper)

    monkeypatch.setattr(Press, "pdf", count)
    return counts


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_every_school_gets_its_own_printed_report_and_twice_makes_none_twice(
    world: World, printed: Counter[str]
) -> None:
    told = [draft_all(Progress(), **MONTH) for _time in range(2)]

    assert [(each["asked"], each["made"], each["failed"]) for each in told] == [(3, 3, [])] * 2
    assert Report.objects.filter(organisation__kind="school").count() == Print.objects.count() == 3
    for kept in Print.objects.select_related("report__organisation"):
        assert kept.report.organisation.name.upper() in text_of(bytes(kept.content)).upper()
    assert set(printed.values()) == {1}


def test_a_school_that_cannot_be_printed_is_named_and_the_others_are_made(world: World) -> None:
    Organisation.objects.filter(pk=world.school.pk).update(name="THCS Lạch Tray 😀")

    told = draft_all(Progress(), **MONTH)

    assert (told["asked"], told["made"]) == (3, 2)
    assert [each["unit"] for each in told["failed"]] == ["THCS Lạch Tray 😀"]
    assert "😀" in told["failed"][0]["why"]
    assert not Print.objects.filter(report__organisation=world.school).exists()


class _Killed(Progress):
    """A worker that dies after so many steps."""

    def __init__(self, job_id: UUID, after: int) -> None:
        super().__init__(job_id)
        self.left = after

    def step(self, done: int, total: int, message: str = "") -> None:
        super().step(done, total, message)
        self.left -= 1
        if self.left < 0:
            raise MemoryError


def test_a_killed_worker_is_taken_up_again_without_making_twice(
    world: World, printed: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "BATCH", 1)
    with acting(officer()):
        job = later(RUN, path="vn.p31", **MONTH)

    with pytest.raises(MemoryError):
        draft_all(_Killed(job.pk, after=2), **MONTH)
    left_behind = set(Print.objects.values_list("pk", "made_at"))
    run_job(str(job.pk))

    job.refresh_from_db()
    assert len(left_behind) == 2
    assert left_behind < set(Print.objects.values_list("pk", "made_at"))
    assert (job.state, job.result["asked"], job.result["made"]) == ("done", 3, 3)
    assert sorted(printed.values()) == [1, 1, 1]
    assert AuditEntry.objects.filter(did="reports.made_all").count() == 1


def test_a_stopped_job_keeps_what_it_made_and_goes_on(world: World, printed: Counter[str]) -> None:
    client = world.client("division_officer")
    answer = client.post(reverse("reports:reports"), {"kind": "monthly", "day": "23/11/2026", "all": "1"})
    job = Job.objects.get(name=RUN)
    assert answer["Location"] == reverse("reports:run", args=[job.pk])
    Job.objects.filter(pk=job.pk).update(state="running", cancel_asked=True)

    with pytest.raises(Cancelled):
        draft_all(Progress(job.pk), **job.arguments)
    assert not Print.objects.exists()
    Job.objects.filter(pk=job.pk).update(state="cancelled")
    client.post(reverse("reports:again", args=[job.pk]))
    run_job(str(job.pk))

    page = client.get(reverse("reports:run", args=[job.pk])).content.decode()
    assert "Yêu cầu 3 báo cáo, lập xong đủ 3." in page
    assert sum(printed.values()) == 3


def test_what_is_sent_stays_and_counts_as_made(world: World, printed: Counter[str]) -> None:
    sent = send(draft_report(world.school, kind="monthly", day=DAY, by=actor_as("clerk", world.school)))
    printed.clear()

    told = draft_all(Progress(), **MONTH)

    assert told["made"] == 3
    assert sum(printed.values()) == 2
    assert not Print.objects.filter(report=sent).exists()


@pytest.mark.parametrize("count", [2, 60])
def test_many_schools_are_drafted_and_printed_in_as_many_questions_as_few(
    world: World, django_assert_num_queries: Any, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Press, "pdf", lambda _press, _paper: b"%PDF")
    commune = a_commune("11400")
    for number in range(count):
        a_school(commune, name=f"Trường {number}")
    units = schools_that_report(commune.path)
    by, span = officer(), span_of("monthly", DAY)

    with Press() as press, django_assert_num_queries(18):
        print_reports(list(draft_many(units, kind="monthly", span=span, by=by).values()), press)

    assert Print.objects.count() == count


def test_two_units_printed_at_once_get_each_its_own(world: World) -> None:
    schools = [world.school, world.other_school] * 6
    papers = [
        paper_of(draft_report(school, kind="monthly", day=DAY, by=actor_as("clerk", school))) for school in schools
    ]

    with Press() as press, ThreadPoolExecutor(4) as pool:
        printed = [text_of(pdf).upper() for pdf in pool.map(press.pdf, papers)]

    for place, text in enumerate(printed):
        assert schools[place].name.upper() in text
        assert schools[place - 1].name.upper() not in text


def _names_in(answer: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as bundle:
        return {name: text_of(bundle.read(name)) for name in bundle.namelist()}


def test_the_collected_file_holds_what_its_reader_may_read_and_nothing_else(world: World) -> None:
    draft_all(Progress(), **MONTH)
    send(Report.objects.get(organisation=world.school))
    where, period = reverse("reports:collected"), {"kind": "monthly", "starts_on": "2026-11-01"}

    whole = _names_in(world.client("auditor").get(where, period))
    own = _names_in(world.client("commune_officer").get(where, period))
    chosen = _names_in(world.client("department_leader").get(where, {**period, "area": str(world.other_commune.pk)}))
    foreign = world.client("commune_officer").get(where, {**period, "area": str(world.other_commune.pk)})

    assert len(whole) == 3
    assert len(set(whole.values())) == 3
    (mine,) = own.values()
    assert "LẠCH TRAY" in mine.upper()
    assert "01/BC-" in mine
    assert "BÊN SÔNG" not in mine.upper()
    (theirs,) = chosen.values()
    assert "BÊN SÔNG" in theirs.upper()
    assert foreign.status_code == 404
    assert AuditEntry.objects.filter(did="reports.collected").count() == 3


def test_keys_of_somebody_elses_reports_open_nothing(world: World) -> None:
    draft_all(Progress(), **MONTH)
    keys = collectable(Report.objects.all(), "vn.p31", "monthly", dt.date(2026, 11, 1))
    stranger = actor_as("commune_officer", world.commune)

    content = b"".join(archive(stranger, keys))

    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert len(keys) == 3
        assert len(bundle.namelist()) == 1


def test_what_was_written_since_the_print_is_in_the_collected_file(world: World) -> None:
    draft_all(Progress(), **MONTH)
    report = Report.objects.get(organisation=world.school)
    write_words(report.pk, words={"results": "Thêm phòng tin học"}, by=actor_as("clerk", world.school))

    (text,) = _names_in(
        world.client("principal").get(reverse("reports:collected"), {"kind": "monthly", "starts_on": "2026-11-01"})
    ).values()

    assert "Thêm phòng tin học" in " ".join(text.split())


def test_a_period_without_reports_is_refused(world: World) -> None:
    answer = world.client("auditor").get(reverse("reports:collected"), {"kind": "monthly", "starts_on": "2020-01-01"})

    assert answer.status_code == 422
    assert "chưa có báo cáo nào" in answer.content.decode()


def test_a_school_may_not_have_others_made(world: World) -> None:
    answer = world.client("principal").post(
        reverse("reports:reports"), {"kind": "monthly", "day": "23/11/2026", "all": "1"}
    )

    assert answer.status_code == 404
    assert not Job.objects.filter(name=RUN).exists()


def owing(day: dt.date) -> list[tuple[str, dt.date, int]]:
    rows = owed_by("vn.p31", "monthly", day).order_by("oldest_due", "name_key")
    return [(row.name, row.oldest_due, row.missing) for row in rows]


def test_units_that_owe_a_report_are_listed_late_ones_first(world: World) -> None:
    for unit, role in ((world.school, "clerk"), (world.commune, "commune_officer")):
        send(draft_report(unit, kind="monthly", day=dt.date(2026, 9, 3), by=actor_as(role, unit)))
    send(draft_report(world.school, kind="monthly", day=dt.date(2026, 10, 3), by=actor_as("clerk", world.school)))
    Organisation.objects.filter(pk=world.high_school.pk).update(opened_on=dt.date(2026, 10, 5))

    found = owing(dt.date(2026, 11, 3))

    september, october = dt.date(2026, 10, 4), dt.date(2026, 11, 4)
    assert found == [
        ("Phường Lê Chân", september, 2),
        ("Sở GD&ĐT Hải Phòng", september, 2),
        ("THCS Bên Sông", september, 2),
        ("Phường Thủy Nguyên", october, 1),
        ("THPT Ngô Quyền", october, 1),
    ]
    page = world.client("department_leader").get(reverse("reports:owed")).content.decode()
    assert page.index("Phường Lê Chân") < page.index("THPT Ngô Quyền")


def test_a_unit_is_reminded_once_a_day(world: World) -> None:
    client, where = world.client("department_leader"), reverse("reports:remind")

    client.post(where, {"kind": "monthly", "unit": [str(world.commune.pk), "nonsense"]})
    told = [(each.account_id, each.kind) for each in Notice.objects.all()]
    client.post(where, {"kind": "monthly", "all": "1"})
    by = actor_as("department_leader", Organisation.objects.get(path="vn.p31.sgd"))
    with pytest.raises(RemindedToday):
        remind("monthly", by=by)

    assert told == [(world.accounts["commune_officer"].pk, "reports.reminder")]
    assert Reminder.objects.count() == Reminder.objects.values("organisation").distinct().count() == 6
    assert Notice.objects.filter(account=world.accounts["commune_officer"]).count() == 1
    page = client.get(reverse("reports:owed")).content.decode()
    assert "đã nhắc hôm nay" in page


def test_a_commune_reminds_its_own_schools_only(world: World) -> None:
    world.client("commune_officer").post(reverse("reports:remind"), {"kind": "monthly", "all": "1"})

    assert [each.organisation_id for each in Reminder.objects.all()] == [world.school.pk]


@pytest.mark.parametrize("count", [2, 200])
def test_the_list_of_who_owes_asks_the_same_number_of_questions_for_few_and_many(
    world: World, django_assert_num_queries: Any, count: int
) -> None:
    commune = a_commune("11400")
    for number in range(count):
        a_school(commune, name=f"Trường {number}")
    client = world.client("department_leader")

    with django_assert_num_queries(12):
        first = client.get(reverse("reports:owed"), {"size": "25"}).content.decode()

    if count > 25:
        following = first.split('rel="next" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
        assert client.get(reverse("reports:owed") + following).status_code == 200
