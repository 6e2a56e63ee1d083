"""``phuong roster export`` and ``phuong roster import``."""

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from phuong.kernel.commands import JsonCommand
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.registry.api import organisation_by_code
from phuong.roster.actions.exporting import bundle_of
from phuong.roster.actions.importing import bring_bundle
from phuong.roster.errors import BundleRefused


class Command(JsonCommand):
    """Write a unit's roster as a OneRoster bundle, or take a vendor's bundle into a school."""

    help = "Gói OneRoster 1.2: export của một đơn vị, import vào một trường."
    verbs = ("export", "import")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Declare the arguments of a verb."""
        parser.add_argument("--org", required=True, help="mã đơn vị")
        parser.add_argument("--on", type=dt.date.fromisoformat, default=None, help="ngày, yyyy-mm-dd; mặc định hôm nay")
        if verb == "export":
            parser.add_argument("--out", type=Path, required=True)
            parser.add_argument("--demographics", action="store_true", help="kèm ngày sinh, giới tính")
        else:
            parser.add_argument("file", type=Path)
            parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, đếm")
            parser.add_argument("--confirm-ending", action="store_true", help="đã biết nhiều em sẽ thôi học")

    def do_export(self, *, org: str, on: dt.date | None, out: Path, demographics: bool) -> dict[str, Any]:
        """Write the bundle of a unit."""
        unit = organisation_by_code(org)
        reader = replace(SYSTEM, scope=unit.path)
        with acting(reader):
            made = bundle_of(reader, with_demographics=demographics, on=on)
        out.write_bytes(made.content)
        return {"org": unit.code, "people": made.people, "size": len(made.content), "file": str(out)}

    def do_import(
        self, *, org: str, on: dt.date | None, file: Path, dry_run: bool, confirm_ending: bool
    ) -> dict[str, Any]:
        """Take a bundle into a school; with a wrong row nothing is written, and the answer is 2."""
        unit = organisation_by_code(org)
        if unit.kind not in ("school", "campus"):
            raise NotThere
        try:
            done = bring_bundle(
                file.read_bytes(), unit, on=on or today(), by=SYSTEM, is_trial=dry_run, confirmed=confirm_ending
            )
        except BundleRefused as refusal:
            for each in refusal.facts["errors"]:  # type: ignore[attr-defined]
                sys.stderr.write(f"{each['sheet']}\t{each.get('sourcedId', '')}\t{each['message']}\n")
            raise
        return {**done, "applied": not dry_run}
