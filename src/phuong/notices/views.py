"""The page behind the bell."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.gates import signed_in
from phuong.notices.actions import open_notice, read_all, save_wishes
from phuong.notices.forms import WishesForm
from phuong.notices.queries import mail_lacks, own_mails, own_notices, own_wishes

MOST = 100
MOST_MAILS = 5


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


@signed_in
@require_http_methods(["GET", "POST"])
def wishes(request: Any) -> HttpResponse:
    """Show how one is told by e-mail, and what became of the last mails; change it."""
    form = (
        WishesForm(request.POST) if request.method == "POST" else WishesForm.of(*own_wishes(request.actor.account_id))
    )
    if form.is_bound and form.is_valid():
        save_wishes(form.wishes(), email=form.cleaned_data["email"], by=request.actor)
        messages.success(request, _("Đã lưu."))
        return redirect("notices:wishes")
    page = {"form": form, "mails": own_mails(request.actor.account_id, MOST_MAILS), "is_off": bool(mail_lacks())}
    return render(request, "notices/wishes.html", page, status=422 if form.errors else 200)
