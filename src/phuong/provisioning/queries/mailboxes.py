"""What mailboxes should be and are: the plan as one difference between registry and mailboxes, what is due."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from phuong.provisioning.models import MailAddress, Mailbox, MailDomain
from phuong.provisioning.rules.mailboxes import Change
from phuong.registry.api import Organisation, Person, StaffPosition


@dataclass(frozen=True)
class Step:
    """One step of the plan: what becomes of the mailbox of a person."""

    change: str
    person_id: UUID
    mailbox_id: UUID | None
    name: str
    place: str
    path: str
    recorded: str
    address: str


def suite_lacks() -> str:
    """Name the variable without which no mail suite is told anything; empty when one is set."""
    needed = (("PHUONG_MAILSUITE_URL", settings.MAILSUITE_URL), ("PHUONG_MAILSUITE_KEY", settings.MAILSUITE_KEY))
    return next((name for name, value in needed if not value), "")


def _differing(domain: MailDomain) -> QuerySet[Any]:
    """Give the persons whose mailbox is not as the registry says, each with the ``step`` to take. One statement.

    Who holds any post today works; a child domain of a unit within this one keeps its own people.
    """
    holds = StaffPosition.objects.filter(person=OuterRef("pk"), during__contains=timezone.localdate())
    has_none, is_here = Q(mailbox__isnull=True), Q(mailbox__domain=domain)
    people: Any = Person.objects
    found: QuerySet[Any] = (
        people.filter(Q(is_staff=True) | is_here, path__under=domain.path)
        .annotate(works=Exists(holds))
        .annotate(
            step=Case(
                When(has_none & Q(works=True), then=Value(Change.CREATE)),
                When(is_here & Q(works=True, mailbox__is_wanted=False), then=Value(Change.RESUME)),
                When(is_here & Q(works=False, mailbox__is_wanted=True), then=Value(Change.SUSPEND)),
                When(is_here & Q(works=True) & ~Q(mailbox__name=F("full_name")), then=Value(Change.RENAME)),
                default=Value(""),
            )
        )
        .exclude(step="")
    )
    return found


def plan_counts(domain: MailDomain) -> dict[str, int]:
    """Count the steps of the plan by what they do."""
    rows = _differing(domain).values_list("step").annotate(n=Count("pk"))
    found = dict(rows)
    return {change.value: found.get(change.value, 0) for change in Change if change}


def plan_of(domain: MailDomain, *, change: str = "", most: int = 0) -> Iterator[Step]:
    """Give the steps of the plan by name, of one kind or all, at most ``most`` (0: all)."""
    rows = _differing(domain).order_by("step", "name_key", "pk")
    if change:
        rows = rows.filter(step=change)
    columns = ("step", "pk", "mailbox", "full_name", "place__name", "path", "work_email", "mailbox__address")
    listed = rows.values_list(*columns)
    some = listed[:most] if most else listed.iterator(chunk_size=5000)
    for step, person, mailbox, name, place, path, recorded, address in some:
        yield Step(step, person, mailbox, name, place, path, recorded, address or "")


def state_counts(domain: MailDomain) -> dict[str, int]:
    """Count the mailboxes of a domain: by what the suite confirmed, waiting, and given up."""
    waits = ~Q(change="")
    counted: dict[str, int] = Mailbox.objects.filter(domain=domain).aggregate(
        active=Count("pk", filter=Q(known="active")),
        suspended=Count("pk", filter=Q(known="suspended")),
        waiting=Count("pk", filter=waits & Q(next_try_at__isnull=False)),
        given_up=Count("pk", filter=waits & Q(next_try_at__isnull=True)),
    )
    return counted


def answers_given_up(domain: MailDomain, most: int = 10) -> list[tuple[str, int]]:
    """Give the last answers of the suite to changes that were given up, with how many mailboxes each meets."""
    stuck = Mailbox.objects.filter(domain=domain, next_try_at__isnull=True).exclude(change="")
    return list(stuck.values_list("answer").annotate(n=Count("pk")).order_by("-n", "answer")[:most])


def due_mailboxes(moment: dt.datetime, most: int) -> list[UUID]:
    """Give mailboxes whose change may be told now, those that wait longest first."""
    due = Mailbox.objects.filter(next_try_at__lte=moment).exclude(change="")
    return list(due.order_by("next_try_at", "id").values_list("pk", flat=True)[:most])


def due_count(moment: dt.datetime) -> int:
    """Count the changes that may be told now."""
    return Mailbox.objects.filter(next_try_at__lte=moment).exclude(change="").count()


def addresses_of(mailboxes: list[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """Give every address (stem, number) that each mailbox has or had."""
    found: dict[UUID, list[tuple[str, int]]] = {key: [] for key in mailboxes}
    for key, stem, number in (
        MailAddress.objects.filter(mailbox__in=mailboxes).order_by("id").values_list("mailbox_id", "stem", "number")
    ):
        if key:
            found[key].append((stem, number))
    return found


def mailbox_of(person_id: Any) -> Mailbox | None:
    """Find the mailbox of a person, where the acting person sees it."""
    return Mailbox.objects.filter(person=person_id).first()


def domain_of(unit: Organisation) -> MailDomain | None:
    """Find the mail domain under which a unit's staff get mailboxes: that of the nearest unit above."""
    above = MailDomain.objects.select_related("organisation").filter(path__above=unit.path)
    return max(above, key=lambda domain: len(domain.path), default=None)
