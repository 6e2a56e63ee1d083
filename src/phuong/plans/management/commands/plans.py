"""``phuong plans import|list|status``."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from phuong.kernel.commands import JsonCommand
from phuong.plans.access import plan_named
from phuong.plans.actions.importing import import_plan
from phuong.plans.decisions import shipped_plans
from phuong.plans.queries import Standing, plans_in_order, standings_of
from phuong.registry.api import organisation_by_code


class Command(JsonCommand):
    """Read plan files; say how targets stand."""

    help = "Kế hoạch: nạp tệp, liệt kê, xem chỉ tiêu so với số đếm được."
    verbs = ("import", "list", "status")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Declare the arguments of one verb."""
        if verb == "import":
            parser.add_argument("files", nargs="*", type=Path, help="tệp YAML; để trống: các kế hoạch kèm theo")
        if verb == "status":
            parser.add_argument("plan")
            parser.add_argument("--year", type=int, default=None)
            parser.add_argument("--org", default="", help="mã đơn vị; để trống: tỉnh của kế hoạch")

    def do_import(self, files: list[Path]) -> list[dict[str, Any]]:
        """Read plan files; without any, the shipped ones."""
        chosen = files or shipped_plans()
        return [vars(import_plan(file)) for file in chosen]

    def do_list(self) -> list[dict[str, Any]]:
        """List the plans."""
        return [
            {
                "code": plan.code,
                "title": plan.title,
                "province": plan.province_code,
                "starts": plan.starts,
                "ends": plan.ends,
                "version": plan.version,
            }
            for plan in plans_in_order()
        ]

    def do_status(self, plan: str, year: int | None, org: str) -> list[dict[str, Any]]:
        """Say how each indicator of a plan stands over an organisation."""
        found = plan_named(plan)
        area = organisation_by_code(org or found.province_code)
        chosen = year or timezone.localdate().year
        return [_row(standing) for standing in standings_of(area, year=chosen, plan=found)]


def _row(standing: Standing) -> dict[str, Any]:
    target, figure = standing.binding, standing.figure
    is_counted = standing.source == "counted"
    numerator, denominator = standing.reported_parts or (None, None)
    return {
        "code": standing.indicator.code,
        "name": standing.indicator.title,
        "unit": standing.indicator.unit,
        "target": f"{target.value.normalize():f}" if target and target.value is not None else None,
        "comparator": target.comparator if target else None,
        "actual": standing.actual if is_counted else standing.reported_value,
        "numerator": figure.numerator if figure else numerator,
        "denominator": figure.denominator if figure else denominator,
        "source": standing.source,
        "status": (standing.status if is_counted else standing.official).published,
        "as_of": figure.as_of if figure else standing.reported_as_of,
    }
