"""Ready-made plans, indicators and reported values for any app's tests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.plans.models import Indicator, Plan, Reported
from phuong.registry.api import Organisation


def an_indicator(code: str = "B1", *, plan: str = "phai-bao", province: str = "31", **facts: Any) -> Indicator:
    """Make an indicator that people must report: of communes, unless ``scope`` says otherwise."""
    of, _is_new = Plan.objects.get_or_create(
        code=plan,
        defaults={
            "title": "Kế hoạch phải báo",
            "issuer": "Sở",
            "province_code": province,
            "starts": 2025,
            "ends": 2030,
            "digest": "x",
        },
    )
    facts = {"rank": 1, "unit": "percent", "decision": "reported", "scope": "communes", **facts}
    return Indicator.objects.create(plan=of, code=code, title=facts.pop("title", f"Chỉ tiêu {code}"), **facts)


def a_reporter(unit: Organisation, *, name: str = "Cán bộ Na", scope: str = "") -> Actor:
    """Make somebody who reports for a unit."""
    return Actor(
        scope=scope or unit.path,
        name=name,
        organisation_id=unit.pk,
        permissions=frozenset({Permission.PLANS_READ, Permission.VALUES_REPORT}),
    )


def a_reviewer(name: str = "Chuyên viên Tú", *, scope: str = "vn.p31") -> Actor:
    """Make somebody who reviews within a place."""
    return Actor(scope=scope, name=name, permissions=frozenset({Permission.PLANS_READ, Permission.VALUES_REVIEW}))


def a_reported(indicator: Indicator, area: Organisation, period: dt.date, **facts: Any) -> Reported:
    """Keep an accepted value, or one in the state that is given."""
    now = timezone.now()
    made = {
        "path": area.path,
        "as_of": period,
        "value": Decimal(50),
        "source": "sổ",
        "state": "accepted",
        "submitted_by_name": "Na",
        "submitted_at": now,
        "reviewed_by_name": "Tú",
        "reviewed_at": now,
        "review_comment": "xem lại" if facts.get("state") == "returned" else "",
        **facts,
    }
    return Reported.objects.create(indicator=indicator, organisation=area, period=period.replace(day=1), **made)
