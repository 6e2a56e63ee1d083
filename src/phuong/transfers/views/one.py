"""One transfer: its page, the acts that take it on, the hand-over package."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.audit import SEEN, record, seen
from phuong.kernel.exports import Leaving, let_leave
from phuong.kernel.gates import needs
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.records.api import kind_named
from phuong.transfers.access import READ, WORK, may_act, transfer_for
from phuong.transfers.actions.completing import Arrival, Departure, complete_arrival, complete_departure
from phuong.transfers.actions.stepping import COMPLETE, take_step
from phuong.transfers.errors import BadPackage, CannotComplete, LearnerElsewhere, NeedsReason
from phuong.transfers.files import ZIP, content_of, record_in
from phuong.transfers.forms import Accepted, Arriving, Because
from phuong.transfers.models import Package, Transfer
from phuong.transfers.queries import classes_to_enter, package_of, steps_of
from phuong.transfers.rules import IN, OUT, PRESENT, RECEIVING, moves_from
from phuong.transfers.values import act_word, owing_name, state_word, tone_of

SHOWN_DIGITS = 3


@needs(READ)
@never_cache
@require_safe
def transfer(request: Any, transfer_id: UUID) -> HttpResponse:
    """Show one transfer: who, from where to where, what happened, what comes next."""
    found = transfer_for(request.actor, transfer_id)
    seen(SEEN, on_kind="transfer", on_id=found.pk, about=found.learner_id, path=_own_path(request.actor, found))
    return _page(request, found)


def _own_path(actor: Any, found: Transfer) -> str:
    """Give the side of a transfer that lies in the actor's place, for the journal there."""
    return str(found.path) if str(found.path).startswith(actor.scope) else str(found.to_path or actor.scope)


def _page(request: Any, found: Transfer, **forms: Any) -> HttpResponse:
    acts = _acts(request.actor, found)
    shown = {
        "transfer": found,
        "word": state_word(found),
        "tone": tone_of(found, today()),
        "owing": owing_name(found),
        "acts": [(act, act_word(found.kind, act)) for act in acts if act != COMPLETE],
        "steps": [(each, act_word(found.kind, each.act)) for each in steps_of(found)],
        "package": package_of(found),
        "may_take": _may_take(request.actor, found),
        **_arrival(request.actor, found, is_due=COMPLETE in acts),
        **_departure(found, is_due=COMPLETE in acts),
        "because": Because(),
        **forms,
    }
    status = 422 if any(getattr(each, "errors", None) for each in forms.values()) else 200
    return render(request, "transfers/transfer.html", shown, status=status)


def _acts(actor: Any, found: Transfer) -> dict[str, Any]:
    if actor.as_of is not None:
        return {}
    moves = moves_from(found.kind, found.state)
    return {act: move for act, move in moves.items() if may_act(actor, found, move.who)}


def _arrival(actor: Any, found: Transfer, *, is_due: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if found.kind == IN and found.is_open and may_act(actor, found, RECEIVING):
        handed = record_in(found)
        number = handed.learner.number
        shown["handed"] = handed
        shown["number"] = f"{number[:SHOWN_DIGITS]} ••• ••• {number[-SHOWN_DIGITS:]}" if number else ""
        values = handed.learner.model_dump(exclude={"code"})
        shown["alike"] = [each for each in kind_named("learner").alike(actor, values, None) if each.url]
    if is_due and found.kind != OUT:
        shown["arriving"] = Arriving(classes=classes_to_enter(found), alike=shown.get("alike", []))
    return shown


def _departure(found: Transfer, *, is_due: bool) -> dict[str, Any]:
    return {"leaving": Accepted()} if is_due and found.kind == OUT else {}


@needs(WORK)
@require_POST
def step(request: Any, transfer_id: UUID, act: str) -> HttpResponse:
    """Accept, refuse, release, object or withdraw."""
    found = transfer_for(request.actor, transfer_id)
    form = Because(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        taken = take_step(found.pk, act=act, reason=reason, by=request.actor)
    except NeedsReason as refusal:
        form.add_error("reason", refusal.detail)
    except (LearnerElsewhere, BadPackage) as refusal:
        form.add_error(None, refusal.detail)
    else:
        messages.success(request, _("Đã ghi: %s.") % act_word(taken.kind, act))
        return redirect("transfers:transfer", taken.pk)
    return _page(request, found, because=form, tried=act)


def _held(actor: Any, transfer_id: UUID, party: str) -> Transfer:
    """Find a transfer on whose side ``party`` the actor works."""
    found = transfer_for(actor, transfer_id)
    if not may_act(actor, found, party):
        raise NotThere
    return found


@needs(WORK)
@require_http_methods(["POST"])
def arrive(request: Any, transfer_id: UUID) -> HttpResponse:
    """Put the learner into a class: the learner leaves the old school and enters this one on one day."""
    found = _held(request.actor, transfer_id, RECEIVING)
    shown = _arrival(request.actor, found, is_due=True)
    form = Arriving(request.POST, classes=classes_to_enter(found), alike=shown.get("alike", []))
    if form.is_valid():
        facts = form.cleaned_data
        arrival = Arrival(UUID(facts["class_group"]), facts["day"], bool(facts.get("is_another")))
        try:
            done = complete_arrival(found.pk, arrival, by=request.actor)
        except CannotComplete as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
        except LearnerElsewhere as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Em đã vào lớp. Hồ sơ do trường này giữ từ nay."))
            return redirect("transfers:transfer", done.pk)
    return _page(request, found, arriving=form)


@needs(WORK)
@require_http_methods(["POST"])
def depart(request: Any, transfer_id: UUID) -> HttpResponse:
    """Record the acceptance of a school of another province: the learner leaves on that day."""
    found = _held(request.actor, transfer_id, PRESENT)
    form = Accepted(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        try:
            departure = Departure(facts["paper_number"], facts["paper_on"], facts["day"])
            done = complete_departure(found.pk, departure, by=request.actor)
        except CannotComplete as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.detail)
        except LearnerElsewhere as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Đã ghi giấy tiếp nhận. Em thôi học ở trường này."))
            return redirect("transfers:transfer", done.pk)
    return _page(request, found, leaving=form)


def _may_take(actor: Any, found: Transfer) -> bool:
    return any(may_act(actor, found, party) for party in (PRESENT, RECEIVING))


@needs(WORK)
@require_safe
def package(request: Any, transfer_id: UUID) -> HttpResponse:
    """Hand over the package to one of the two schools."""
    found = transfer_for(request.actor, transfer_id)
    kept = Package.objects.filter(transfer=found).first()
    if kept is None or not _may_take(request.actor, found):
        raise NotThere
    let_leave(Leaving("transfers.package", 1, {request.actor.organisation_id}))
    record(
        "transfers.package_taken",
        on_kind="transfer",
        on_id=found.pk,
        about=found.learner_id,
        note=kept.digest,
        path=_own_path(request.actor, found),
    )
    answer = HttpResponse(content_of(kept), content_type=ZIP)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=kept.name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
