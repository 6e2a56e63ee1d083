"""``phuong match``: find people known twice, and take the pairs along."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from phuong.kernel.commands import JsonCommand
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM
from phuong.matching.actions.outside import compare
from phuong.matching.actions.running import carry_out
from phuong.matching.actions.runs import make_run
from phuong.matching.models import PairState
from phuong.matching.queries import pairs_told
from phuong.registry.api import Organisation, organisation_by_code

COUNTRY = "vn"


class Command(JsonCommand):
    """Find, export."""

    help = "Tìm hồ sơ trùng trong một đơn vị, giữa hai đơn vị, hoặc với một tệp; xuất các cặp."
    verbs = ("run", "export")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the unit, and what it is compared with."""
        parser.add_argument("--org", metavar="CODE", help="mã đơn vị; để trống: cả nước")
        if verb == "run":
            other = parser.add_mutually_exclusive_group()
            other.add_argument("--against", metavar="CODE", help="đơn vị thứ hai, mỗi bên biết mỗi người một lần")
            other.add_argument("--with", dest="file", metavar="FILE", type=Path, help="tệp .parquet hoặc .csv")
        else:
            parser.add_argument("--state", choices=PairState.values, default=None)

    def do_run(self, org: str | None, against: str | None, file: Path | None) -> Any:
        """Find pairs; those of persons are kept for the review desk, those with a file only told."""
        unit = _unit(org)
        if file is not None:
            return compare(unit, file)
        other = organisation_by_code(against) if against else None
        run = make_run(unit, by=SYSTEM, against=other)
        return {"run": str(run.pk), **carry_out(Progress(), str(run.pk))}

    def do_export(self, org: str | None, state: str | None) -> Any:
        """Give the pairs that are kept, as keys and levels of agreement."""
        return pairs_told(str(_unit(org).path), state)

    def show(self, verb: str, answer: Any) -> None:
        """Write figures for people, pairs a line each."""
        pairs = answer.pop("pairs") if verb == "run" and isinstance(answer.get("pairs"), list) else []
        rows = answer if verb == "export" else pairs
        for row in rows:
            self.stdout.write("\t".join(str(value) for value in row.values()))
        if verb == "run":
            self.stdout.write("\t".join(f"{name} {value}" for name, value in answer.items()))


def _unit(code: str | None) -> Organisation:
    return organisation_by_code(code or COUNTRY)
