"""Data services that are agreed on, for any app's tests."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils import timezone

from phuong.kernel.scope import SYSTEM
from phuong.registry.testing import a_province
from phuong.sharing.actions.agreeing import Agreement, record_agreement
from phuong.sharing.declarations import data_services
from phuong.sharing.models import Delivery, Service

SIGNED_ON = dt.date(2026, 10, 1)


def a_service(code: str = "city.learners", **facts: Any) -> Service:
    """Agree with a partner on a service of Hải Phòng."""
    province = a_province()
    by = replace(SYSTEM, scope=str(province.path), name="Chuyên viên Sở")
    row = record_agreement(data_services()[code], Agreement("12/TT-SGDĐT", SIGNED_ON), by=by)
    if facts:
        Service.objects.filter(pk=row.pk).update(**facts)
    return Service.objects.get(pk=row.pk)


def a_delivery(service: Service, **facts: Any) -> Delivery:
    """Make a delivery of a service, sent unless said otherwise."""
    now = timezone.now()
    usual = {"kind": "full", "why": "schedule", "state": "sent", "until": "1", "until_at": now, "day": now.date()}
    usual |= {"school_year": 2026, "contract": "schools@1", "contract_digest": "x", "rows": 5, "closed_at": now}
    return Delivery.objects.create(path=service.path, service=service, **{**usual, **facts})
