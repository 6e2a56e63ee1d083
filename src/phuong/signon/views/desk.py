"""The desk of sites: register, review, end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.gates import fresh, needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.registry.api import organisation_for
from phuong.signon.access import parties_seen_by, party_for
from phuong.signon.actions.sites import REVIEWED_EVERY, end_site, register_site, review_site
from phuong.signon.forms import SiteForm
from phuong.ui.api import keyset_page


@needs(Permission.CLIENTS_EDIT)
@require_safe
def sites(request: Any) -> HttpResponse:
    """List the sites, those to be reviewed first."""
    page = keyset_page(parties_seen_by(request.actor), by=("review_on", "id"), query=request.GET)
    return render(request, "signon/sites.html", {"page": page, "today": timezone.localdate()})


@needs(Permission.CLIENTS_EDIT)
@fresh()
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: Any) -> HttpResponse:
    """Register a site for one's own unit; its secret is shown once."""
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = organisation_for(request.actor, request.actor.organisation_id)
        site = form.site()
        party = register_site(site, unit=unit, by=request.actor)
        return render(request, "signon/site.html", {"party": party, "secret": site.secret})
    return render(request, "signon/register.html", {"form": form}, status=422 if form.errors else 200)


@needs(Permission.CLIENTS_EDIT)
@require_safe
def site(request: Any, party_id: UUID) -> HttpResponse:
    """Show one site."""
    page = {"party": party_for(request.actor, party_id), "today": timezone.localdate()}
    return render(request, "signon/site.html", page)


def _may_act(request: Any, party_id: UUID, act: str) -> None:
    if act not in ("giu", "dung"):
        raise NotThere
    party_for(request.actor, party_id)


@needs(Permission.CLIENTS_EDIT)
@fresh(_may_act)
@require_POST
def act(request: Any, party_id: UUID, act: str) -> HttpResponse:
    """Keep a site for another year, or end it."""
    if act == "giu":
        review_site(party_id, valid_until=timezone.localdate() + REVIEWED_EVERY, by=request.actor)
        messages.success(request, _("Đã rà soát, dùng tiếp một năm."))
    elif act == "dung":
        end_site(party_id, by=request.actor)
        messages.success(request, _("Đã ngừng. Mọi phiên ở trang này đã hết."))
    else:
        raise NotThere
    return redirect("signon:site", party_id)
