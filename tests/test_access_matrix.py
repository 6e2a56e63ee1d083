"""Who gets what: every route against every role, refused roles included."""

import datetime as dt

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from phuong.facilities.api import Programme, Room
from phuong.kernel.gates import PERMISSIONS
from phuong.kernel.models import Attachment, AuditEntry, Job
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, Actor
from phuong.notices.api import Notice
from phuong.plans.models import Indicator, Reported
from phuong.plans.testing import a_reported, an_indicator
from phuong.records.models import BulkChange
from phuong.registry.api import Organisation
from phuong.reports.actions import draft_report
from phuong.reports.models import Report
from phuong.tasks.api import Assignment
from tests.world import ROLES, World, a_world

STEERING = {"department_leader", "division_officer", "commune_officer", "principal", "auditor"}
PERSONS = {
    "department_leader",
    "division_officer",
    "commune_officer",
    "principal",
    "teacher",
    "homeroom_teacher",
    "clerk",
}
STAFF = {"department_leader", "division_officer", "commune_officer", "principal", "clerk", "accountant"}
ROOMS = PERSONS | STAFF
RECORDS = {"department_leader", "division_officer", "commune_officer", "principal", "homeroom_teacher", "clerk"}
WIDE = {"department_leader", "division_officer"}
DESK = {"department_leader", "division_officer", "commune_officer", "principal", "clerk"}
NETWORK = DESK | {"accountant", "auditor"}
GIVERS = {"department_leader", "division_officer", "commune_officer", "principal"}
KEEPERS = {"division_officer", "principal", "clerk"}
REPORTERS = {"division_officer", "commune_officer", "principal"}
ASSETS = KEEPERS | {"accountant"}
WRITERS = ASSETS | {"commune_officer"}
RUNNERS = {"department_leader", "division_officer", "system_operator"}
EVERYBODY = set(ROLES)
PUBLIC = {
    "healthz",
    "readyz",
    "metrics",
    "identity:sign_in",
    "ui:gallery",
    "ui:theme",
    "gateway:guide",
    "gateway:document",
}
CALLS = "gateway:rest:"  # other systems show a key instead of a session: tests/test_api.py

