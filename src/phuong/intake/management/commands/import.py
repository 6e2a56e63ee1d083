"""``phuong import KIND FILE``."""  # noqa: N999

import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from phuong.intake.actions.bringing import bring
from phuong.intake.actions.receiving import Wish
from phuong.intake.declarations import Sheet
from phuong.intake.forms import unit_coded
from phuong.intake.reading import write_back
from phuong.kernel.commands import MALFORMED, JsonCommand
from phuong.kernel.contributions import contributions
from phuong.kernel.scope import SYSTEM
from phuong.kernel.today import today


def _day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=dt.UTC).date()


class Command(JsonCommand):
    """Bring in a file as the page does; a file with errors changes nothing."""

    help = "Nạp một tệp: học sinh, đội ngũ, lớp …; tệp có lỗi thì không áp dụng dòng nào."

    @property
    def verbs(self) -> tuple[str, ...]:  # type: ignore[override]
        """Name the kinds of file."""
        return tuple(sorted(sheet.code for sheet in contributions(Sheet)))

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Declare the arguments of one kind."""
        del verb
        parser.add_argument("file", type=Path)
        parser.add_argument("--org", default="", help="mã đơn vị của những dòng không ghi đơn vị")
        parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra")
        parser.add_argument("--report", type=Path, help="ghi các dòng lỗi vào tệp xlsx này")
        parser.add_argument("--whole", action="store_true", help="danh sách đầy đủ: ai không có trong tệp thì thôi học")
        parser.add_argument("--confirm-ending", action="store_true", help="đã biết nhiều em sẽ thôi học")
        parser.add_argument("--on", type=_day, default=None, help="có hiệu lực từ ngày, dd/mm/yyyy")

    def method_of(self, verb: str) -> Any:
        """Bring in a file of this kind."""
        return partial(self.bring, verb)

    def bring(  # noqa: PLR0913
        self,
        kind: str,
        *,
        file: Path,
        org: str,
        dry_run: bool,
        report: Path | None,
        whole: bool,
        confirm_ending: bool,
        on: Any,
    ) -> dict[str, Any]:
        """Read, check and, when nothing is wrong, apply."""
        unit = unit_coded(SYSTEM, org) if org else None
        wish = Wish(kind, on or today(), "whole" if whole else "add", unit, reason=f"phuong import {file.name}")
        brought = bring(file.name, file.read_bytes(), wish, by=SYSTEM, is_trial=dry_run, confirmed=confirm_ending)
        if report and brought.draft:
            problems: dict[int, list[tuple[int, str]]] = {}
            for each in brought.draft.problems:
                problems.setdefault(each.row, []).append((each.column, each.message))
            report.write_bytes(write_back(brought.draft.table, problems, heading="Lỗi cần sửa"))
        return {
            **brought.counts(),
            "errors": brought.errors,
            "applied": brought.is_applied,
            "batch": str(brought.batch.pk),
        }

    def code_of(self, verb: str, answer: Any) -> int:
        """Leave with 2 when rows are wrong."""
        return MALFORMED if answer["errors"] else super().code_of(verb, answer)

    def show(self, verb: str, answer: Any) -> None:
        """Write the counts, and the errors on standard error."""
        del verb
        for each in answer["errors"]:
            sys.stderr.write(f"{each['cell']}\t{each['column']}\t{each['value']}\t{each['message']}\n")
        self.stdout.write(
            "\t".join(f"{name} {answer[name]}" for name in ("read", "create", "change", "same", "refused"))
        )
