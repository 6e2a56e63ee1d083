"""Reads of matching."""

import json
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _

from phuong.identity.api import Account
from phuong.kernel.contributions import contributions
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, acting
from phuong.matching.models import Pair
from phuong.matching.rules import Standing
from phuong.records.api import RecordKind
from phuong.registry.api import Enrolment, Person, StaffPosition


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