# route, which arguments of the world, method, who is let in
OWN = [
    ("ui:home", [], "get", EVERYBODY),
    ("ui:search", [], "get", EVERYBODY),
    ("ui:all_functions", [], "get", EVERYBODY),
    ("ui:help", [], "get", EVERYBODY),
    ("ui:jobs", [], "get", RUNNERS),
    ("ui:cancel_job", ["job"], "post", RUNNERS),
    ("ui:ask_job_again", ["job"], "post", RUNNERS),
    ("ui:attachment", ["attachment"], "get", DESK),
    ("identity:sign_out", [], "post", EVERYBODY),
    ("notices:notices", [], "get", EVERYBODY),
    ("notices:all_read", [], "post", EVERYBODY),
    ("notices:follow", ["notice"], "post", {"commune_officer"}),
    ("tasks:tasks", [], "get", DESK | {"auditor"}),
    ("tasks:board", [], "get", DESK | {"auditor"}),
    ("tasks:timeline", [], "get", DESK | {"auditor"}),
    ("tasks:load", [], "get", DESK | {"auditor"}),
    ("tasks:task", ["task"], "get", DESK | {"auditor"}),
    ("tasks:new", [], "get", GIVERS),
    ("tasks:remind", [], "post", GIVERS),
    ("tasks:assign_down", ["task"], "get", GIVERS),
    ("tasks:budget", ["task"], "post", {"division_officer", "commune_officer", "principal"}),
    ("tasks:move", ["task", "=start"], "post", {"principal", "clerk"}),
    ("reports:reports", [], "get", DESK | {"auditor"}),
    ("reports:report", ["report"], "get", DESK | {"auditor"}),
    ("reports:paper", ["report", "=pdf"], "get", DESK | {"auditor"}),
    ("reports:step", ["report", "=submit"], "post", KEEPERS | {"commune_officer"}),
    ("reports:correct", ["report"], "post", KEEPERS | {"commune_officer"}),
    ("records:look_back", [], "get", DESK),
    ("records:make", ["=learner", "?school"], "get", KEEPERS),
    ("records:make", ["=class", "?school"], "get", KEEPERS),
    ("records:make", ["=room", "?school"], "get", ASSETS),
    ("records:make", ["=focal", "?school"], "get", KEEPERS | {"commune_officer"}),
    ("records:change", ["=learner", "an"], "get", KEEPERS),
    ("records:change", ["=staff", "colleague"], "get", KEEPERS),
    ("records:change", ["=school", "school"], "get", KEEPERS | {"commune_officer"}),
    ("records:change", ["=room", "room"], "get", ASSETS),
    ("records:end", ["=class", "group"], "get", KEEPERS),
    ("records:history", ["=learner", "an"], "get", DESK),
    ("records:files", ["=programme", "programme"], "get", DESK | {"accountant"}),
    ("records:alike", ["=learner", "?school"], "get", KEEPERS),
    ("records:bulk", ["=learner"], "get", KEEPERS),
    ("records:bulk_change", ["bulk"], "get", KEEPERS),
    ("records:bulk_apply", ["bulk"], "post", KEEPERS),
    ("records:bulk_undo", ["bulk_applied"], "post", KEEPERS),
    ("registry:network", [], "get", NETWORK),
    ("registry:restructure", ["school"], "get", {"division_officer"}),
    ("registry:carry_out", ["school", "=doi-ten"], "get", {"division_officer"}),
    ("registry:learners", [], "get", PERSONS),
    ("registry:staff", [], "get", STAFF),
    ("registry:schools", [], "get", ROOMS | STEERING),
    ("registry:school", ["school"], "get", ROOMS | STEERING),
    ("registry:commune", ["commune"], "get", WIDE | {"commune_officer", "auditor"}),
    ("registry:class", ["group"], "get", PERSONS),
    ("registry:person", ["an"], "get", PERSONS | {"guardian", "learner"}),
    ("registry:person", ["colleague"], "get", STAFF),
    ("registry:person", ["binh"], "get", PERSONS | {"guardian"}),
    ("facilities:rooms", ["school"], "get", ROOMS),
    ("measures:measures", [], "get", STEERING | {"system_operator"}),
    ("measures:refresh", [], "post", RUNNERS),
    ("measures:figure", ["code", "school"], "get", STEERING | {"system_operator"}),
    ("measures:figure", ["code", "commune"], "get", STEERING | {"system_operator"}),
    ("measures:records", ["code", "school"], "get", RECORDS),
    ("plans:indicators", [], "get", STEERING),
    ("plans:area", ["school"], "get", STEERING),
    ("plans:area", ["commune"], "get", STEERING),
    ("plans:plans", [], "get", STEERING),
    ("plans:plan", ["plan"], "get", STEERING),
    ("plans:tasks", ["plan"], "get", STEERING),
    ("plans:indicator", ["plan", "indicator"], "get", STEERING),
    ("plans:settle", ["plan", "doubt"], "post", WIDE),
    ("plans:matrix", [], "get", STEERING),
    ("plans:reporting", [], "get", REPORTERS),
    ("plans:reporting", [], "post", REPORTERS),
    ("plans:report_one", ["plan", "indicator"], "get", REPORTERS),
    ("plans:report_one", ["plan", "indicator"], "post", REPORTERS),
    ("plans:report_one", ["=phai-bao", "=B1"], "get", {"commune_officer"}),
    ("plans:review", [], "get", WIDE),
    ("plans:review", [], "post", WIDE),
    ("plans:missing", ["=phai-bao", "=B1"], "get", WIDE),
    ("plans:value", ["waiting_value"], "get", WIDE | {"commune_officer"}),
    ("plans:value", ["accepted_value"], "get", WIDE | {"commune_officer"}),
]
# the same pages of the school across the river: only those who steer the whole province
OTHERS = [
    ("registry:school", ["other_school"], "get", WIDE | {"auditor"}),
    ("registry:commune", ["other_commune"], "get", WIDE | {"auditor"}),
    ("registry:class", ["other_group"], "get", WIDE),
    ("registry:person", ["stranger"], "get", WIDE),
    ("facilities:rooms", ["other_school"], "get", WIDE),
    ("tasks:task", ["other_task"], "get", WIDE | {"auditor"}),
    ("reports:report", ["other_report"], "get", WIDE | {"auditor"}),
    ("reports:paper", ["other_report", "=docx"], "get", WIDE | {"auditor"}),
    ("records:make", ["=learner", "?other_school"], "get", {"division_officer"}),
    ("records:change", ["=learner", "stranger"], "get", {"division_officer"}),
    ("records:change", ["=school", "other_school"], "get", {"division_officer"}),
    ("records:end", ["=class", "other_group"], "get", {"division_officer"}),
    ("records:history", ["=learner", "stranger"], "get", WIDE),
    ("records:alike", ["=learner", "?other_school"], "get", {"division_officer"}),
    ("records:bulk_change", ["other_bulk"], "get", {"division_officer"}),
    ("ui:attachment", ["other_attachment"], "get", WIDE),
    ("registry:restructure", ["other_school"], "get", {"division_officer"}),
    ("measures:figure", ["code", "other_school"], "get", WIDE | {"auditor", "system_operator"}),
    ("measures:records", ["code", "other_school"], "get", WIDE),
    ("measures:records", ["code", "other_commune"], "get", WIDE),
    ("plans:area", ["other_school"], "get", WIDE | {"auditor"}),
    ("plans:value", ["other_value"], "get", WIDE),
    # the department's school lies in the commune but is not the commune's
    ("registry:school", ["high_school"], "get", WIDE | {"auditor"}),
]
TABLE = [(*row, role) for row in OWN + OTHERS for role in [*ROLES, "nobody"]]


