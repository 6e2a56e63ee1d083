"""What the rows of the matrix speak of and the world does not hold: each made when a row asks for it.

``THINGS``: by name, of the own school unless the name says ``other_``. ``MINE``: of the account that asks.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from phuong.academics.models import Result
from phuong.academics.testing import a_mark, a_phrase, a_substitution, an_amendment
from phuong.facilities.api import Room
from phuong.facilities.models import Building, Equipment, Programme
from phuong.gateway.actions.clients import Terms, make_client
from phuong.gateway.actions.hooks import make_hook
from phuong.gateway.models import ApiClient, Delivery, Hook
from phuong.identity.api import Account, RoleAssignment
from phuong.identity.testing import an_account
from phuong.intake.testing import a_batch
from phuong.kernel.keys import uuid7
from phuong.kernel.models import Attachment, Job
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, Actor
from phuong.kernel.vault import seal
from phuong.notices.api import Notice
from phuong.onboarding.models import Claim, LetterFile
from phuong.opendata.testing import an_open_dataset
from phuong.oversight.models import EmergencyUse, ExportStop, RoleRequest, SupportAccess
from phuong.plans.models import Indicator, Reported
from phuong.plans.testing import a_reported
from phuong.provisioning.testing import a_mail_domain, a_system
from phuong.quality.testing import a_fix
from phuong.records.models import BulkChange
from phuong.registry.api import ClassGroup, Organisation, Person, StaffPosition
from phuong.registry.models import FocalPoint, Qualification
from phuong.registry.testing import a_class, a_guardian, a_learner, a_teacher, a_teaching
from phuong.reports.actions.drafting import draft_report
from phuong.reports.models import Print, Report
from phuong.roster.testing import a_bundle
from phuong.sharing.api import Service
from phuong.sharing.testing import a_service
from phuong.signon.actions.sites import Site, register_site
from phuong.signon.models import RelyingParty
from phuong.tasks.api import Assignment, ensure_rules
from phuong.tasks.models import EscalationRule
from phuong.verification.models import Dispatch
from phuong.verification.testing import a_case, give_number
from tests.access.alike import ALIKE
from tests.access.moving import TRANSFERS
from tests.world import World

DAY = dt.date(2026, 11, 23)


def a_mismatch(person: Person) -> Person:
    a_case(give_number(person, "031212000001"), full_name="Đỗ Khánh Anh")
    return person


def a_stuck_dispatch(path: str) -> Dispatch:
    return Dispatch.objects.create(path=path, people=1, body=b"x", state="stuck")


def an_attachment(school: Organisation) -> Attachment:
    facts = {"on_kind": "learner", "on_id": school.pk, "digest": "0", "size": 1, "content": b"x", "name": "a.pdf"}
    return Attachment.objects.create(
        path=school.path, permission=Permission.HISTORY_READ, media_type="application/pdf", **facts
    )


def a_job(path: str) -> Job:
    return Job.objects.create(path=path, name="measures.refresh", title="x", state="failed")


def a_bulk(school: Organisation, state: str = "checked") -> BulkChange:
    return BulkChange.objects.create(
        path=school.path, kind="learner", field="ethnicity", value="01", records=[], state=state, asked_by_name="x"
    )


def a_focal_point(unit: Organisation) -> FocalPoint:
    facts = {"duty": "it", "full_name": "Lê Văn Mối", "search_key": "le van moi", "phone": "0225"}
    return FocalPoint.objects.create(path=unit.path, organisation=unit, **facts)


def a_qualification(person: Person) -> Qualification:
    return Qualification.objects.create(path=person.path, person=person, level="bachelor", rank=3)


def a_building(school: Organisation) -> Building:
    return Building.objects.create(organisation=school, name="A", construction="solid")


def some_equipment(school: Organisation) -> Equipment:
    return Equipment.objects.create(organisation=school, kind="computer", quantity=3, working=2)


def a_programme(school: Organisation) -> Programme:
    return Programme.objects.create(organisation=school, school_year=2026, kind="stem_education", title="STEM")


def a_room(school: Organisation) -> Room:
    return Room.objects.get_or_create(organisation=school, name="101", kind="classroom", construction="solid")[0]


def a_task(unit: Organisation, **facts: Any) -> Assignment:
    given = {"title": "x", "responsibility": "x", "given_path": unit.path, "origin": "own", **facts}
    return Assignment.objects.create(path=unit.path, organisation=unit, **given)


def a_rule(place: str = "") -> EscalationRule:
    ensure_rules()
    rules = EscalationRule.objects.order_by("path", "days")
    if place:
        rules.update(path=place)
    return rules[0]


def a_report(unit: Organisation, state: str = "draft", **facts: Any) -> Report:
    by = Actor(scope="vn.p31", name="x", permissions=SYSTEM.permissions)
    report = draft_report(unit, kind="monthly", day=DAY, by=by)
    Report.objects.filter(pk=report.pk).update(state=state, **facts)
    return report


def a_run(place: Organisation) -> Job:
    facts = {"kind": "monthly", "day": "2026-11-01"}
    return Job.objects.create(path=place.path, name="reports.draft_all", title="x", arguments=facts, state="failed")


def a_run_of_cards(place: Organisation) -> Job:
    facts = {"under": str(place.path), "year": 2026, "part": 0, "asked_by": "x"}
    return Job.objects.create(path=place.path, name="academics.cards", title="x", arguments=facts, state="failed")


def a_result(person: Person) -> Result:
    row = person.enrolments.get()
    facts = {"organisation": row.organisation, "school_year": 2026, "computed_at": timezone.now(), "level": 3}
    return Result.objects.get_or_create(
        enrolment=row, learner=person, part=1, defaults={"path": row.path, "rule": "x", "inputs_hash": "x", **facts}
    )[0]


def a_young_class(school: Organisation, homeroom: Person | None = None) -> ClassGroup:
    """Give the one primary class of a school, made when it is first asked for."""
    there = school.classes.filter(level="primary").first()
    return there or a_class(school, name="4A", grade=4, level="primary", homeroom=homeroom)


def a_small_group(school: Organisation, homeroom: Person | None = None) -> ClassGroup:
    """Give the one preschool group of a school, made when it is first asked for."""
    there = school.classes.filter(level="kindergarten").first()
    return there or a_class(school, name="Lá 1", grade=0, level="kindergarten", homeroom=homeroom)


def a_small_child(school: Organisation, homeroom: Person | None = None) -> Person:
    """Give the one child of the preschool group of a school."""
    group = a_small_group(school, homeroom)
    there = group.enrolments.first()
    return there.learner if there else a_learner(school, group, birth_date=dt.date(2022, 3, 1))


def a_young_pupil(school: Organisation, homeroom: Person | None = None) -> Person:
    """Give the one pupil of the primary class of a school."""
    group = a_young_class(school, homeroom)
    there = group.enrolments.first()
    return there.learner if there else a_learner(school, group)


def a_health_worker(school: Organisation, person: Person) -> StaffPosition:
    """Let a member of staff look after the health of a school, whose preschool group is somebody else's."""
    a_small_group(school)
    facts = {"organisation": school, "path": school.path, "during": (dt.date(2026, 8, 1), None), "is_main": False}
    return StaffPosition.objects.create(person=person, position="medical", group="staff", **facts)


