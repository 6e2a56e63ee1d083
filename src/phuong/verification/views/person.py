"""One person: the state of verification with its history, and the question asked at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.audit import SEEN, seen
from phuong.kernel.gates import needs
from phuong.kernel.jobs import later
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM
from phuong.registry.api import IdentityState, Person, identity_history, person_for
from phuong.verification.access import case_for, may_decide
from phuong.verification.actions.claiming import ask_about
from phuong.verification.errors import AskedAlready
from phuong.verification.models import Check
from phuong.verification.queries import checks_of, gateway_lacks
from phuong.verification.rules import OPEN


@needs(Permission.PERSONS_READ, Permission.STAFF_READ, Permission.OWN_READ)
@require_safe
def person(request: Any, person_id: UUID) -> HttpResponse:
    """Show how the verification of a person stands and how it went; renewed by itself while an answer is awaited."""
    subject = person_for(request.actor, person_id)
    checks = checks_of(subject)
    may_ask = may_decide(request.actor, subject)
    page = {
        "subject": subject,
        "steps": [
            (step, _titled(step.before), _titled(step.after), _named(step.by)) for step in identity_history(subject)
        ],
        "checks": [(check, _titled(check.state)) for check in checks],
        "awaits": subject.identity_state == IdentityState.SENDING,
        "look": _LOOKS.get(subject.identity_state, "waiting"),
        "may_ask": may_ask and _may_go_out(subject, checks),
        "may_ask_again": may_ask and _has_answer(checks) and subject.identity_state in OPEN,
        "is_case": may_ask and subject.identity_state in OPEN,
        "with_names": request.actor.may(Permission.HISTORY_READ),
        "lacks": gateway_lacks(),
    }
    if "HX-Request" not in request.headers:
        seen(SEEN, on_kind="person", on_id=subject.pk, about=subject.pk, path=subject.path)
    part = "#standing" if "HX-Request" in request.headers else ""
    answer = render(request, f"verification/person.html{part}", page)
    answer["Vary"] = "HX-Request"
    return answer


_LOOKS = {"matched": "met", "mismatched": "attention", "not_found": "attention", "duplicate": "attention"}


def _named(by: str) -> str:
    return _("Hệ thống") if by == SYSTEM.name else by


def _titled(state: str) -> str:
    return str(IdentityState(state).label)


def _has_answer(checks: list[Check]) -> bool:
    return any(check.is_current for check in checks)


def _may_go_out(subject: Person, checks: list[Check]) -> bool:
    """Say whether the present facts were not asked about yet."""
    is_new = subject.identity_state == IdentityState.UNVERIFIED
    return is_new or (subject.identity_state != IdentityState.SENDING and not _has_answer(checks))


@needs(Permission.PERSONS_EDIT, Permission.STAFF_EDIT)
@require_POST
def ask(request: Any, person_id: UUID) -> HttpResponse:
    """Ask about one person now; the answer shows on the page when it comes."""
    subject: Person = person_for(request.actor, person_id)
    if not may_decide(request.actor, subject):
        raise NotThere
    again = request.POST.get("again") == "1"
    if again:
        case_for(request.actor, person_id)
    try:
        dispatch = ask_about(subject.pk, by=request.actor, again=again)
    except AskedAlready as refusal:
        messages.info(request, refusal.detail)
    else:
        if dispatch is not None:
            later("verification.collect", path=subject.path, dispatch=str(dispatch))
        messages.success(request, _("Đã gửi. Kết quả hiện ở đây khi có."))
    return redirect("verification:person", subject.pk)
