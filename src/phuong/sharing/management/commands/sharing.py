"""``phuong sharing``: what goes to the city and the Ministry, sending it, comparing totals."""

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from phuong.kernel.commands import MALFORMED, REFUSED, JsonCommand, dumps, leave
from phuong.kernel.jobs import Progress
from phuong.kernel.refusals import NotThere, Refused
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Organisation, organisation_by_code
from phuong.sharing.actions.agreeing import check_ready, ensure_services
from phuong.sharing.declarations import DataService, data_services
from phuong.sharing.jobs import compare_again, send
from phuong.sharing.models import Service
from phuong.sharing.queries import as_json, lines_of

PATIENCE_SECONDS = 120.0


class _Told(Progress):
    """Progress of a command: a line on standard error."""

    def step(self, done: int, total: int, message: str = "") -> None:
        """Say how far."""
        sys.stderr.write(f"  {done}/{total} {message}\n")


class Command(JsonCommand):
    """List the services of a province; send one; compare the totals of one."""

    help = "Chia sẻ dữ liệu: list (các dịch vụ), send (gửi một dịch vụ), reconcile (đối soát)."
    verbs = ("list", "send", "reconcile")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the province, the service, and how much."""
        parser.add_argument("--org", default="", help="mã tỉnh; để trống: tỉnh đầu tiên")
        if verb != "list":
            parser.add_argument("service", help="mã dịch vụ, như city.schools")
        if verb == "send":
            parser.add_argument("--all", action="store_true", help="gửi lại toàn bộ")
            parser.add_argument("--wait", type=float, default=PATIENCE_SECONDS, help="giây đợi khi không có tin gì mới")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send and compare outside of any transaction: what is sent stays kept whatever happens."""
        if options["verb"] == "list":
            super().handle(*args, **options)
            return
        try:
            with acting(SYSTEM):
                row = _ready(options["org"], options["service"])
        except NotThere as refusal:
            leave(MALFORMED, refusal, as_json=options["json"])
        except Refused as refusal:
            leave(REFUSED, refusal, as_json=options["json"])
        if options["verb"] == "send":
            answer = send(_Told(), service=str(row.pk), everything=options["all"], patience=options["wait"])
        else:
            answer = compare_again(str(row.pk))
        self.stdout.write(dumps(answer)) if options["json"] else self.show(options["verb"], dict(answer))
        if answer.get("because") or answer.get("off") or answer.get("differing"):
            sys.exit(REFUSED)

    def do_list(self, *, org: str) -> list[dict[str, Any]]:
        """Say how every service of the catalogue stands."""
        province = _province(org)
        ensure_services(province)
        return [as_json(line) for line in lines_of(province)]


def _ready(org: str, code: str) -> Service:
    about = _service(code)
    province = _province(org)
    ensure_services(province)
    row = Service.objects.get(path=province.path, code=about.code)
    check_ready(about, row)
    return row


def _service(code: str) -> DataService:
    found = data_services().get(code)
    if found is None:
        raise NotThere(_("Không có dịch vụ dữ liệu «%s».") % code)
    return found


def _province(org: str) -> Organisation:
    if org:
        found = organisation_by_code(org)
    else:
        provinces = Organisation.objects.filter(kind="province", closed_on__isnull=True)
        first = provinces.order_by("path").first()
        if first is None:
            raise NotThere
        found = first
    if found.kind != "province":
        raise NotThere(_("«%s» không phải một tỉnh.") % org)
    return found
