"""Who gets what: every route against every role, refused roles included."""

import datetime as dt
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from phuong.facilities.api import Programme, Room
from phuong.gateway.actions.clients import Terms, make_client
from phuong.gateway.models import ApiClient
from phuong.identity.api import RoleAssignment
from phuong.identity.testing import an_account
from phuong.kernel.gates import PERMISSIONS
from phuong.kernel.keys import uuid7
from phuong.kernel.models import Attachment, AuditEntry, Job
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, Actor
from phuong.kernel.vault import seal
from phuong.notices.api import Notice
from phuong.onboarding.models import Claim, LetterFile
from phuong.oversight.models import EmergencyUse, ExportStop, RoleRequest, SupportAccess
from phuong.plans.models import Indicator, Reported
from phuong.plans.testing import a_reported, an_indicator
from phuong.provisioning.testing import a_mail_domain, a_system
from phuong.records.models import BulkChange
from phuong.registry.api import Organisation
from phuong.reports.actions.drafting import draft_report
from phuong.reports.models import Print, Report
from phuong.roster.testing import a_bundle
from phuong.signon.actions.sites import Site, register_site
from phuong.signon.models import RelyingParty
from phuong.tasks.api import Assignment, ensure_rules
from phuong.tasks.models import EscalationRule
from tests.world import ROLES, World, a_world

