"""Rows about a person, for every reference there is, and pictures of the whole database before and after."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone

from phuong.academics.models import (
    DevelopmentRecord,
    GradeSheet,
    GrowthCheck,
    Mark,
    MarkChange,
    PrimaryRating,
    PrimaryRecord,
    Result,
    Substitution,
    TermRecord,
    YearEndRecord,
)
from phuong.identity.api import Account
from phuong.identity.testing import an_account
from phuong.kernel.keys import uuid7
from phuong.kernel.models import Attachment
from phuong.onboarding.models import Claim, Delivery, LetterCode, LetterFile, RevokedLink
from phuong.provisioning.models import Mailbox, MailDomain
from phuong.provisioning.testing import a_mail_domain
from phuong.quality.models import Fix
from phuong.registry.api import (
    ClassGroup,
    Enrolment,
    FocalPoint,
    FormerKey,
    Guardianship,
    Organisation,
    Person,
    Qualification,
    StaffPosition,
    TeachingAssignment,
)
from phuong.registry.testing import a_class, a_person
from phuong.roster.models import SourcedId
from phuong.tasks.api import Assignment
from phuong.transfers.models import Step, Transfer
from phuong.verification.models import Check

UNCOUNTED = (  # history, logs, and what remembers merges
    "kernel_change",
    "kernel_auditentry",
    "kernel_auditlink",
    "kernel_audithead",
    "kernel_cache",
    "pghistory_context",
    "matching_merge",
    "matching_touched",
    "django_session",
)
ROUND = dt.date(2024, 9, 5)


def picture() -> dict[str, list[str]]:
    """Write down every row of every table as PostgreSQL does, history and logs apart."""
    found = {}
    there = set(connection.introspection.table_names())
    for model in apps.get_models():
        table = model._meta.db_table
        if hasattr(model, "pgh_tracked_model") or table in UNCOUNTED or table not in there:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f'select to_jsonb(t)::text from "{table}" t order by 1')
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def kept_old_rows() -> int:
    """Count the kept old rows of all tables."""
    return sum(model._base_manager.count() for model in apps.get_models() if hasattr(model, "pgh_tracked_model"))


def _days(place: int, *, last: bool = False) -> tuple[dt.date, dt.date | None]:
    start = ROUND + dt.timedelta(days=40 * place)
    return start, None if last else start + dt.timedelta(days=65)


def an_enrolment_of(person: Person, place: int) -> Enrolment:
    """Put a person into a class for 65 days; two places that follow each other overlap."""
    group = ClassGroup.objects.filter(organisation=person.place).first() or a_class(person.place)
    facts = {"organisation": person.place, "path": person.place.path, "school_year": group.school_year}
    return Enrolment.objects.create(
        learner=person, class_group=group, during=_days(place, last=place % 5 == 4), **facts
    )


def a_post_of(person: Person, place: int) -> StaffPosition:
    facts = {"organisation": person.place, "path": person.place.path, "group": "teacher", "is_main": place % 2 == 0}
    return StaffPosition.objects.create(person=person, position="teacher", during=_days(place), **facts)


def an_account_of(person: Person, place: int) -> Account:
    return an_account("learner", person.place, person=person, username=f"{person.pk.hex}{place}")


def a_mailbox_of(person: Person, place: int) -> Mailbox:
    domain = MailDomain.objects.first() or a_mail_domain(Organisation.objects.get(path="vn.p31"))
    facts = {"address": f"{person.pk.hex}{place}@haiphong.edu.vn", "name": person.full_name, "change": ""}
    return Mailbox.objects.create(domain=domain, person=person, path=person.path, **facts)


def somebody(place: Organisation, number: int) -> Person:
    """Give the third person a row is also about; few of them, so that doubles come about."""
    name = f"Lê Thị Hiền {'ABCDEF'[number % 3]}"
    known = Person.objects.filter(full_name=name).first()
    return known or a_person(place, name=name, is_guardian=True, is_learner=True, birth_date=dt.date(1985, 1, 1))


def a_guardianship(guardian: Person, learner: Person, place: int) -> Guardianship:
    ends = ROUND if place % 4 == 3 else None
    facts = {"relation": "mother", "path": learner.path, "ends_on": ends}
    return Guardianship.objects.create(guardian=guardian, learner=learner, **facts)


def _account_of_nobody() -> Account:
    department = Organisation.objects.get(path="vn.p31.sgd")
    known = Account.objects.filter(username="nobody.in.particular").first()
    return known or an_account("division_officer", department, username="nobody.in.particular")


def a_claim_on(person: Person, place: int) -> Claim:
    state = "refused" if place % 3 == 2 else "waiting"
    facts = {"path": person.path, "relation": "mother", "state": state}
    return Claim.objects.create(account=_account_of_nobody(), learner=person, **facts)


def a_delivery(guardian: Person, learner: Person, place: int) -> Delivery:
    job = f"019a0000-0000-7000-8000-00000000000{place % 4}"
    return Delivery.objects.create(job_id=job, guardian=guardian, learner=learner, path=learner.path, channel="sms")


def a_code_of(person: Person, place: int) -> LetterCode:
    now = timezone.now()
    facts = {"purpose": ("activate", "claim")[place % 2], "code_hash": uuid7().bytes, "issued_at": now}
    return LetterCode.objects.create(person=person, path=person.path, expires_at=now, **facts)


def a_file_of(person: Person, place: int) -> Attachment:
    facts = {"on_kind": "learner", "digest": f"{place % 3}", "size": 1, "content": b"\x00x", "name": "a.pdf"}
    return Attachment.objects.create(
        on_id=person.pk, path=person.path, permission="x", media_type="application/pdf", **facts
    )


def a_subject_of(person: Person, place: int) -> TeachingAssignment:
    group = ClassGroup.objects.filter(organisation=person.place).first() or a_class(person.place)
    facts = {"organisation": person.place, "path": person.path, "class_group": group}
    return TeachingAssignment.objects.create(person=person, subject=f"M{place}", during=_days(place), **facts)


def a_substitution_of(person: Person, place: int) -> Substitution:
    group = ClassGroup.objects.filter(organisation=person.place).first() or a_class(person.place)
    facts = {"organisation": person.place, "path": person.place.path, "class_group": group}
    return Substitution.objects.create(person=person, subject=f"{person.pk.hex}{place}", during=_days(place), **facts)


def a_transfer_of(person: Person, place: int) -> Transfer:
    state = "requested" if place % 2 else "withdrawn"
    facts = {"full_name": person.full_name, "search_key": person.search_key, "birth_date": ROUND, "grade": 8}
    sides = {"kind": "out", "from_school": person.place, "outside_school": "THCS Xa", "outside_province": "Huế"}
    asked = {"asked_by": "present", "asked_by_name": "x", "asked_on": ROUND, "stepped_on": ROUND}
    return Transfer.objects.create(learner=person, path=person.path, state=state, **facts, **sides, **asked)


def a_check_of(person: Person, place: int) -> Check:
    facts = {"facts": bytes([place % 2] * 16), "round": 1 + place % 3, "is_current": place % 2 == 0}
    return Check.objects.create(person=person, path=person.path, state="matched", **facts)


def _sitting_of(person: Person, place: int) -> Enrolment:
    return Enrolment.objects.filter(learner=person).first() or an_enrolment_of(person, place)


def a_mark_of(person: Person, place: int) -> Mark:
    row = _sitting_of(person, place)
    facts = {"class_group": row.class_group, "school_year": row.school_year, "term": 1 + place % 2}
    sheet, _is_new = GradeSheet.objects.get_or_create(
        subject=f"M{place}", **facts, defaults={"organisation": row.organisation, "path": row.path}
    )
    return Mark.objects.create(sheet=sheet, enrolment=row, learner=person, path=row.path, regular=[80, None], final=75)


def a_term_record_of(person: Person, place: int) -> TermRecord:
    row = _sitting_of(person, place)
    return TermRecord.objects.create(enrolment=row, learner=person, path=row.path, term=1 + place % 2, conduct=3)


def a_year_end_of(person: Person, place: int) -> YearEndRecord:
    row = _sitting_of(person, place)
    return YearEndRecord.objects.create(enrolment=row, learner=person, path=row.path, said_at=timezone.now())


def a_result_of(person: Person, place: int) -> Result:
    row = _sitting_of(person, place)
    facts = {"organisation": row.organisation, "school_year": row.school_year, "computed_at": timezone.now()}
    return Result.objects.create(
        enrolment=row, learner=person, path=row.path, part=place % 3, rule="x", inputs_hash="x", **facts
    )


def a_primary_rating_of(person: Person, place: int) -> PrimaryRating:
    row = _sitting_of(person, place)
    facts = {"enrolment": row, "learner": person, "path": row.path, "subject": f"M{place}", "level": "T"}
    return PrimaryRating.objects.create(period=1 + place % 4, **facts)


def a_primary_record_of(person: Person, place: int) -> PrimaryRecord:
    row = _sitting_of(person, place)
    facts = {"enrolment": row, "learner": person, "path": row.path, "ratings": {"NHANAI": "T"}}
    return PrimaryRecord.objects.create(period=1 + place % 4, **facts)


def a_growth_check_of(person: Person, place: int) -> GrowthCheck:
    row = _sitting_of(person, place)
    day = ROUND + dt.timedelta(place)
    return GrowthCheck.objects.create(enrolment=row, learner=person, path=row.path, day=day, weight=13400)


def a_development_of(person: Person, place: int) -> DevelopmentRecord:
    row = _sitting_of(person, place)
    facts = {"enrolment": row, "learner": person, "path": row.path, "results": {"THECHAT": 1}}
    return DevelopmentRecord.objects.create(period=1 + place % 2, **facts)


def a_change_of_marks(person: Person, place: int) -> MarkChange:
    facts = {"at": timezone.now(), "mark": uuid7(), "sheet": uuid7(), "what": {"final": [None, 10 * place]}}
    return MarkChange.objects.create(path=person.path, learner=person.pk, **facts)


BUILDERS: dict[tuple[str, str], Callable[[Person, int], Any]] = {
    ("academics.DevelopmentRecord", "learner"): a_development_of,
    ("academics.GrowthCheck", "learner"): a_growth_check_of,
    ("academics.Mark", "learner"): a_mark_of,
    ("academics.PrimaryRating", "learner"): a_primary_rating_of,
    ("academics.PrimaryRecord", "learner"): a_primary_record_of,
    ("academics.Result", "learner"): a_result_of,
    ("academics.Substitution", "person"): a_substitution_of,
    ("academics.TermRecord", "learner"): a_term_record_of,
    ("academics.YearEndRecord", "learner"): a_year_end_of,
    ("identity.Account", "person"): an_account_of,
    ("onboarding.Claim", "learner"): a_claim_on,
    ("onboarding.Delivery", "guardian"): lambda one, n: a_delivery(one, somebody(one.place, n), n),
    ("onboarding.Delivery", "learner"): lambda one, n: a_delivery(somebody(one.place, n), one, n),
    ("onboarding.LetterCode", "person"): a_code_of,
    ("onboarding.RevokedLink", "person"): lambda one, n: RevokedLink.objects.create(
        person=one, path=one.path, target=f"t{n}", until=timezone.now()
    ),
    ("provisioning.Mailbox", "person"): a_mailbox_of,
    ("registry.ClassGroup", "homeroom"): lambda one, n: a_class(one.place, name=f"{one.pk.hex}{n}", homeroom=one),
    ("registry.Enrolment", "learner"): an_enrolment_of,
    ("registry.FocalPoint", "person"): lambda one, n: FocalPoint.objects.create(
        organisation=one.place, path=one.path, duty="it", person=one, full_name=f"{one.pk}{n}", search_key="x"
    ),
    ("registry.FormerKey", "person"): lambda one, n: FormerKey.objects.create(
        id=uuid7(), person=one, since=timezone.now()
    ),
    ("registry.Guardianship", "guardian"): lambda one, n: a_guardianship(one, somebody(one.place, n), n),
    ("registry.Guardianship", "learner"): lambda one, n: a_guardianship(somebody(one.place, n), one, n),
    ("registry.Qualification", "person"): lambda one, n: Qualification.objects.create(
        person=one, path=one.path, level="bachelor", rank=n, field="Toán"
    ),
    ("registry.StaffPosition", "person"): a_post_of,
    ("tasks.Assignment", "person"): lambda one, n: Assignment.objects.create(
        path=one.path, organisation=one.place, origin="own", title="x", given_path=one.path, person=one
    ),
    ("registry.TeachingAssignment", "person"): a_subject_of,
    ("transfers.Transfer", "learner"): a_transfer_of,
    ("transfers.Step", "learner"): lambda one, n: Step.objects.create(
        transfer=Transfer.objects.first() or a_transfer_of(somebody(one.place, 1), 1),
        learner=one,
        path=one.path,
        act="x",
        state="requested",
    ),
    ("quality.Fix", "person"): lambda one, n: Fix.objects.create(
        organisation=one.place,
        path=one.path,
        person=one,
        measure=f"{one.pk}{n}",
        due_on=ROUND,
        missing_then=1,
        asked_by_name="x",
    ),
    ("verification.Check", "person"): a_check_of,
    ("onboarding.LetterFile", "person"): lambda one, n: LetterFile.objects.create(
        organisation=one.place, path=one.path, person=one, whom="x", job_id=uuid7(), asked=1, made=1, content=b"x"
    ),
    **{
        ("academics.MarkChange", "learner"): a_change_of_marks,
        ("kernel.Attachment", "on_id"): a_file_of,
        ("roster.SourcedId", "record"): lambda one, n: SourcedId.objects.create(
            organisation=one.place, path=one.path, source="x", kind="user", sourced_id=f"{one.pk}{n}", record=one.pk
        ),
    },
}
LOOSE = {("academics.MarkChange", "learner"), ("kernel.Attachment", "on_id"), ("roster.SourcedId", "record")}
__all__ = ["BUILDERS", "LOOSE", "kept_old_rows", "picture"]
