"""Pages: the journal of a place, and who opened one person's record."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from phuong.journal.forms import JournalFilter
from phuong.journal.queries import MOST_NAMESAKES, entries_about, entries_matching, namesakes
from phuong.journal.tables import entry_table, opening_table
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.registry.api import person_for
from phuong.ui.api import keyset_page, write_day


@needs(Permission.AUDIT_READ)
@require_safe
def search(request: Any) -> HttpResponse:
    """Search the journal of the acting place, newest line first."""
    form = JournalFilter(request.GET)
    chosen = form.chosen()
    rows = entries_matching(request.actor, chosen)
    page = keyset_page(rows, by=("id",), query=request.GET, newest_first=True)
    table = entry_table(page, request, _labels(form, chosen))
    is_cut = "person" in chosen and len(namesakes(request.actor, chosen["person"])) > MOST_NAMESAKES
    return render(request, "journal/search.html", {"form": form, "table": table, "is_cut": is_cut})


def _labels(form: JournalFilter, chosen: dict[str, Any]) -> dict[str, str]:
    titles = dict(form.fields["act"].choices)  # type: ignore[attr-defined]
    said = {**chosen, "act": titles.get(chosen.get("act", ""), "")}
    for name in ("first", "last"):
        if name in chosen:
            said[name] = f"{form.fields[name].label} {write_day(chosen[name])}"
    return {name: str(said[name]) for name in chosen}


@needs(Permission.PERSONS_READ, Permission.STAFF_READ, Permission.OWN_READ)
@require_safe
def openings(request: Any, person_id: UUID) -> HttpResponse:
    """Show who opened or changed one person's record, newest first."""
    subject = person_for(request.actor, person_id)
    page = keyset_page(entries_about(subject), by=("id",), query=request.GET, newest_first=True)
    facts = {"subject": subject, "table": opening_table(page, request.actor), "is_empty": not page.rows}
    facts["with_names"] = request.actor.may(Permission.HISTORY_READ)
    return render(request, "journal/openings.html", facts)
