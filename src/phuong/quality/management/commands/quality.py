"""``phuong quality [--org CODE] --json``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from phuong.kernel.commands import MALFORMED, dumps, leave
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, acting
from phuong.quality.queries import as_json
from phuong.registry.api import organisation_by_code, province_of


class Command(BaseCommand):
    """Say how good the data of a unit are."""

    help = "Chất lượng dữ liệu của một đơn vị: đúng, đủ, sạch, sống, và từng quy tắc."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the unit."""
        parser.add_argument("--org", default="", help="mã đơn vị; để trống: tỉnh")
        parser.add_argument("--json", action="store_true", help="JSON trên đầu ra chuẩn")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the scores."""
        del args
        with acting(SYSTEM):
            try:
                unit = organisation_by_code(options["org"]) if options["org"] else province_of("vn")
                if unit is None:
                    raise NotThere
            except NotThere as refusal:
                leave(MALFORMED, refusal, as_json=options["json"])
            found = as_json(unit)
        if options["json"]:
            self.stdout.write(dumps(found))
            return
        self.stdout.write(f"{found['name']}\t{found['score']}")
        for each in found["rules"]:
            self.stdout.write(f"{each['dimension']}\t{each['numerator']}/{each['denominator']}\t{each['title']}")