HEADS = {"division_head", "commune_leader"}  # approve reports; else they read
STEERING = {"department_leader", "division_officer", "commune_officer", "principal", "auditor"} | HEADS
HELP = {"support_access", "support_repair"}  # let in by the school for hours
PERSONS = {
    "department_leader",
    "division_officer",
    "commune_officer",
    "principal",
    "teacher",
    "homeroom_teacher",
    "clerk",
} | HELP
STAFF = {"department_leader", "division_officer", "commune_officer", "principal", "clerk", "accountant"} | HELP
ROOMS = PERSONS | STAFF
RECORDS = {"department_leader", "division_officer", "commune_officer", "principal", "homeroom_teacher", "clerk"}
WIDE = {"department_leader", "division_officer"}
WHOLE = WIDE | {"auditor", "division_head"}
DESK = {"department_leader", "division_officer", "commune_officer", "principal", "clerk"}
NETWORK = DESK | {"accountant", "auditor"} | HEADS
READERS = DESK | {"auditor"} | HEADS
ABOVE = READERS - {"principal", "clerk"}
GIVERS = {"department_leader", "division_officer", "commune_officer", "principal"}
KEEPERS = {"division_officer", "principal", "clerk"}
MENDERS = KEEPERS | {"support_repair"}
ROLE_KEEPERS = {
    "department_leader",
    "division_officer",
    "commune_leader",
    "commune_officer",
    "principal",
    "system_operator",
}
REPORTERS = {"division_officer", "commune_officer", "principal"}
ASSETS = MENDERS | {"accountant"}
WRITERS = ASSETS | {"commune_officer"}
CLIENTS = {"system_operator", "division_officer", "principal"}
MAILBOXES = {"system_operator", "division_officer"}
RUNNERS = {"department_leader", "division_officer", "system_operator"}
EVERYBODY = set(ROLES)
PUBLIC = {
    "healthz",
    "readyz",
    "metrics",
    "identity:sign_in",
    "account_login",
    "mfa_authenticate",
    "mfa_trust",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "idp:oidc:configuration",
    "idp:oidc:jwks",
    "idp:oidc:authorization",
    "idp:oidc:token",
    "idp:oidc:userinfo",
    "idp:oidc:revoke",
    "idp:oidc:logout",
    "scim:v2",
    "ui:gallery",
    "ui:theme",
    "gateway:guide",
    "gateway:document",
    "onboarding:name",
    "onboarding:code",
    "onboarding:password",
    "onboarding:link",
}
CALLS = ("gateway:rest:", "roster:call_")  # other systems show a key instead of a session: tests/test_api.py

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
    ("account_logout", [], "post", EVERYBODY),
    ("identity:account", [], "get", EVERYBODY),
    ("identity:close_sessions", [], "post", EVERYBODY),
    ("identity:password", [], "get", EVERYBODY),
    ("identity:link_vneid", [], "post", EVERYBODY),  # a proof first
    ("identity:unlink_vneid", [], "post", EVERYBODY),
    ("mfa_index", [], "get", EVERYBODY),
    ("mfa_list_webauthn", [], "get", EVERYBODY),
    ("account_reauthenticate", [], "get", EVERYBODY),
    ("mfa_reauthenticate", [], "get", EVERYBODY),
    ("mfa_reauthenticate_webauthn", [], "get", EVERYBODY),
    ("mfa_activate_totp", [], "get", EVERYBODY),
    ("mfa_add_webauthn", [], "get", EVERYBODY),
    ("mfa_generate_recovery_codes", [], "get", EVERYBODY),
    ("mfa_edit_webauthn", ["=1"], "get", EVERYBODY),  # a proof first
    ("mfa_remove_webauthn", ["=1"], "get", EVERYBODY),
    # nobody has set these up yet: not there
    ("mfa_deactivate_totp", [], "get", set()),
    ("mfa_view_recovery_codes", [], "get", set()),
    ("mfa_download_recovery_codes", [], "get", set()),
    ("signon:sites", [], "get", CLIENTS),
    ("signon:register", [], "get", CLIENTS),
    ("signon:site", ["site"], "get", CLIENTS - {"principal"}),
    ("signon:act", ["site", "=giu"], "post", CLIENTS),  # a proof first; then not there for a principal
    ("onboarding:claim", [], "get", {"guardian"}),
    ("onboarding:own", [], "get", KEEPERS),
    ("onboarding:school", ["school"], "get", KEEPERS),
    ("onboarding:letters", ["group"], "post", KEEPERS),
    ("onboarding:staff_letters", ["school"], "post", KEEPERS),
    ("onboarding:send", ["group"], "post", KEEPERS),
    ("onboarding:revoke", ["group"], "post", KEEPERS),
    ("onboarding:file", ["letters"], "get", KEEPERS),
    ("onboarding:decide", ["claim"], "post", KEEPERS),
    ("provisioning:systems", [], "get", CLIENTS),
    ("provisioning:new_system", [], "get", CLIENTS),
    ("provisioning:system", ["system"], "get", CLIENTS),
    ("provisioning:act", ["system", "=doi-khoa"], "post", CLIENTS),
    ("provisioning:mailboxes", [], "get", MAILBOXES),
    ("provisioning:domain", ["mail_domain"], "get", MAILBOXES),
    ("provisioning:mailboxes_act", ["mail_domain", "=gui-lai"], "post", MAILBOXES),
    ("notices:notices", [], "get", EVERYBODY),
    ("notices:all_read", [], "post", EVERYBODY),
    ("notices:wishes", [], "get", EVERYBODY),
    ("notices:wishes", [], "post", EVERYBODY),
    ("notices:follow", ["notice"], "post", {"commune_officer"}),
    ("tasks:tasks", [], "get", READERS),
    ("tasks:board", [], "get", READERS),
    ("tasks:timeline", [], "get", READERS),
    ("tasks:load", [], "get", READERS),
    ("tasks:task", ["task"], "get", READERS),
    ("tasks:new", [], "get", GIVERS),
    ("tasks:remind", [], "post", GIVERS),
    ("tasks:assign_down", ["task"], "get", GIVERS),
    ("tasks:person", ["task"], "post", GIVERS | {"clerk"}),
    ("tasks:printed", [], "get", WIDE),
    ("tasks:rules", [], "get", WIDE),
    ("tasks:new_rule", [], "get", WIDE),
    ("tasks:rule", ["rule"], "get", WIDE),
    ("tasks:budget", ["task"], "post", {"division_officer", "commune_officer", "principal"}),
    ("tasks:move", ["task", "=start"], "post", {"principal", "clerk"}),
    ("reports:reports", [], "get", READERS),
    ("reports:report", ["report"], "get", READERS),
    ("reports:paper", ["report", "=pdf"], "get", READERS),
    ("reports:step", ["report", "=submit"], "post", {"principal", "clerk"}),
    ("reports:step", ["commune_report", "=submit"], "post", {"commune_officer"}),
    ("reports:step", ["submitted_report", "=approve"], "post", {"principal"}),
    ("reports:correct", ["sent_report"], "post", {"principal", "clerk"}),
    ("reports:owed", [], "get", READERS),
    ("reports:remind", [], "post", GIVERS),
    ("reports:collected", ["?printed"], "get", READERS),
    ("reports:run", ["run"], "get", ABOVE),
    ("reports:stop", ["run"], "post", {"division_officer", "commune_officer"}),
    ("reports:again", ["run"], "post", {"division_officer", "commune_officer"}),
    ("records:look_back", [], "get", DESK),
    ("records:make", ["=learner", "?school"], "get", MENDERS),
    ("records:make", ["=class", "?school"], "get", MENDERS),
    ("records:make", ["=room", "?school"], "get", ASSETS),
    ("records:make", ["=focal", "?school"], "get", KEEPERS | {"commune_officer"}),
    ("records:change", ["=learner", "an"], "get", MENDERS),
    ("records:change", ["=staff", "colleague"], "get", MENDERS),
    ("records:change", ["=school", "school"], "get", KEEPERS | {"commune_officer"}),
    ("records:change", ["=room", "room"], "get", ASSETS),
    ("records:end", ["=class", "group"], "get", MENDERS),
    ("records:history", ["=learner", "an"], "get", DESK),
    ("records:files", ["=programme", "programme"], "get", DESK | {"accountant", "support_repair"}),
    ("records:alike", ["=learner", "?school"], "get", MENDERS),
    ("records:bulk", ["=learner"], "get", KEEPERS),
    ("records:bulk_change", ["bulk"], "get", KEEPERS),
    ("records:bulk_apply", ["bulk"], "post", KEEPERS),
    ("records:bulk_undo", ["bulk_applied"], "post", KEEPERS),
    ("journal:search", [], "get", {"auditor", "department_leader", "principal"}),
    ("journal:openings", ["an"], "get", PERSONS | {"guardian", "learner"}),
    ("journal:openings", ["colleague"], "get", STAFF),
    ("registry:network", [], "get", NETWORK),
    ("registry:restructure", ["school"], "get", {"division_officer"}),
    ("registry:carry_out", ["school", "=doi-ten"], "get", {"division_officer"}),
    ("registry:learners", [], "get", PERSONS),
    ("registry:staff", [], "get", STAFF),
    ("registry:schools", [], "get", ROOMS | STEERING),
    ("registry:school", ["school"], "get", ROOMS | STEERING),
    ("registry:commune", ["commune"], "get", WHOLE | {"commune_officer", "commune_leader"}),
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
    ("oversight:roles", [], "get", ROLE_KEEPERS),
    ("oversight:give", [], "get", ROLE_KEEPERS),
    ("oversight:give", [], "post", ROLE_KEEPERS),
    ("oversight:end", ["role_of_teacher"], "get", ROLE_KEEPERS),
    ("oversight:requests", [], "get", ROLE_KEEPERS),
    ("oversight:decide", ["role_request", "=tu-choi"], "post", ROLE_KEEPERS),  # asks for a proof first
    ("oversight:review", [], "get", ROLE_KEEPERS),
    ("oversight:emergency", [], "get", WIDE | {"division_head", "system_operator"}),
    ("oversight:decide_emergency", ["emergency_use", "=da-xem"], "post", WIDE),
    ("oversight:support", [], "get", {"support"}),
    ("oversight:school_access", [], "get", {"principal", "clerk"}),
    ("oversight:seen", ["support_asked"], "get", {"principal", "clerk"}),
    ("oversight:answer", ["support_asked", "=duyet"], "post", {"principal", "clerk"}),
    ("oversight:exports", [], "get", {"department_leader", "system_operator"}),
    ("oversight:cap", [], "post", {"department_leader", "system_operator"}),
    ("oversight:reopen", ["export_stop"], "post", {"department_leader", "system_operator"}),
    ("gateway:clients", [], "get", CLIENTS),
    ("gateway:new_client", [], "get", CLIENTS),
    ("gateway:client", ["client"], "get", CLIENTS),
    ("gateway:rotate", ["client"], "get", CLIENTS),
    ("gateway:end", ["client"], "get", CLIENTS),
    ("gateway:approve", ["client"], "post", CLIENTS),
    ("gateway:review", ["client"], "post", CLIENTS),
    ("roster:bundles", [], "get", DESK),
    ("roster:bundle", ["roster"], "get", DESK),
]
# the same pages of the school across the river: only those who steer the whole province
OTHERS = [
    ("registry:school", ["other_school"], "get", WHOLE),
    ("registry:commune", ["other_commune"], "get", WHOLE),
    ("registry:class", ["other_group"], "get", WIDE),
    ("registry:person", ["stranger"], "get", WIDE),
    ("journal:openings", ["stranger"], "get", WIDE),
    ("facilities:rooms", ["other_school"], "get", WIDE),
    ("tasks:task", ["other_task"], "get", WHOLE),
    ("reports:report", ["other_report"], "get", WHOLE),
    ("reports:paper", ["other_report", "=docx"], "get", WHOLE),
    ("reports:collected", ["?other_printed"], "get", WHOLE),
    ("reports:run", ["other_run"], "get", WHOLE),
    ("reports:stop", ["other_run"], "post", {"division_officer"}),
    ("reports:step", ["other_report", "=submit"], "post", set()),
    ("records:make", ["=learner", "?other_school"], "get", {"division_officer"}),
    ("records:change", ["=learner", "stranger"], "get", {"division_officer"}),
    ("records:change", ["=school", "other_school"], "get", {"division_officer"}),
    ("records:end", ["=class", "other_group"], "get", {"division_officer"}),
    ("records:history", ["=learner", "stranger"], "get", WIDE),
    ("records:alike", ["=learner", "?other_school"], "get", {"division_officer"}),
    ("records:bulk_change", ["other_bulk"], "get", {"division_officer"}),
    ("ui:attachment", ["other_attachment"], "get", WIDE),
    ("registry:restructure", ["other_school"], "get", {"division_officer"}),
    ("measures:figure", ["code", "other_school"], "get", WHOLE | {"system_operator"}),
    ("measures:records", ["code", "other_school"], "get", WIDE),
    ("measures:records", ["code", "other_commune"], "get", WIDE),
    ("plans:area", ["other_school"], "get", WHOLE),
    ("plans:value", ["other_value"], "get", WIDE),
    ("provisioning:system", ["other_system"], "get", CLIENTS - {"principal"}),
    ("roster:bundle", ["other_roster"], "get", DESK - {"principal", "clerk", "commune_officer"}),
    ("gateway:client", ["other_client"], "get", CLIENTS - {"principal"}),
    ("gateway:rotate", ["other_client"], "get", CLIENTS - {"principal"}),
    ("gateway:approve", ["other_client"], "post", CLIENTS - {"principal"}),
    ("gateway:end", ["other_client"], "post", CLIENTS - {"principal"}),
    ("oversight:end", ["role_across"], "get", {"department_leader", "division_officer", "system_operator"}),
    ("oversight:seen", ["support_across"], "get", set()),
    # the department's school lies in the commune but is not the commune's
    ("registry:school", ["high_school"], "get", WHOLE),
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
        elif name in ASKED:
            query = ASKED[name](world)
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


def a_rule() -> EscalationRule:
    ensure_rules()
    return EscalationRule.objects.order_by("path", "days")[0]


def a_report(school: Organisation, state: str = "draft", **facts: Any) -> Report:
    Report.objects.all().delete()
    by = Actor(scope="vn.p31", name="x", permissions=SYSTEM.permissions)
    report = draft_report(school, kind="monthly", day=dt.date(2026, 11, 23), by=by)
    Report.objects.filter(pk=report.pk).update(state=state, **facts)
    return report


def a_run(place: Organisation) -> Job:
    facts = {"kind": "monthly", "day": "2026-11-01", "n": Job.objects.count()}
    return Job.objects.create(path=place.path, name="reports.draft_all", title="x", arguments=facts)


def a_collection(school: Organisation, area: Organisation | None = None) -> str:
    report = a_report(school)
    Print.objects.create(report=report, path=school.path, content=b"%PDF", printed_from="x")
    return "?kind=monthly&starts_on=2026-11-01" + (f"&area={area.pk}" if area else "")


def a_client(school: Organisation) -> ApiClient:
    return make_client(name="x", unit=school, terms=Terms(frozenset({"registry:persons:read"})), by=SYSTEM)[0]


def a_notice(world: World) -> Notice:
    account = world.accounts["commune_officer"]
    return Notice.objects.create(path=account.path, account=account, kind="x", title="x", url="/")


def a_site(world: World) -> RelyingParty:
    site = Site("Học liệu", "thử", ("https://hoclieu.vn/cb",), dt.date(2027, 11, 25))
    return register_site(site, unit=Organisation.objects.get(path="vn.p31.sgd"), by=SYSTEM)


def a_value(unit: Organisation, state: str) -> Reported:
    indicator = Indicator.objects.get(plan__code="phai-bao")
    known = Reported.objects.filter(indicator=indicator, organisation=unit, state=state).first()
    return known or a_reported(indicator, unit, dt.date(2026, 10 if state == "accepted" else 11, 1), state=state)


def a_role_request(world: World) -> RoleRequest:
    asker, receiver = world.accounts["auditor"], world.accounts["accountant"]
    facts = {"path": world.commune.path, "organisation": world.commune, "role": "commune_officer", "reason": "x"}
    return RoleRequest.objects.get_or_create(
        account=receiver,
        asked_by=asker,
        state="waiting",
        defaults={**facts, "starts_on": dt.date(2026, 11, 1), "account_name": "x", "asked_by_name": "x"},
    )[0]


def an_emergency(world: World) -> EmergencyUse:
    now = timezone.now()
    return EmergencyUse.objects.create(
        path=world.province.path,
        account=world.accounts["division_head"],
        organisation=Organisation.objects.get(path="vn.p31.sgd"),
        role="division_officer",
        hours=1,
        reason="x",
        state="approved",
        decided_at=now,
        decided_by="x",
        ends_at=now,
    )


def a_stay_asked(world: World, school: Organisation) -> SupportAccess:
    facts = {"path": school.path, "organisation": school, "hours": 1, "reason": "x", "state": "waiting"}
    return SupportAccess.objects.get_or_create(account=world.accounts["support"], **facts)[0]


def a_stop(world: World) -> ExportStop:
    facts = {"path": world.school.path, "organisation": world.school, "role": "clerk", "rows": 1, "units": 1}
    return ExportStop.objects.get_or_create(account=world.accounts["clerk"], released_at=None, defaults=facts)[0]


def a_role_across(world: World) -> RoleAssignment:
    return an_account("teacher", world.other_school, username=f"across{RoleAssignment.objects.count()}").roles.get()


def some_letters(world: World, unit: Organisation) -> LetterFile:
    facts = {"whom": "learners", "job_id": uuid7(), "asked": 1, "made": 1, "content": seal("JVBERi0=")}
    return LetterFile.objects.create(path=unit.path, organisation=unit, **facts)


def a_claim(world: World, learner: Any) -> Claim:
    account = world.accounts["guardian"]
    known = Claim.objects.filter(account=account, learner=learner, state="waiting").first()
    return known or Claim.objects.create(path=learner.path, account=account, learner=learner, relation="mother")


MADE = {
    "role_of_teacher": lambda world: world.accounts["teacher"].roles.get(),
    "role_across": a_role_across,
    "role_request": a_role_request,
    "emergency_use": an_emergency,
    "support_asked": lambda world: a_stay_asked(world, world.school),
    "support_across": lambda world: a_stay_asked(world, world.other_school),
    "export_stop": a_stop,
    "letters": lambda world: some_letters(world, world.school),
    "other_letters": lambda world: some_letters(world, world.other_school),
    "claim": lambda world: a_claim(world, world.an),
    "other_claim": lambda world: a_claim(world, world.stranger),
    "waiting_value": lambda world: a_value(world.commune, "submitted"),
    "accepted_value": lambda world: a_value(world.commune, "accepted"),
    "other_value": lambda world: a_value(world.other_commune, "submitted"),
    "site": a_site,
    "system": lambda world: a_system(world.school).client,
    "other_system": lambda world: a_system(world.other_school).client,
    "mail_domain": lambda world: a_mail_domain(Organisation.objects.get(path="vn.p31")),
    "task": lambda world: a_task(world.school),
    "other_task": lambda world: a_task(world.other_school),
    "rule": lambda world: a_rule(),
    "report": lambda world: a_report(world.school),
    "other_report": lambda world: a_report(world.other_school),
    "notice": a_notice,
    "client": lambda world: a_client(world.school),
    "roster": lambda world: a_bundle(world.school),
    "other_roster": lambda world: a_bundle(world.other_school),
    "other_client": lambda world: a_client(world.other_school),
    "attachment": lambda world: an_attachment(world.school),
    "other_attachment": lambda world: an_attachment(world.other_school),
    "bulk": lambda world: a_bulk(world.school),
    "bulk_applied": lambda world: a_bulk(world.school, "applied"),
    "other_bulk": lambda world: a_bulk(world.other_school),
    "programme": a_programme,
    "room": lambda world: Room.objects.get(organisation=world.school),
    "commune_report": lambda world: a_report(world.commune),
    "submitted_report": lambda world: a_report(world.school, "submitted"),
    "sent_report": lambda world: a_report(world.school, "sent", number="1", sent_on=dt.date(2026, 12, 1)),
    "run": lambda world: a_run(world.commune),
    "other_run": lambda world: a_run(world.other_commune),
}
ASKED = {
    "?printed": lambda world: a_collection(world.school),
    "?other_printed": lambda world: a_collection(world.other_school, world.other_school),
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
