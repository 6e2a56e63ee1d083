"""Merges: what was made one, and the way back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.matching.access import merge_for, merges_seen_by
from phuong.matching.actions.unmerging import unmerge
from phuong.matching.errors import CannotUnmerge
from phuong.matching.queries import named, touched_rows
from phuong.ui.api import keyset_page


@needs(Permission.PEOPLE_MERGE)
@never_cache
@require_safe
def merges(request: Any) -> HttpResponse:
    """List the merges of the acting place, newest first."""
    page = keyset_page(merges_seen_by(request.actor), by=("id",), query=request.GET, newest_first=True)
    names = named(page.rows)
    rows = [(each, *names[each.pk]) for each in page.rows]
    return render(request, "matching/merges.html", {"page": page, "rows": rows})


@needs(Permission.PEOPLE_MERGE)
@never_cache
@require_safe
def merge(request: Any, merge_id: UUID) -> HttpResponse:
    """Show one merge: who, when, what moved over and what was put aside."""
    return _page(request, merge_id, [])


def _page(request: Any, merge_id: UUID, blocks: list[str]) -> HttpResponse:
    found = merge_for(request.actor, merge_id)
    kept, dropped = named([found])[found.pk]
    shown = {"merge": found, "kept": kept, "dropped": dropped, "touched": touched_rows(found), "blocks": blocks}
    return render(request, "matching/merge.html", shown, status=409 if blocks else 200)


@needs(Permission.PEOPLE_MERGE)
@require_POST
def undo(request: Any, merge_id: UUID) -> HttpResponse:
    """Undo a merge; what stands in the way is named on the page."""
    try:
        unmerge(merge_id, by=request.actor)
    except CannotUnmerge as refusal:
        return _page(request, merge_id, refusal.blocks)
    messages.success(request, _("Đã tách: hai hồ sơ như trước khi gộp."))
    return redirect("matching:merge", merge_id)
