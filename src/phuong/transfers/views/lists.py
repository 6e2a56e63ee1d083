"""The list of transfers to and from the reader's schools."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from phuong.kernel.audit import LIST_SEEN, seen
from phuong.kernel.gates import needs
from phuong.transfers.access import READ, WORK, arriving, leaving
from phuong.transfers.forms import Filter
from phuong.transfers.queries import matching
from phuong.transfers.tables import transfer_table
from phuong.ui.api import keyset_page

LEAVING = "di"


@needs(READ)
@require_safe
def transfers(request: Any) -> HttpResponse:
    """List transfers, those that fall due first on top; two tabs, to and from."""
    form = Filter(request.GET)
    chosen = form.chosen()
    is_leaving = chosen.get("tab") == LEAVING
    rows = matching(leaving(request.actor) if is_leaving else arriving(request.actor), chosen)
    is_over = chosen.get("state") in ("completed", "over")
    by = ("id",) if is_over else ("falls_on", "id")
    seen(LIST_SEEN, on_kind="list", on_id="transfers.transfers")
    page = keyset_page(rows, by=by, query=request.GET, newest_first=is_over)
    shown = {
        "form": form,
        "table": transfer_table(page, request, is_leaving=is_leaving),
        "rows": page.rows,
        "is_leaving": is_leaving,
        "tabs": [(_("Chuyển đến"), "?", not is_leaving), (_("Chuyển đi"), f"?tab={LEAVING}", is_leaving)],
        "may_work": request.actor.may(WORK) and request.actor.as_of is None,
    }
    return render(request, "transfers/transfers.html", shown)
