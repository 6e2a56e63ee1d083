"""The network of focal points: who answers for what, and which units still name nobody."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.registry.forms import NetworkFilter
from phuong.registry.queries import contacts_matching, units_without_core_team
from phuong.registry.tables import contact_table
from phuong.ui.api import keyset_page


@needs(Permission.NETWORK_READ)
@require_safe
def contacts(request: Any) -> HttpResponse:
    """List the focal points within the acting scope, and the units that lack one of the core three."""
    form = NetworkFilter(request.GET)
    chosen = form.chosen()
    page = keyset_page(contacts_matching(request.actor, chosen), by=("search_key", "id"), query=request.GET)
    may_edit = request.actor.may(Permission.NETWORK_EDIT)
    own = request.actor.organisation_id
    shown = {
        "form": form,
        "table": contact_table(page, request, may_edit=may_edit),
        "lacking": units_without_core_team(request.actor),
        "add_url": f"{reverse('records:make', args=['focal'])}?of={chosen.get('unit') or own}" if may_edit else "",
        "duty_title": title_of("focal_duty", chosen["duty"]) if "duty" in chosen else _("Mọi đầu mối"),
    }
    return render(request, "registry/network.html", shown)