def a_collection(school: Organisation, area: Organisation | None = None) -> str:
    report = a_report(school)
    Print.objects.create(report=report, path=school.path, content=b"%PDF", printed_from="x")
    return "?kind=monthly&starts_on=2026-11-01" + (f"&area={area.pk}" if area else "")


def a_hook(school: Organisation) -> Hook:
    """Give the one webhook of a school, made when it is first asked for."""
    there = Hook.objects.filter(path=school.path).first()
    return there or make_hook(a_client(school).pk, url="https://example.com/x", kinds=[], by=SYSTEM)[0]


def a_dead_letter(school: Organisation) -> Delivery:
    return Delivery.objects.create(path=school.path, hook=a_hook(school), body="{}", state="dead")


def a_client(school: Organisation) -> ApiClient:
    return make_client(name="x", unit=school, terms=Terms(frozenset({"registry:persons:read"})), by=SYSTEM)[0]


def a_site(unit: Organisation) -> RelyingParty:
    site = Site("Học liệu", "thử", ("https://hoclieu.vn/cb",), dt.date(2027, 11, 25))
    return register_site(site, unit=unit, by=SYSTEM)


def a_consent(unit: Organisation) -> str:
    asked = {"client_id": a_site(unit).client_id, "redirect_uri": "https://hoclieu.vn/cb", "response_type": "code"}
    proof = {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"}
    return f"?{urlencode({**asked, **proof, 'scope': 'openid', 'state': 's', 'nonce': 'n'})}"


def a_service_elsewhere(world: World) -> Service:
    return Service.objects.create(path="vn.p99", organisation=world.province, code="city.schools", title="x")


def a_value(unit: Organisation, state: str) -> Reported:
    indicator = Indicator.objects.get(plan__code="phai-bao")
    return a_reported(indicator, unit, dt.date(2026, 10 if state == "accepted" else 11, 1), state=state)


def a_role_request(world: World, place: Organisation) -> RoleRequest:
    asker, receiver = world.accounts["auditor"], world.accounts["accountant"]
    return RoleRequest.objects.create(
        account=receiver,
        asked_by=asker,
        state="waiting",
        path=place.path,
        organisation=place,
        role="commune_officer",
        reason="x",
        starts_on=dt.date(2026, 11, 1),
        account_name="x",
        asked_by_name="x",
    )


def an_emergency(world: World) -> EmergencyUse:
    now = timezone.now()
    return EmergencyUse.objects.create(
        path=world.province.path,
        account=world.accounts["division_head"],
        organisation=department(),
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
    return SupportAccess.objects.create(account=world.accounts["support"], **facts)


def a_stop(world: World, place: Organisation) -> ExportStop:
    facts = {"path": place.path, "organisation": place, "role": "clerk", "rows": 1, "units": 1}
    return ExportStop.objects.create(account=world.accounts["clerk"], **facts)


def a_role_at(unit: Organisation, role: str = "teacher") -> RoleAssignment:
    return an_account(role, unit, username="across").roles.get()


def some_letters(unit: Organisation) -> LetterFile:
    facts = {"whom": "learners", "job_id": uuid7(), "asked": 1, "made": 1, "content": seal("JVBERi0=")}
    return LetterFile.objects.create(path=unit.path, organisation=unit, **facts)


def a_claim(world: World, learner: Person) -> Claim:
    facts = {"account": world.accounts["guardian"], "learner": learner, "relation": "mother"}
    return Claim.objects.create(path=learner.path, **facts)


def department() -> Organisation:
    return Organisation.objects.get(path="vn.p31.sgd")


def classmate(world: World) -> Person:
    return Person.objects.get(full_name="Bùi Thị Ánh", place=world.school)


def a_notice(account: Account) -> Notice:
    return Notice.objects.create(path=account.path, account=account, kind="x", title="x", url="/")


def a_passkey(account: Account) -> Authenticator:
    kept = {"name": "x", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
    return Authenticator.objects.create(user=account, type="webauthn", data=kept)


THINGS: dict[str, Callable[[World], Any]] = {
    "department": lambda world: department(),
    "case": lambda world: a_mismatch(world.an),
    "other_case": lambda world: a_mismatch(world.stranger),
    "staff_case": lambda world: a_mismatch(world.colleague),
    "stuck": lambda world: a_stuck_dispatch(world.province.path),
    "stuck_elsewhere": lambda world: a_stuck_dispatch("vn.p99"),
    "classmate": classmate,
    "other_class_of_school": lambda world: a_class(world.school, name="9A"),
    "other_colleague": lambda world: a_teacher(world.other_school, name="Đinh Thị Bên"),
    "other_parent": lambda world: a_guardian(world.stranger, name="Mạc Thị Xa"),
    "job": lambda world: a_job("vn.p31"),
    "job_elsewhere": lambda world: a_job("vn.p99"),
    "attachment": lambda world: an_attachment(world.school),
    "other_attachment": lambda world: an_attachment(world.other_school),
    "site": lambda world: a_site(department()),
    "school_site": lambda world: a_site(world.school),
    "other_site": lambda world: a_site(world.other_school),
    "consent": lambda world: a_consent(department()),
    "system": lambda world: a_system(world.school).client,
    "other_system": lambda world: a_system(world.other_school).client,
    "data_service": lambda world: a_service("city.schools"),
    "data_service_elsewhere": lambda world: a_service_elsewhere(world),
    "mail_domain": lambda world: a_mail_domain(world.province),
    "client": lambda world: a_client(world.school),
    "other_client": lambda world: a_client(world.other_school),
    "hook": lambda world: a_hook(world.school),
    "other_hook": lambda world: a_hook(world.other_school),
    "dead_letter": lambda world: a_dead_letter(world.school),
    "other_dead_letter": lambda world: a_dead_letter(world.other_school),
    "open_dataset": lambda world: an_open_dataset(),
    "letters": lambda world: some_letters(world.school),
    "other_letters": lambda world: some_letters(world.other_school),
    "claim": lambda world: a_claim(world, world.an),
    "other_claim": lambda world: a_claim(world, world.stranger),
    "guardianship": lambda world: world.an.guardians.get(),
    "other_guardianship": lambda world: a_guardian(world.stranger, name="Mạc Thị Xa").wards.get(),
    "enrolment": lambda world: world.an.enrolments.get(),
    "other_enrolment": lambda world: world.stranger.enrolments.get(),
    "position": lambda world: world.colleague.positions.get(),
    "other_position": lambda world: a_teacher(world.other_school).positions.get(),
    "qualification": lambda world: a_qualification(world.colleague),
    "other_qualification": lambda world: a_qualification(a_teacher(world.other_school)),
    "focal": lambda world: a_focal_point(world.school),
    "other_focal": lambda world: a_focal_point(world.other_school),
    "building": lambda world: a_building(world.school),
    "other_building": lambda world: a_building(world.other_school),
    "room": lambda world: a_room(world.school),
    "other_room": lambda world: a_room(world.other_school),
    "equipment": lambda world: some_equipment(world.school),
    "other_equipment": lambda world: some_equipment(world.other_school),
    "programme": lambda world: a_programme(world.school),
    "other_programme": lambda world: a_programme(world.other_school),
    "roster": lambda world: a_bundle(world.school),
    "other_roster": lambda world: a_bundle(world.other_school),
    "cards_run": lambda world: a_run_of_cards(world.school),
    "other_cards_run": lambda world: a_run_of_cards(world.other_school),
    "result_of_an": lambda world: a_result(world.an),
    "result_of_classmate": lambda world: a_result(classmate(world)),
    "result_of_stranger": lambda world: a_result(world.stranger),
    **TRANSFERS,
    **ALIKE,
    "batch": lambda world: a_batch(world.school),
    "marks_batch": lambda world: a_batch(world.school, kind="marks"),
    "other_marks_batch": lambda world: a_batch(world.other_school, kind="marks"),
    "other_batch": lambda world: a_batch(world.other_school),
    "fix": lambda world: a_fix(world.school),
    "other_fix": lambda world: a_fix(world.other_school),
    "lesson": lambda world: a_teaching(world.group, world.lan),
    "other_lesson": lambda world: a_teaching(world.other_group, a_teacher(world.other_school)),
    "young": lambda world: a_young_class(world.school, world.lan),
    "other_young": lambda world: a_young_class(world.other_school),
    "young_pupil": lambda world: a_young_pupil(world.school, world.lan),
    "other_young_pupil": lambda world: a_young_pupil(world.other_school),
    "small_lesson": lambda world: a_teaching(a_small_group(world.school), world.lan),
    "small_care": lambda world: a_health_worker(world.school, world.lan),
    "small": lambda world: a_small_group(world.school, world.lan),
    "other_small": lambda world: a_small_group(world.other_school),
    "small_child": lambda world: a_small_child(world.school, world.lan),
    "other_small_child": lambda world: a_small_child(world.other_school),
    "young_lesson": lambda world: a_teaching(a_young_class(world.school, world.lan), world.lan),
    "other_young_lesson": lambda world: a_teaching(
        a_young_class(world.other_school), a_teacher(world.other_school, name="Đinh Thị Bên")
    ),
    "mark": lambda world: a_mark(world.group, world.an),
    "other_mark": lambda world: a_mark(world.other_group, world.stranger),
    "substitution": lambda world: a_substitution(world.group, world.colleague),
    "other_substitution": lambda world: a_substitution(world.other_group, a_teacher(world.other_school)),
    "phrase": lambda world: a_phrase(world.school),
    "other_phrase": lambda world: a_phrase(world.other_school),
    "grade_sheet": lambda world: a_mark(world.group, world.an).sheet,
    "other_grade_sheet": lambda world: a_mark(world.other_group, world.stranger).sheet,
    "amendment": lambda world: an_amendment(a_mark(world.group, world.an)),
    "other_amendment": lambda world: an_amendment(a_mark(world.other_group, world.stranger)),
    "teaching": lambda world: a_teaching(world.group, world.colleague),
    "other_teaching": lambda world: a_teaching(world.other_group, a_teacher(world.other_school)),
    "bulk": lambda world: a_bulk(world.school),
    "other_bulk": lambda world: a_bulk(world.other_school),
    "bulk_applied": lambda world: a_bulk(world.school, "applied"),
    "other_bulk_applied": lambda world: a_bulk(world.other_school, "applied"),
    "task": lambda world: a_task(world.school),
    "other_task": lambda world: a_task(world.other_school),
    "task_from_above": lambda world: a_task(world.school, given_path="vn.p31", origin="conclusion", state="submitted"),
    "commune_task": lambda world: a_task(world.commune),
    "rule": lambda world: a_rule(),
    "rule_elsewhere": lambda world: a_rule("vn.p99"),
    "report": lambda world: a_report(world.school),
    "other_report": lambda world: a_report(world.other_school),
    "commune_report": lambda world: a_report(world.commune),
    "submitted_report": lambda world: a_report(world.school, "submitted"),
    "sent_report": lambda world: a_report(world.school, "sent", number="1", sent_on=dt.date(2026, 12, 1)),
    "other_sent_report": lambda world: a_report(world.other_school, "sent", number="1", sent_on=dt.date(2026, 12, 1)),
    "run": lambda world: a_run(world.commune),
    "other_run": lambda world: a_run(world.other_commune),
    "printed": lambda world: a_collection(world.school),
    "other_printed": lambda world: a_collection(world.other_school, world.other_school),
    "waiting_value": lambda world: a_value(world.commune, "submitted"),
    "accepted_value": lambda world: a_value(world.commune, "accepted"),
    "other_value": lambda world: a_value(world.other_commune, "submitted"),
    "role_of_teacher": lambda world: world.accounts["teacher"].roles.get(),
    "role_across": lambda world: a_role_at(world.other_school),
    "role_request": lambda world: a_role_request(world, world.commune),
    "other_role_request": lambda world: a_role_request(world, world.other_commune),
    "emergency_use": an_emergency,
    "support_asked": lambda world: a_stay_asked(world, world.school),
    "support_across": lambda world: a_stay_asked(world, world.other_school),
    "export_stop": lambda world: a_stop(world, world.school),
    "foreign_notice": lambda world: a_notice(a_role_at(world.other_school).account),
    "foreign_passkey": lambda world: a_passkey(a_role_at(world.other_school).account),
    "unit_code": lambda world: f"?code={world.school.code}",
    "other_unit_code": lambda world: f"?code={world.other_school.code}",
}
MINE: dict[str, Callable[[Account], Any]] = {
    "my_marks": lambda account: a_batch(account.roles.get().organisation, kind="marks", asked_by=account.pk),
    "my_notice": a_notice,
    "my_passkey": a_passkey,
    "my_role": lambda account: account.roles.get(),
    "my_app": lambda account: TOTP.activate(account, "JBSWY3DPEHPK3PXP").instance,
    "my_codes": lambda account: RecoveryCodes.activate(account).instance,
}
