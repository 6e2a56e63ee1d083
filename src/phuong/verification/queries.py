"""Reads of verification: what is due, what the quota leaves, the cases of a place, how far a run is."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from phuong.kernel.calls import lacks
from phuong.kernel.vault import unseal
from phuong.registry.api import Person
from phuong.verification.models import Check, Dispatch
from phuong.verification.rules import OPEN, Outcome, Quota

ASKED = (Dispatch.State.MADE, Dispatch.State.TAKEN)
COUNTED = (Outcome.MATCHED, Outcome.MISMATCHED, Outcome.NOT_FOUND, Outcome.DUPLICATE)
MOST_STUCK = 20
_ANSWERED = F("matched") + F("mismatched") + F("not_found") + F("duplicate")


def gateway_lacks() -> str:
    """Name the variable without which nobody is asked about; empty when the gateway is set up."""
    name = lacks(settings.PHUONG_LGSP)
    return f"PHUONG_LGSP_{name.upper()}" if name else ""


def quota(moment: dt.datetime) -> Quota:
    """Give what the gateway allows, and how much of it is used: requests of the last minute, persons since midnight."""
    told = settings.PHUONG_LGSP
    midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    last_minute = Count("pk", filter=Q(made_at__gt=moment - dt.timedelta(minutes=1)))
    used = Dispatch.objects.filter(made_at__gte=midnight - dt.timedelta(minutes=1)).aggregate(
        last_minute=last_minute, today=Sum("people", filter=Q(made_at__gte=midnight))
    )
    return Quota(told["per_minute"], told["per_day"], used["last_minute"], used["today"] or 0)


def minute_frees_at(moment: dt.datetime) -> dt.datetime:
    """Say when the quota of a minute has room again."""
    recent = Dispatch.objects.filter(made_at__gt=moment - dt.timedelta(minutes=1))
    oldest: dt.datetime | None = recent.aggregate(oldest=Min("made_at"))["oldest"]
    return (oldest or moment) + dt.timedelta(minutes=1)


def under_way() -> QuerySet[Dispatch]:
    """Give the requests that are to be sent or asked for, however many there were before."""
    return Dispatch.objects.filter(next_at__isnull=False)


def is_held() -> bool:
    """Say whether the gateway did not take the last request: nothing new is made until it does."""
    return under_way().filter(state=Dispatch.State.MADE).exclude(problem="").exists()


def next_due() -> dt.datetime | None:
    """Say when something is due next; ``None`` when nothing is under way."""
    due: dt.datetime | None = under_way().aggregate(first=Min("next_at"))["first"]
    return due


def stuck_dispatches() -> list[Dispatch]:
    """Give the requests that were refused for good, without what they say."""
    rows = Dispatch.objects.filter(state=Dispatch.State.STUCK).order_by("-id")
    return list(rows.defer("body")[:MOST_STUCK])


def last_answered_at() -> dt.datetime | None:
    """Say when the gateway last answered a whole request."""
    found: dt.datetime | None = Dispatch.objects.aggregate(last=Max("answered_at"))["last"]
    return found


def last_problem() -> str:
    """Say why the gateway is not answering now; empty when it is."""
    waiting = under_way().exclude(problem="").order_by("-next_at")
    return waiting.values_list("problem", flat=True).first() or ""


def totals() -> dict[str, int]:
    """Count in persons what was asked (``people``), is ``waiting``, and came to what, over the requests in sight."""
    sums = {
        "asked": Sum("people"),
        "waiting": Sum(F("people") - _ANSWERED, filter=Q(state__in=ASKED)),
        **{f"n_{outcome}": Sum(outcome.value) for outcome in COUNTED},
    }
    counted = {name: value or 0 for name, value in Dispatch.objects.aggregate(**sums).items()}
    came = {outcome.value: counted[f"n_{outcome}"] for outcome in COUNTED}
    return {"people": counted["asked"], "waiting": counted["waiting"], **came}


def waiting_count() -> int:
    """Count the people an answer is waited for, in requests that are under way."""
    waiting = under_way().aggregate(n=Sum(F("people") - _ANSWERED))
    return waiting["n"] or 0


@dataclass(frozen=True)
class Case:
    """A person whose record the population database does not confirm, with the present check if one is kept."""

    person: Person
    check: Check | None
    theirs: Mapping[str, str]

    @property
    def fields(self) -> list[str]:
        """Give the fields that differ."""
        return list(self.theirs)


def cases_matching(rows: QuerySet[Person], chosen: Mapping[str, Any]) -> QuerySet[Person]:
    """Narrow cases by the filters of the list: field that differs, state, what was decided, name."""
    current = Check.objects.filter(is_current=True)
    if "field" in chosen:
        rows = rows.filter(pk__in=current.filter(fields__contains=[chosen["field"]]).values("person"))
    if "state" in chosen:
        rows = rows.filter(identity_state=chosen["state"])
    if chosen.get("decided") == "yes":
        rows = rows.filter(pk__in=current.exclude(decision="").values("person"))
    elif chosen.get("decided") == "no":
        rows = rows.exclude(pk__in=current.exclude(decision="").values("person"))
    if "q" in chosen:
        rows = rows.filter(search_key__contains=chosen["q"])
    return rows


def current_checks(people: list[UUID]) -> dict[UUID, Check]:
    """Give the present check of each person, in one statement."""
    rows = Check.objects.filter(person__in=people, is_current=True)
    return {row.person_id: row for row in rows}


def case_of(person: Person, check: Check | None) -> Case:
    """Put a person and the present check together; values of an answer to other facts are not shown."""
    return Case(person, check, theirs_of(check))


def theirs_of(check: Check | None) -> dict[str, str]:
    """Give the other side's values where they differ, by field."""
    return dict(json.loads(unseal(bytes(check.theirs)))) if check is not None and check.theirs else {}


def checks_of(person: Person) -> list[Check]:
    """Give what was asked about a person, latest first."""
    return list(Check.objects.filter(person=person).select_related("dispatch").order_by("-id")[:50])


def open_cases_by_unit(path: str) -> dict[UUID, int]:
    """Count the undecided cases of each unit that keeps such records, at or below a place, in one statement."""
    decided = Check.objects.filter(is_current=True).exclude(decision="")
    rows = Person.objects.filter(identity_state__in=OPEN, path__under=path).exclude(pk__in=decided.values("person"))
    counted = rows.filter(Q(is_learner=True) | Q(is_staff=True)).values_list("place").annotate(n=Count("pk"))
    return dict(counted.order_by("place"))
