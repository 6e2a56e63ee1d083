"""Reads of imports: the list, what was found in a file, saved ways of reading headings."""

import datetime as dt
import json
from collections.abc import Mapping as Facts
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import override

from phuong.intake.access import brings_own, sheets_for
from phuong.intake.declarations import Column, Sheet
from phuong.intake.models import Batch, Mapping, Part
from phuong.intake.reading import Table, read_table
from phuong.intake.rules import bare, mapped
from phuong.kernel.calendar import school_year_of
from phuong.kernel.scope import Actor
from phuong.kernel.text import search_key
from phuong.kernel.vault import unseal_bytes
from phuong.ui.api import MOST_ROWS, TooManyRows


def batches_seen_by(actor: Actor) -> QuerySet[Batch]:
    """Give the imports within the actor's place, newest first, without their content."""
    rows = Batch.objects.filter(path__under=actor.scope) if actor.scope else Batch.objects.none()
    own = [sheet.code for sheet in sheets_for(actor) if brings_own(actor, sheet)]
    kinds = [sheet.code for sheet in sheets_for(actor) if sheet.code not in own]
    is_theirs = Q(kind__in=kinds) | Q(kind__in=own, asked_by=actor.account_id, asked_by__isnull=False)
    return rows.filter(is_theirs).defer("content", "rows", "problems").order_by("-id")


def table_of(batch: Batch, sheet: Sheet) -> Table:
    """Read the file of an import again.

    :raises Unreadable: it cannot be read
    """
    known = headings_of(sheet)
    content = Batch.objects.values_list("content", flat=True).get(pk=batch.pk)
    return read_table(
        unseal_bytes(bytes(content or b"")),
        batch.name,
        sheet=batch.sheet,
        heading_row=batch.heading_row,
        known=lambda heading: bare(heading, search_key(heading)) in known,
    )


def headings_of(sheet: Sheet) -> dict[str, str]:
    """Give the name of the column for each heading it is known by, bare."""
    found: dict[str, str] = {}
    for column in sheet.columns:
        for heading in (*_labels(column), *column.headings, column.name.replace("_", " ")):
            found.setdefault(bare(heading, search_key(heading)), column.name)
    return found


def _labels(column: Column) -> list[str]:
    """Give the label in both languages: a file may come from somebody who reads the other one."""
    labels = []
    for language in ("vi", "en"):
        with override(language):
            labels.append(str(column.label))
    return labels


def present_rows(actor: Actor, sheet: Sheet, on: dt.date) -> list[dict[str, Any]]:
    """Read what stands of a kind in the actor's place, as cells of a file by the names of its columns, and ``unit``.

    :raises TooManyRows: more than a file may hold
    """
    params: dict[str, Any] = {"scope": actor.scope, "year": school_year_of(on).start}
    with connection.cursor() as cursor:
        cursor.execute(f"select * from ({sheet.present}) t limit {MOST_ROWS + 1}", params)
        names = [each.name for each in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    if len(rows) > MOST_ROWS:
        raise TooManyRows
    return rows


def mapping_of(sheet: Sheet, table: Table, saved: Facts[str, str] | None = None) -> dict[int, str]:
    """Find the columns by their headings; a saved way of reading goes before the known names."""
    known = headings_of(sheet) | {bare(each, search_key(each)): name for each, name in (saved or {}).items()}
    return mapped([bare(each, search_key(each)) for each in table.headings], known)


def saved_mappings(actor: Actor, kind: str) -> QuerySet[Mapping]:
    """Give the saved ways of reading headings: of the own place and of the places above it."""
    return Mapping.objects.filter(kind=kind, path__above=actor.scope).order_by("name", "id")


def findings_of(batch: Batch) -> dict[str, Any]:
    """Read what was found in a file: ``problems``, and the first rows that will be made or changed."""
    sealed = Batch.objects.values_list("problems", flat=True).get(pk=batch.pk)
    nothing: dict[str, Any] = {"problems": [], "create": [], "change": []}
    return dict(json.loads(unseal_bytes(bytes(sealed)))) if sealed else nothing


def totals_of(batch: Batch) -> Facts[str, int]:
    """Add up what an import has done so far."""
    sums = Part.objects.filter(batch=batch).aggregate(
        created=Sum("created"),
        changed=Sum("changed"),
        ended=Sum("ended"),
        restored=Sum("restored"),
        left_alone=Sum("left_alone"),
    )
    return {name: value or 0 for name, value in sums.items()}
