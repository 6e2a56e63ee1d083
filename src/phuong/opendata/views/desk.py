"""The desk of open data: what may be opened, what stands open, what a file would tell."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.opendata.access import province_for
from phuong.opendata.actions import HEAD_ROWS, open_dataset, shut_dataset
from phuong.opendata.declarations import dataset_named, datasets
from phuong.opendata.errors import NothingCounted
from phuong.opendata.models import Publication
from phuong.opendata.queries import content_of
from phuong.opendata.rules import csv_text
from phuong.opendata.views.public import lines_of, titled


def _open_now(province: Any) -> dict[str, Publication]:
    rows = Publication.objects.filter(province=province, is_open=True).select_related("edition")
    return {row.dataset: row for row in rows.defer("edition__content")}


@needs(Permission.OPENDATA_PUBLISH)
@require_safe
def desk(request: Any) -> HttpResponse:
    """List every dataset, open or not."""
    province = province_for(request.actor)
    open_now = _open_now(province)
    rows = [(titled(each), open_now.get(each.code)) for each in datasets()]
    page = {"rows": rows, "province": province, "count": len(open_now), "total": len(rows)}
    return render(request, "opendata/desk.html", page)


@needs(Permission.OPENDATA_PUBLISH)
@require_safe
def preview(request: Any, code: str) -> HttpResponse:
    """Show what a file would tell today, before it is opened."""
    province, known = province_for(request.actor), dataset_named(code)
    page = titled(known) | {"province": province, "publication": _open_now(province).get(code)}
    try:
        content = content_of(known, province)
    except NothingCounted as refusal:
        return render(request, "opendata/preview.html", page | {"problem": refusal.detail})
    head, *lines = lines_of(csv_text(known.fields, content.rows[:HEAD_ROWS]))
    told = {"head": head, "lines": lines, "content": content, "count": len(content.rows)}
    return render(request, "opendata/preview.html", page | told)


@needs(Permission.OPENDATA_PUBLISH)
@require_POST
def open_it(request: Any, code: str) -> HttpResponse:
    """Open a dataset to everybody, or write its file anew."""
    try:
        open_dataset(code, by=request.actor)
    except NothingCounted as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, _("Đã công khai: ai cũng xem và tải được, không cần đăng nhập."))
    return redirect("opendata:desk")


@needs(Permission.OPENDATA_PUBLISH)
@require_POST
def shut_it(request: Any, code: str) -> HttpResponse:
    """Take a dataset back."""
    shut_dataset(code, by=request.actor)
    messages.success(request, _("Đã ngừng công khai. Tệp mà người khác đã tải thì không thu lại được."))
    return redirect("opendata:desk")
