"""``phuong verify-identities``: ask the population database about people, and say how that stands."""

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from phuong.kernel.commands import MALFORMED, REFUSED, JsonCommand, dumps, leave
from phuong.kernel.jobs import Progress
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import ROOT, SYSTEM, acting
from phuong.registry.api import organisation_by_code, unverified_count
from phuong.verification.errors import NotConnected
from phuong.verification.jobs import run_checks
from phuong.verification.queries import gateway_lacks, last_problem, quota, stuck_dispatches, totals

PATIENCE_SECONDS = 120.0
_STOPPED = ("outage", "refused")


class _Told(Progress):
    """Progress of a command: a line on standard error."""

    def step(self, done: int, total: int, message: str = "") -> None:
        """Say how far."""
        sys.stderr.write(f"  {done}/{total} {message}\n")


class Command(JsonCommand):
    """Run, or say how it stands."""

    help = "Đối chiếu với CSDL quốc gia về dân cư: run (hỏi, đợi trả lời), status."
    verbs = ("run", "status")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the place, and how much."""
        parser.add_argument("--org", default="", help="mã đơn vị, hoặc đường dẫn như vn.p31; để trống: tất cả")
        if verb == "run":
            parser.add_argument("--limit", type=int, default=0, help="nhiều nhất bao nhiêu người; 0: tất cả")
            parser.add_argument("--wait", type=float, default=PATIENCE_SECONDS, help="giây đợi khi không có tin gì mới")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run outside of any transaction: what is sent stays kept whatever happens."""
        if options["verb"] != "run":
            super().handle(*args, **options)
            return
        try:
            with acting(SYSTEM):
                path = _path(options["org"])
        except NotThere as refusal:
            leave(MALFORMED, refusal, as_json=options["json"])
        answer = run_checks(_Told(), under=path, most=max(0, options["limit"]), patience=options["wait"])
        if lacking := answer.get("off"):
            leave(REFUSED, NotConnected(lacks=lacking), as_json=options["json"])
        self.stdout.write(dumps(answer)) if options["json"] else self.show("run", answer)
        if answer["because"] in _STOPPED:
            sys.exit(REFUSED)

    def do_status(self, *, org: str) -> dict[str, Any]:
        """Say what was asked and answered, what is left, what the quota has."""
        used = quota(timezone.now())
        return {
            "connected": not gateway_lacks(),
            "lacks": gateway_lacks(),
            "left": unverified_count(_path(org)),
            **totals(),
            "quota": {"today": used.today, "per_day": used.per_day, "per_minute": used.per_minute},
            "problem": last_problem(),
            "stuck": [{"id": one.pk, "people": one.people, "problem": one.problem} for one in stuck_dispatches()],
        }


def _path(org: str) -> str:
    return str(organisation_by_code(org).path) if org else ROOT
