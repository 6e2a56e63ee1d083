"""Reads of onboarding: who sits where, how far accounts have come, what a link shows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.identity.api import Account, AccountKind
from phuong.kernel.calendar import school_year_of
from phuong.kernel.models import Job
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.text import search_key
from phuong.kernel.today import today
from phuong.onboarding.access import files_seen_by
from phuong.onboarding.models import Claim, LetterFile
from phuong.registry.api import ClassGroup, Enrolment, Guardianship, Organisation, Person

LETTERS, SEND = "onboarding.letters", "onboarding.send"
LEARNERS, GUARDIANS, STAFF = "learners", "guardians", "staff"
ONE = "one"
WHOM = (LEARNERS, GUARDIANS, STAFF)
_UNUSABLE = "!"
MOST_JOBS = 10
MOST_FOUND = 20


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


def people_at(school: Organisation) -> QuerySet[Person]:
    """Give the staff and learners of a school, and the guardians of its learners.

    Read as the house by those who keep the school: a guardian's record may be kept by another one.
    """
    sitting = Enrolment.objects.filter(organisation=school, ends_on__isnull=True)
    ties = Guardianship.objects.filter(
        guardian=OuterRef("pk"), learner__in=sitting.values("learner"), ends_on__isnull=True
    )
    is_ours = Q(place=school, is_staff=True) | Exists(sitting.filter(learner=OuterRef("pk")))
    return Person.objects.filter(is_ours | Exists(ties.exclude(custody="none")))


def holders_at(school: Organisation, words: str) -> list[Account]:
    """Find accounts of a school's people by name, code or sign-in name; at most 21, one too many; one statement."""
    key = search_key(words)
    if not key:
        return []
    named = Q(person__search_key__contains=key) | Q(person__code=words.strip()) | Q(username=words.strip().lower())
    with acting(SYSTEM):
        rows = Account.objects.filter(named, person__in=people_at(school), is_active=True).select_related("person")
        return list(rows.order_by("person__name_key", "id")[: MOST_FOUND + 1])


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
    sitting = Q(enrolments__ends_on__isnull=True)
    has_account = sitting & Q(enrolments__learner__account__isnull=False)
    activated = has_account & ~Q(enrolments__learner__account__password__startswith=_UNUSABLE)
    return groups.annotate(
        learners=Count("enrolments", filter=sitting),
        opened=Count("enrolments", filter=has_account),
        activated=Count("enrolments", filter=activated),
    ).order_by("grade", "name_key", "id")


def files_of(school: Organisation, actor: Actor) -> QuerySet[LetterFile]:
    """Give the printed letters of a school that the actor may take, latest first, without their content."""
    rows = files_seen_by(actor).filter(organisation=school)
    return rows.select_related("class_group", "person").defer("content").order_by("-id")


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


_SITS = """
select l.full_name, g.name, o.name, h.full_name
from registry_enrolment e join registry_person l on l.id = e.learner_id
  join registry_classgroup g on g.id = e.class_group_id join registry_organisation o on o.id = e.organisation_id
  left join registry_person h on h.id = g.homeroom_id
where e.learner_id = %s and e.school_year = %s and e.ends_on is null order by e.starts_on desc limit 1
"""


def enrolment_facts(person: UUID) -> tuple[str, list[tuple[str, str]]] | None:
    """Give what this school year's enrolment came to: class, school, homeroom teacher. One statement.

    Called for a link that was signed for this very person, by everybody at once on results day: written out, because
    putting the statement together takes longer than answering it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SITS, [person, school_year_of(timezone.localdate()).start])
        row = cursor.fetchone()
    if row is None:
        return None
    name, group, school, homeroom = row
    told = [
        (_("Lớp"), group),
        (_("Trường"), school),
        (_("Giáo viên chủ nhiệm"), homeroom or _("Trường chưa phân công")),
    ]
    return name, told
