"""What plans tell the floors below: pages, first pages, search."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import FileGate, Hit, Home, MeasureUse, NavigationEntry, SearchSource
from phuong.kernel.jobs import JobKind
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import current_actor
from phuong.kernel.text import search_key
from phuong.plans import home
from phuong.plans.access import reported_seen_by
from phuong.plans.actions.reminding import remind_unreported
from phuong.plans.actions.reporting import FILES
from phuong.plans.decisions import decided
from phuong.plans.models import Indicator, Plan

STEERING = frozenset({"department_leader", "division_head", "division_officer", "auditor"})
AREA = frozenset({"commune_leader", "commune_officer", "principal"})
REPORTERS = AREA | {"division_officer"}
REVIEWERS = frozenset({"department_leader", "division_officer"})
_GROUP = _("Theo dõi, điều hành")


def find_plans(words: str, limit: int) -> list[Hit]:
    """Search plans and indicators by any part of their title or code, for those who may read plans."""
    if not current_actor().may(Permission.PLANS_READ):
        return []
    hits = [
        Hit(plan.title, plan.code, reverse("plans:plan", args=[plan.code]))
        for plan in Plan.objects.order_by("code")
        if words in search_key(f"{plan.title} {plan.code}")
    ]
    rows = Indicator.objects.filter(is_withdrawn=False).select_related("plan").order_by("plan__code", "rank", "id")
    for row in rows:
        if len(hits) >= limit:
            break
        if words in search_key(f"{row.title} {row.code}"):
            hits.append(
                Hit(
                    row.title,
                    f"{row.plan.code} · {row.code}",
                    reverse("plans:indicator", args=[row.plan.code, row.code]),
                )
            )
    return hits[:limit]


def measures_used() -> list[tuple[str, str]]:
    """Give (plan:indicator, measure) of every indicator that is counted."""
    return [(f"{plan}:{code}", line["measure"]) for (plan, code), line in decided().items() if line.get("measure")]


def indicators_not_counted() -> list[dict[str, Any]]:
    """Give the indicators to be counted when their app exists, and those that people report."""
    rows = Indicator.objects.exclude(decision="counted").filter(is_withdrawn=False).select_related("plan")
    return [
        {
            "code": f"{row.plan.code}:{row.code}",
            "title": row.title,
            "unit": row.unit,
            "app": row.app,
            "serves": [f"{row.plan.code}:{row.code}"],
            "state": row.decision,
        }
        for row in rows.order_by("plan__code", "rank", "id")
    ]


ALL = (
    MeasureUse("plans", measures_used, indicators_not_counted),
    FileGate(FILES, lambda actor, key: reported_seen_by(actor).filter(pk=key).exists()),
    NavigationEntry(
        "plans.indicators",
        _("Chỉ tiêu"),
        _("So thực hiện với kế hoạch năm và đích 2030"),
        "plans:indicators",
        "target-arrow",
        _GROUP,
        STEERING | AREA,
        rail_order=20,
    ),
    NavigationEntry(
        "plans.plans",
        _("Kế hoạch"),
        _("Nhiệm vụ, đơn vị chủ trì, thời hạn, sản phẩm"),
        "plans:plans",
        "list-check",
        _GROUP,
        STEERING | AREA,
        rail_order=30,
    ),
    NavigationEntry(
        "plans.reporting",
        _("Báo số liệu"),
        _("Số liệu đơn vị phải báo hằng tháng, kèm minh chứng"),
        "plans:reporting",
        "clipboard-data",
        _GROUP,
        REPORTERS,
        rail_order=35,
    ),
    NavigationEntry(
        "plans.review",
        _("Duyệt số liệu"),
        _("Số liệu các đơn vị đã gửi, đơn vị nào chưa báo"),
        "plans:review",
        "list-details",
        _GROUP,
        REVIEWERS,
    ),
    JobKind("plans.remind", _("Nhắc đơn vị chưa báo số liệu"), remind_unreported, nightly=True),
    Home("plans.dashboard", STEERING, home.dashboard),
    Home("plans.area", AREA, home.area_home),
    SearchSource("plans", _("Kế hoạch, chỉ tiêu"), "target-arrow", find_plans),
)
