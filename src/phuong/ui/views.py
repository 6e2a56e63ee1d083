"""The gallery of components, the choice of theme and the pages for errors."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from phuong.ui.gallery import specimens

THEMES = ("light", "dark", "auto")
YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    return render(request, "ui/gallery.html", specimens())


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or auto in a cookie and go back; anything else is ignored."""
    back = request.POST.get("next", "/")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(back if safe else "/")
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


def handler400(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be read."""
    return render(request, "400.html", status=400)


def handler403(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that this person may not make."""
    return render(request, "403.html", status=403)


def handler404(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere, or nowhere for this person."""
    return render(request, "404.html", status=404)


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer after a fault of ours, without asking the database or a context processor for anything."""
    incident = getattr(request, "incident", "")
    return HttpResponse(render_to_string("500.html", {"incident": incident}), status=500)