@pytest.fixture
def world(db: None) -> World:
    an_indicator()
    return a_world()


def address(world: World, route: str, names: list[str]) -> str:
    known: dict[str, object] = {
        "code": "registry.learners_with_number",
        "plan": "ke-hoach",
        "indicator": "1",
        "job": None,
    }
    values: list[object] = []
    query = ""
    for name in names:
        if name == "job":
            values.append(
                Job.objects.create(
                    path="vn.p31",
                    name="measures.refresh",
                    title="x",
                    arguments={"n": len(values) + Job.objects.count()},
                ).pk
            )
        elif name.startswith("="):
            values.append(name[1:])
        elif name.startswith("?"):
            query = f"?of={getattr(world, name[1:]).pk}"
        elif name in MADE:
            values.append(MADE[name](world).pk)
        else:
            values.append(known.get(name) or getattr(world, name).pk)
    return reverse(route, args=values) + query


def an_attachment(school: Organisation) -> Attachment:
    facts = {"on_kind": "learner", "on_id": school.pk, "digest": "0", "size": 1, "content": b"x", "name": "a.pdf"}
    return Attachment.objects.get_or_create(
        path=school.path, permission=Permission.HISTORY_READ, media_type="application/pdf", **facts
    )[0]


def a_bulk(school: Organisation, state: str = "checked") -> BulkChange:
    return BulkChange.objects.create(
        path=school.path, kind="learner", field="ethnicity", value="01", records=[], state=state, asked_by_name="x"
    )


def a_programme(world: World) -> Programme:
    return Programme.objects.get_or_create(
        organisation=world.school, school_year=2026, kind="stem_education", title="STEM"
    )[0]


def a_task(school: Organisation) -> Assignment:
    return Assignment.objects.create(
        path=school.path, organisation=school, origin="own", title="x", responsibility="x", given_path=school.path
    )


def a_report(school: Organisation) -> Report:
    Report.objects.all().delete()
    by = Actor(scope="vn.p31", name="x", permissions=SYSTEM.permissions)
    return draft_report(school, kind="monthly", day=dt.date(2026, 11, 23), by=by)


def a_notice(world: World) -> Notice:
    account = world.accounts["commune_officer"]
    return Notice.objects.create(path=account.path, account=account, kind="x", title="x", url="/")


def a_value(unit: Organisation, state: str) -> Reported:
    indicator = Indicator.objects.get(plan__code="phai-bao")
    known = Reported.objects.filter(indicator=indicator, organisation=unit, state=state).first()
    return known or a_reported(indicator, unit, dt.date(2026, 10 if state == "accepted" else 11, 1), state=state)


MADE = {
    "waiting_value": lambda world: a_value(world.commune, "submitted"),
    "accepted_value": lambda world: a_value(world.commune, "accepted"),
    "other_value": lambda world: a_value(world.other_commune, "submitted"),
    "task": lambda world: a_task(world.school),
    "other_task": lambda world: a_task(world.other_school),
    "report": lambda world: a_report(world.school),
    "other_report": lambda world: a_report(world.other_school),
    "notice": a_notice,
    "attachment": lambda world: an_attachment(world.school),
    "other_attachment": lambda world: an_attachment(world.other_school),
    "bulk": lambda world: a_bulk(world.school),
    "bulk_applied": lambda world: a_bulk(world.school, "applied"),
    "other_bulk": lambda world: a_bulk(world.other_school),
    "programme": a_programme,
    "room": lambda world: Room.objects.get(organisation=world.school),
}


