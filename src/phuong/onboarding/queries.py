"""Reads of onboarding: who sits where, how far accounts have come, what a link shows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.api import Account, AccountKind
from phuong.kernel.calendar import school_year_of
from phuong.kernel.models import Job
from phuong.kernel.past import of_each
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.onboarding.models import Claim, LetterFile
from phuong.registry.api import ClassGroup, Enrolment, Guardianship, Organisation, Person

LETTERS, SEND = "onboarding.letters", "onboarding.send"
LEARNERS, GUARDIANS, STAFF = "learners", "guardians", "staff"
WHOM = (LEARNERS, GUARDIANS, STAFF)
_UNUSABLE = "!"
MOST_JOBS = 10


@dataclass(frozen=True)
class Addressee:
    """Somebody a letter or message goes to; ``learner`` is the child it is about, the person itself for learners."""

    person: Person
    learner: Person
    group: str


def addressees(group: ClassGroup | None, school: Organisation, whom: str) -> list[Addressee]:
    """Give those of a class (or of the staff of a school) a letter goes to, in class-list order; one statement."""
    if whom == STAFF:
        staff = Person.objects.filter(place=school, is_staff=True).order_by("name_key", "id")
        return [Addressee(each, each, "") for each in staff]
    sitting = Enrolment.objects.filter(organisation=school, ends_on__isnull=True, class_group=group)
    if whom == LEARNERS:
        rows = sitting.select_related("learner", "class_group").order_by("learner__name_key", "learner_id")
        return [Addressee(row.learner, row.learner, row.class_group.name) for row in rows]
    ties = Guardianship.objects.filter(learner__in=sitting.values("learner"), ends_on__isnull=True)
    ties = ties.exclude(custody="none").select_related("guardian", "learner")
    name = group.name if group else ""
    ordered = ties.order_by("learner__name_key", "learner_id", "contact_order", "id")
    return [Addressee(tie.guardian, tie.learner, name) for tie in ordered]


def accounts_of(people: list[UUID]) -> dict[UUID, Account]:
    """Give the accounts of some people."""
    return {one.person_id: one for one in Account.objects.filter(person__in=people) if one.person_id}


def is_activated(account: Account) -> bool:
    """Say whether somebody has set a password."""
    return not account.password.startswith(_UNUSABLE)


def units_with(kind: AccountKind, path: str) -> list[tuple[UUID, int]]:
    """Give the units at or below a place with how many people of a kind they keep; one statement."""
    rows = Person.objects.filter(path__under=path, **{kind.flag: True}).values("place").order_by("place")
    return list(rows.annotate(count=Count("id")).values_list("place", "count"))


_REPORT = """
select o.code, o.name, k.kind, count(*) as people, count(a.id) as accounts,
  count(*) filter (where a.password not like '!%%') as activated
from registry_person p join registry_organisation o on o.id = p.place_id
  cross join lateral (values ('staff', p.is_staff), ('learners', p.is_learner), ('guardians', p.is_guardian))
    k(kind, is_one)
  left join identity_account a on a.person_id = p.id
where k.is_one and p.path <@ %s::ltree group by o.path, o.code, o.name, k.kind order by o.path, k.kind
"""


def account_report(path: str) -> list[dict[str, Any]]:
    """Count people, accounts and activated accounts by unit and kind; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORT, [path])
        names = ("org", "name", "kind", "people", "accounts", "activated")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def class_progress(school: Organisation) -> QuerySet[ClassGroup]:
    """Give the classes of this year with ``learners``, ``opened`` and ``activated``; one statement."""
    groups = ClassGroup.objects.filter(organisation=school, school_year=school_year_of(today()).start)
    sitting = Enrolment.objects.filter(class_group=OuterRef("pk"), ends_on__isnull=True)
    opened = sitting.filter(learner__account__isnull=False)
    activated = opened.exclude(learner__account__password__startswith=_UNUSABLE)
    counted = {"learners": sitting, "opened": opened, "activated": activated}
    counts = {name: Coalesce(of_each(rows, "class_group", Count("pk")), 0) for name, rows in counted.items()}
    return groups.annotate(**counts).order_by("grade", "name_key", "id")


def files_of(school: Organisation) -> QuerySet[LetterFile]:
    """Give the printed letters of a school that are still kept, latest first, without their content."""
    return LetterFile.objects.filter(organisation=school).select_related("class_group").defer("content").order_by("-id")


def jobs_of(school: Organisation) -> list[Job]:
    """Give the latest work asked for a school here."""
    return list(Job.objects.filter(name__in=[LETTERS, SEND], path=school.path).order_by("-id")[:MOST_JOBS])


def waiting_claims(path: str) -> QuerySet[Claim]:
    """Give the claims that wait for a school, oldest first."""
    rows = Claim.objects.filter(path__under=path, state=Claim.State.WAITING).order_by("id")
    return rows.select_related("learner", "account__person")


def own_claims(account_id: UUID) -> list[Claim]:
    """Give the claims of one account that wait or were refused; of a child that is not theirs no name is told."""
    with acting(SYSTEM):
        return list(Claim.objects.filter(account=account_id).exclude(state=Claim.State.ACCEPTED).order_by("-id")[:20])


def enrolment_facts(person: UUID) -> tuple[str, list[tuple[str, str]]] | None:
    """Give what this school year's enrolment came to: class, school, homeroom teacher. One statement.

    Called for a link that was signed for this very person.
    """
    rows = Enrolment.objects.filter(learner=person, school_year=school_year_of(timezone.localdate()).start)
    rows = rows.filter(ends_on__isnull=True).order_by("-starts_on")
    row = rows.values_list(
        "learner__full_name", "class_group__name", "organisation__name", "class_group__homeroom__full_name"
    ).first()
    if row is None:
        return None
    name, group, school, homeroom = row
    told = [
        (_("Lớp"), group),
        (_("Trường"), school),
        (_("Giáo viên chủ nhiệm"), homeroom or _("Trường chưa phân công")),
    ]
    return name, told
