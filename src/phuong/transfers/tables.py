"""The list of transfers: what each column shows."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.today import today
from phuong.transfers.models import Transfer
from phuong.transfers.values import owing_name, state_word, tone_of
from phuong.ui.api import Applied, Cell, Head, Page, Row, Table, write_day


def transfer_table(page: Page, request: Any, *, is_leaving: bool) -> Table:
    """Lay out one page of transfers, to or from the reader's schools."""
    heads = [Head(_("Học sinh")), Head(_("Trường nhận") if is_leaving else _("Trường đang học"))]
    heads += [Head(_("Khối")), Head(_("Tình trạng")), Head(_("Hạn bước này"))]
    rows = [_row(each, is_leaving=is_leaving) for each in page.rows]
    title = _("Chuyển đi") if is_leaving else _("Chuyển đến")
    return Table(
        title,
        columns=heads,
        rows=rows,
        applied=_applied(request),
        clear_url="?tab=di" if is_leaving else "?",
        pager=page,
        hide_caption=True,
        stacked=True,
    )


def _row(transfer: Transfer, *, is_leaving: bool) -> Row:
    url = reverse("transfers:transfer", args=[transfer.pk])
    return Row(
        [
            Cell(transfer.full_name, url, detail=f"{transfer.birth_date:%d/%m/%Y}"),
            Cell(
                transfer.to_name if is_leaving else transfer.from_name,
                detail=transfer.from_class if not is_leaving else "",
            ),
            transfer.grade or "",
            Cell(state_word(transfer), state=tone_of(transfer, today())),
            Cell(write_day(transfer.due_on), detail=owing_name(transfer)) if transfer.due_on else "",
        ]
    )


def _applied(request: Any) -> list[Applied]:
    query = request.GET
    shown = [name for name in ("q", "state") if query.get(name)]
    words = {"late": _("Quá hạn"), "completed": _("Đã chuyển"), "over": _("Đã xong, mọi kết quả")}
    return [Applied(words.get(query[name], query[name]), "?" + _without(query, name)) for name in shown]


def _without(query: Any, name: str) -> str:
    rest = query.copy()
    for each in (name, "after", "before"):
        rest.pop(each, None)
    return str(rest.urlencode())