@pytest.mark.parametrize("row", OWN + OTHERS, ids=lambda row: f"{row[0]} {' '.join(row[1])}")
def test_a_route_lets_in_exactly_its_roles(world: World, row: tuple[str, list[str], str, set[str]]) -> None:
    route, names, method, allowed = row
    where = address(world, route, names)

    got = {}
    for role in ROLES:
        where = address(world, route, names) if method == "post" else where
        got[role] = getattr(world.client(role), method)(where).status_code

    let_in = {role for role, status in got.items() if status in (200, 302, 409, 422)}
    assert let_in == allowed
    assert {got[role] for role in set(ROLES) - allowed} <= {404}


@pytest.mark.parametrize("row", OWN, ids=lambda row: f"{row[0]} {' '.join(row[1])}")
def test_nobody_is_sent_to_the_sign_in_page(world: World, row: tuple[str, list[str], str, set[str]]) -> None:
    answer = getattr(world.client("nobody"), row[2])(address(world, row[0], row[1]))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/?next=")


def test_a_refused_page_is_kept_in_the_journal(world: World) -> None:
    world.client("teacher").get(reverse("registry:person", args=[world.stranger.pk]))

    entry = AuditEntry.objects.get(refused=True)
    assert entry.did == "access.not_there"
    assert entry.role == "teacher"
    assert str(world.stranger.pk) in entry.on_id


def test_an_export_keeps_to_the_scope(world: World) -> None:
    text = world.client("principal").get(reverse("registry:learners") + "?as=csv").content.decode("utf-8-sig")

    assert "Đỗ Khánh An" in text
    assert "Hoàng Văn Xa" not in text


@pytest.mark.parametrize("role", ["teacher", "homeroom_teacher"])
def test_who_may_read_may_not_always_take_away(world: World, role: str) -> None:
    answer = world.client(role).get(reverse("registry:learners") + "?as=xlsx")

    assert answer.status_code == 404


def test_a_list_too_long_for_a_file_is_refused_not_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phuong.registry.views.lists.MOST_ROWS", 1)
    monkeypatch.setattr("phuong.measures.views.MOST_ROWS", 1)
    client = world.client("principal")
    records = reverse("measures:records", args=["registry.learners_with_number", world.school.pk])

    for address in (reverse("registry:learners") + "?as=csv", records + "?as=csv"):
        answer = client.get(address)

        assert answer.status_code == 422
        assert "50.000" in answer.content.decode()


@pytest.mark.parametrize("code", ["registry.learners_with_number", "facilities.schools_online"])
def test_a_principal_reads_no_figure_of_a_neighbouring_school(world: World, code: str) -> None:
    client = world.client("principal")

    for area in (world.commune, world.other_commune):
        text = client.get(reverse("measures:figure", args=[code, area.pk])).content.decode()

        assert "THPT Ngô Quyền" not in text
        assert "THCS Bên Sông" not in text


def test_a_role_that_ended_today_opens_nothing(world: World) -> None:
    world.accounts["teacher"].roles.update(during=("2025-08-01", "2026-11-22"))

    answer = world.client("teacher").get(reverse("registry:learners"))

    assert answer.status_code == 404


def test_a_role_of_somebody_else_cannot_be_taken(world: World) -> None:
    foreign = world.accounts["department_leader"].roles.get().pk

    answer = world.client("teacher").post(reverse("identity:switch_role"), {"role": str(foreign)})

    assert answer.status_code == 404


def routes(patterns: list[URLPattern | URLResolver], space: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += routes(pattern.url_patterns, inner)
        else:
            found.append((f"{space}{pattern.name}", pattern))
    return found


ROUTES = routes(get_resolver().url_patterns)


@pytest.mark.parametrize(("name", "pattern"), ROUTES, ids=[name for name, _ in ROUTES])
def test_every_route_is_named_gated_and_in_the_matrix(name: str, pattern: URLPattern) -> None:
    assert pattern.name
    if name in PUBLIC or name.startswith(CALLS):
        assert pattern.callback.login_required is False
    else:
        assert hasattr(pattern.callback, PERMISSIONS)
        assert name in {row[0] for row in OWN} | {"identity:switch_role"}
