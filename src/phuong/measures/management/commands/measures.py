"""``phuong measures list|compute|show|records``."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from phuong.kernel.commands import JsonCommand
from phuong.kernel.contributions import MeasureUse, contributions
from phuong.kernel.jobs import Progress
from phuong.kernel.measures import Measure
from phuong.measures.actions import refresh_measures
from phuong.measures.queries import figures_of, measure_named, parts_of
from phuong.measures.records import records_of
from phuong.registry.api import Organisation, organisation_by_code, province_of


class _Told(Progress):
    """Progress of a command: a line on standard error."""

    def step(self, done: int, total: int, message: str = "") -> None:
        """Say how far."""
        sys.stderr.write(f"  {done}/{total} {message}\n")


class Command(JsonCommand):
    """Count, show, and list the records behind figures."""

    help = "Chỉ số: liệt kê, tính, xem, xem hồ sơ đạt hoặc còn thiếu."
    verbs = ("list", "compute", "show", "records")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Declare the arguments of one verb."""
        if verb in ("show", "records"):
            parser.add_argument("code")
            parser.add_argument("--org", default="", help="mã đơn vị; để trống: tỉnh")
        if verb == "show":
            parser.add_argument("--by", choices=["school", "commune", "level", "ownership"], default=None)
        if verb == "records":
            side = parser.add_mutually_exclusive_group()
            side.add_argument("--missing", action="store_true", help="còn thiếu (mặc định)")
            side.add_argument("--met", action="store_true")
            parser.add_argument("--limit", type=int, default=50)
            parser.add_argument("--after", default="")

    def do_list(self) -> list[dict[str, Any]]:
        """List all measures and the indicators that they serve."""
        served: dict[str, list[str]] = {}
        planned = []
        for use in contributions(MeasureUse):
            for indicator, measure in use.uses():
                served.setdefault(measure, []).append(indicator)
            planned += use.others()
        counted = [
            {
                "code": each.code,
                "title": each.title,
                "unit": each.unit.value,
                "app": each.app,
                "serves": served.get(each.code, []),
                "state": "computed",
            }
            for each in contributions(Measure)
        ]
        return counted + planned

    def do_compute(self) -> dict[str, Any]:
        """Count everything now."""
        return dict(refresh_measures(_Told()))

    def do_show(self, code: str, org: str, by: str | None) -> dict[str, Any]:
        """Show one figure and its parts."""
        area, measure = _area(org), measure_named(code)
        figure = figures_of(area, [code]).get(code)
        parts = parts_of(code, area, by) if by else []
        return {
            "code": measure.code,
            "as_of": figure.as_of if figure else None,
            "numerator": figure.numerator if figure else None,
            "denominator": figure.denominator if figure else None,
            "value": figure.value if figure else None,
            "parts": [
                {
                    "org": part.path or None,
                    "name": part.name,
                    "numerator": part.numerator,
                    "denominator": part.denominator,
                    "value": part.value,
                }
                for part in parts
            ],
        }

    def do_records(self, code: str, org: str, limit: int, after: str, **sides: bool) -> dict[str, Any]:
        """List the records that meet the condition, or those still missing."""
        area, measure = _area(org), measure_named(code)
        met = sides["met"]
        figure = figures_of(area, [code]).get(code)
        found, following = records_of(measure, area, met=met, limit=limit, after=after)
        count = (figure.numerator if met else figure.denominator - figure.numerator) if figure else None
        return {
            "count": count,
            "records": [
                {"id": row.id, "label": row.label, "org": row.path, "url": row.url, "why": row.why} for row in found
            ],
            "next": following or None,
        }


def _area(org: str) -> Organisation:
    if org:
        return organisation_by_code(org)
    province = province_of("vn")
    return province if province is not None else organisation_by_code("")
