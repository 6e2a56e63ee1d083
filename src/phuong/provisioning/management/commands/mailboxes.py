"""``phuong mailboxes``: work mailboxes of staff."""

from typing import Any

from django.core.management.base import CommandParser

from phuong.kernel.commands import JsonCommand
from phuong.kernel.jobs import later
from phuong.kernel.scope import SYSTEM
from phuong.provisioning.actions.mailboxes import adopt_recorded, apply_plan, set_domain, try_again
from phuong.provisioning.errors import NoDomain
from phuong.provisioning.models import MailDomain
from phuong.provisioning.queries.mailboxes import (
    answers_given_up,
    domain_of,
    plan_counts,
    plan_of,
    state_counts,
    suite_lacks,
)
from phuong.registry.api import organisation_by_code


class Command(JsonCommand):
    """Set a domain, see the plan, carry it out, ask again, report."""

    help = "Hộp thư công vụ: domain, adopt (nhận hộp thư đã có), plan (xem trước), apply, retry, report."
    verbs = ("domain", "adopt", "plan", "apply", "retry", "report")

    def add_verb_arguments(self, verb: str, parser: CommandParser) -> None:
        """Take the facts of a verb."""
        parser.add_argument("--org", required=True, help="mã đơn vị, hoặc đường dẫn như vn.p31")
        if verb == "domain":
            parser.add_argument("--domain", required=True)
            parser.add_argument("--keep-years", type=int, default=10)
            parser.add_argument("--automatic", action="store_true", help="mỗi đêm tự làm theo đối chiếu")
        if verb == "plan":
            parser.add_argument("--most", type=int, default=100, help="số dòng, 0 là tất cả")

    def do_domain(self, *, org: str, domain: str, keep_years: int, automatic: bool) -> dict[str, Any]:
        """Keep the mail domain of a unit."""
        unit = organisation_by_code(org)
        kept = set_domain(unit=unit, name=domain, keep_years=keep_years, is_automatic=automatic, by=SYSTEM)
        return {"org": unit.code, "domain": kept.name, "keep_years": kept.keep_years, "automatic": kept.is_automatic}

    def do_adopt(self, *, org: str) -> dict[str, Any]:
        """Take the addresses in the records of staff as mailboxes that the suite has."""
        domain = _domain(org)
        return {"domain": domain.name, "adopted": adopt_recorded(domain.pk, by=SYSTEM)}

    def do_plan(self, *, org: str, most: int) -> dict[str, Any]:
        """Say what would be done; nothing is."""
        domain = _domain(org)
        steps = [
            {"change": step.change, "person": step.person_id, "name": step.name, "at": step.place}
            | ({"address": step.address} if step.address else {})
            for step in plan_of(domain, most=most)
        ]
        return {"domain": domain.name, "counts": plan_counts(domain), "steps": steps}

    def do_apply(self, *, org: str) -> dict[str, Any]:
        """Write down what the mailboxes should be; the suite is told by the job."""
        domain = _domain(org)
        counts = apply_plan(domain.pk, by=SYSTEM)
        return {"domain": domain.name, "counts": counts, "job": later("provisioning.tell").pk}

    def do_retry(self, *, org: str) -> dict[str, Any]:
        """Let what was given up be told again."""
        domain = _domain(org)
        return {"domain": domain.name, "again": try_again(domain.pk, by=SYSTEM), "job": later("provisioning.tell").pk}

    def do_report(self, *, org: str) -> dict[str, Any]:
        """Say how the mailboxes stand."""
        domain = _domain(org)
        given_up = [{"answer": answer, "mailboxes": count} for answer, count in answers_given_up(domain)]
        return {
            "domain": domain.name,
            "state": state_counts(domain),
            "plan": plan_counts(domain),
            "given_up": given_up,
            "suite_lacks": suite_lacks(),
        }


def _domain(org: str) -> MailDomain:
    found = domain_of(organisation_by_code(org))
    if found is None:
        raise NoDomain
    return found
