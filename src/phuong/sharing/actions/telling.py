"""Telling the department of a service that needs somebody: refused by the partner, or totals that differ."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, acting
from phuong.notices.api import Message, tell_units
from phuong.sharing.models import Service

KIND = "sharing.trouble"


def tell_of_trouble(service: Service, told: Mapping[str, Any]) -> int:
    """Tell whoever runs data services what came of one, once a day; nothing when all is well. Gives how many."""
    title = _("Bên nhận từ chối: %s") if told.get("because") == "stuck" else _("Số liệu hai bên chưa khớp: %s")
    if told.get("because") != "stuck" and not told.get("differing"):
        return 0
    detail = str(told.get("problem") or _("%s đơn vị khác") % told.get("differing"))
    url = reverse("sharing:service", args=[service.code])
    key = f"{service.pk} {timezone.localdate()} {told.get('because')}"
    message = Message(KIND, title % service.title, detail, url, key)
    with acting(SYSTEM):
        return tell_units([(service.organisation_id, message)], permission=Permission.DATA_SHARE)
