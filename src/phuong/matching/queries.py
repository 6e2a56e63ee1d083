"""Reads of matching."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from phuong.identity.api import Account
from phuong.kernel.contributions import contributions
from phuong.kernel.models import Job
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.matching.access import pairs_seen_by
from phuong.matching.models import Merge, Pair, PairState, Run, Touched
from phuong.matching.rules import Standing
from phuong.records.api import RecordKind
from phuong.registry.api import Enrolment, Person, StaffPosition, people_seen_by
from phuong.ui.api import Page, keyset_page


def standings(one: UUID, two: UUID) -> tuple[Standing, Standing]:
    """Say what counts of two records when they are to become one; read as the house: an account may lie elsewhere.

    :raises NotThere: one of them is no more
    """
    keys = [one, two]
    with acting(SYSTEM):
        people = {each.pk: each for each in Person.objects.filter(pk__in=keys)}
        accounts = set(Account.objects.filter(person__in=keys).values_list("person_id", flat=True))
        sits = dict(Enrolment.objects.filter(learner__in=keys, ends_on=None).values_list("learner_id", "starts_on"))
        posts = StaffPosition.objects.filter(person__in=keys, ends_on=None, is_main=True)
        sits |= dict(posts.values_list("person_id", "starts_on"))
    if len(people) != 2:
        raise NotThere

    def standing(key: UUID) -> Standing:
        person = people[key]
        is_verified = person.identity_state == "matched" and person.number_hash is not None
        return Standing(key, person.place_id, is_verified, key in accounts, sits.get(key))

    return standing(one), standing(two)


def kind_title(model: type[models.Model]) -> str:
    """Name the rows of a model as its kind of record does."""
    kind = next((each for each in contributions(RecordKind) if each.model is model), None)
    return str(kind.title) if kind else str(model._meta.label)


def column_title(label: str, column: str) -> str:
    """Name a column of a model (app.Model) as the pages do."""
    for kind in contributions(RecordKind):
        if kind.model._meta.label == label:
            for each in (*kind.fields, *kind.also):
                if column in (each.name, each.column, f"{each.name}_id"):
                    return str(each.label)
    return column


def last_change(model: type[models.Model], row: str) -> str:
    """Say who changed a row last and when, where its old rows are kept: « (…, 12/03/2027)»."""
    events: Any = getattr(model, "pgh_event_model", None)
    if events is None:
        return ""
    key = model._meta.pk
    kept = events.objects.filter(**{key.attname: row}).order_by("-pgh_created_at", "-pgh_id").first()
    if kept is None:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("select metadata from pghistory_context where id = %s", [kept.pgh_context_id])
        found = cursor.fetchone()
    facts = found[0] if found else {}
    facts = json.loads(facts) if isinstance(facts, str) else facts
    who = facts.get("name") or _("không rõ ai")
    return f" ({who}, {kept.pgh_created_at:%d/%m/%Y})"


def pairs_told(path: str, state: str | None) -> list[dict[str, Any]]:
    """Write the pairs under a place for machines, heaviest first: keys and levels, no values."""
    rows = Pair.objects.filter(path__under=path)
    rows = rows.filter(state=state) if state else rows
    told = rows.order_by("-weight", "id").values_list(
        "id", "one", "two", "probability", "is_sure", "guard", "state", "evidence"
    )
    names = ("id", "one", "two", "probability", "sure", "guard", "state", "evidence")
    return [dict(zip(names, row, strict=True)) for row in told]


@dataclass(frozen=True)
class Waiting:
    """A pair of the queue with both persons, as far as the reader sees them."""

    pair: Pair
    one: Person | None
    two: Person | None

    @property
    def pk(self) -> UUID:
        """Give the key of the pair."""
        return self.pair.pk


def queue(actor: Actor, state: str, query: QueryDict) -> Page:
    """Cut a page out of the pairs in a state, heaviest first; two statements, however many rows."""
    rows = pairs_seen_by(actor).filter(state=state)
    page = keyset_page(rows, by=("weight", "id"), query=query, newest_first=True)
    keys = {key for each in page.rows for key in (each.one, each.two)}
    people = people_seen_by(actor).select_related("place").in_bulk(keys) if keys else {}
    shown = [Waiting(each, people.get(each.one), people.get(each.two)) for each in page.rows]
    return Page(shown, page.size, page.next_key, page.previous_key, page.query)


def waiting_counts(actor: Actor) -> dict[str, int]:
    """Count the pairs of the actor's place by state."""
    rows = pairs_seen_by(actor).exclude(state__in=[PairState.SAME, PairState.GONE]).order_by()
    return dict(rows.values_list("state").annotate(count=Count("pk")))


def beside(actor: Actor, pair: Pair) -> tuple[UUID | None, UUID | None]:
    """Give the pairs before and after one in its queue."""
    state = pair.state if pair.state in (PairState.OPEN, PairState.PROPOSED, PairState.LATER) else PairState.OPEN
    rows = pairs_seen_by(actor).filter(state=state).exclude(pk=pair.pk)
    lighter = models.Q(weight__lt=pair.weight) | models.Q(weight=pair.weight, pk__lt=pair.pk)
    return _first(rows.exclude(lighter).order_by("weight", "id")), _first(
        rows.filter(lighter).order_by("-weight", "-id")
    )


def _first(rows: QuerySet[Pair]) -> UUID | None:
    return rows.values_list("pk", flat=True).first()


def job_of(run: Run) -> Job | None:
    """Find the job that carries a run out."""
    return Job.objects.filter(name="matching.run", arguments={"run_id": str(run.pk)}).order_by("-id").first()


def named(merges: Iterable[Merge]) -> dict[UUID, tuple[str, str]]:
    """Name the two records of each merge: as the one that stays is called now, and as the other was called."""
    merges = list(merges)
    people = dict(Person.objects.filter(pk__in=[each.kept for each in merges]).values_list("pk", "full_name"))
    gone = Touched.objects.filter(merge__in=merges, act=Touched.Act.REMOVED, model=Person._meta.label)
    names = dict(gone.values_list("merge_id", "before__full_name"))
    return {each.pk: (people.get(each.kept, ""), names.get(each.pk, "")) for each in merges}


def touched_rows(merge: Merge) -> list[tuple[str, str, int]]:
    """Count what a merge touched: (kind of record, what was done, how many)."""
    rows = merge.touched.exclude(model__in=[Pair._meta.label]).order_by().values_list("model", "act")
    counted = rows.annotate(count=Count("pk")).order_by("model", "act")
    titles = {kind.model._meta.label: str(kind.title) for kind in contributions(RecordKind)}
    acts = dict(Touched.Act.choices)
    return [(titles.get(model, model), str(acts[act]), count) for model, act, count in counted]
