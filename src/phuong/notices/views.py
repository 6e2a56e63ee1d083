"""The page behind the bell."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import signed_in
from phuong.notices.actions import open_notice, read_all
from phuong.notices.queries import own_notices

MOST = 100


@signed_in
@require_safe
def notices(request: Any) -> HttpResponse:
    """List what the person was told, newest first."""
    return render(request, "notices/notices.html", {"notices": list(own_notices(request.actor.account_id)[:MOST])})


@signed_in
@require_POST
def follow(request: Any, notice_id: UUID) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    return redirect(open_notice(notice_id, by=request.actor))


@signed_in
@require_POST
def all_read(request: Any) -> HttpResponse:
    """Mark everything as read."""
    read_all(by=request.actor)
    return redirect("notices:notices")
