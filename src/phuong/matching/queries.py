"""Reads of matching."""

import json
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from phuong.kernel.contributions import contributions
from phuong.records.api import RecordKind


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
