"""Telling the mail suite what is due, some mailboxes in hand at a time; carrying out plans at night."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from phuong.kernel.jobs import JobKind, Progress, later
from phuong.kernel.scope import SYSTEM, acting
from phuong.provisioning.actions.mailboxes import apply_plan
from phuong.provisioning.actions.telling import Outcome, note_outcomes, take_orders
from phuong.provisioning.jobs.suite import Suite
from phuong.provisioning.models import MailDomain
from phuong.provisioning.queries.mailboxes import due_count, due_mailboxes, suite_lacks

log = structlog.get_logger()
IN_HAND = 25
MOST_FAILURES = 3  # one after the other: the suite is down, the rest waits for the next time


def tell_suite(progress: Progress) -> Mapping[str, Any]:
    """Tell the suite every change whose time has come; gives how many came to what, or why nothing was told."""
    if lacking := suite_lacks():
        return {"off": lacking}
    tally: Counter[str] = Counter()
    suite = Suite(settings.MAILSUITE_URL, settings.MAILSUITE_KEY, settings.MAILSUITE_RATE)
    try:
        problem = _tell_all(suite, tally, progress)
    finally:
        suite.close()
    if problem:
        log.warning("mailsuite", problem=problem)
    return {**tally, "problem": problem}


def _tell_all(suite: Suite, tally: Counter[str], progress: Progress) -> str:
    with acting(SYSTEM):
        total = due_count(timezone.now())
    done = 0
    while True:
        progress.step(done, max(total, done))
        with acting(SYSTEM):
            orders = take_orders(due_mailboxes(timezone.now(), IN_HAND))
        if not orders:
            return ""
        outcomes: list[Outcome] = []
        failures = 0
        for order in orders:
            outcomes.append(suite.tell(order))
            failures = failures + 1 if outcomes[-1].verdict == "later" else 0
            if failures >= MOST_FAILURES or outcomes[-1].wait:
                break
        with acting(SYSTEM):
            note_outcomes(outcomes)
        tally.update(outcome.verdict for outcome in outcomes)
        done += len(outcomes)
        if len(outcomes) < len(orders) or failures >= MOST_FAILURES:
            return outcomes[-1].answer


def carry_out_plans(progress: Progress) -> Mapping[str, Any]:
    """Carry out the plan of every domain that is kept automatically, and ask for the suite to be told."""
    counted = {}
    with acting(SYSTEM):
        domains = list(MailDomain.objects.filter(is_automatic=True).order_by("name"))
    for place, domain in enumerate(domains):
        progress.step(place, len(domains))
        with acting(SYSTEM):
            counted[domain.name] = apply_plan(domain.pk, by=SYSTEM)
    if domains:
        with acting(SYSTEM):
            later(TELL.code)
    return counted


TELL = JobKind("provisioning.tell", _("Báo hệ thống thư cấp, đổi, khóa hộp thư"), tell_suite, every=15)
PLAN = JobKind("provisioning.plan", _("Đối chiếu hộp thư với hồ sơ nhân sự"), carry_out_plans, nightly=True)
