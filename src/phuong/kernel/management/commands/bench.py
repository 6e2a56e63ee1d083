"""``phuong bench NAME``: measure, each figure beside a floor measured in the same run."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from phuong.kernel.contributions import Bench, codes, contribution


class Command(BaseCommand):
    """Run one benchmark."""

    help = "Đo một mục: số đo kèm mức sàn đo trong cùng lần chạy."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name."""
        parser.add_argument("name", choices=sorted(codes(Bench)))
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and tell."""
        del args
        bench = contribution(Bench, options["name"])
        if bench is None:
            sys.exit(2)
        figures = list(bench.figures())
        if options["json"]:
            self.stdout.write(json.dumps({"name": bench.code, "at": bench.sizes(), "figures": figures}, default=str))
            return
        for name, size in bench.sizes().items():
            self.stdout.write(f"# {name}: {size}")
        for figure in figures:
            self.stdout.write("{what}\t{value} {unit}\tfloor {floor}\tratio {ratio}".format(**figure))
