"""Pages of a family: where the transfers of its children stand, asking for one, withdrawing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere, Refused
from phuong.kernel.today import today
from phuong.registry.api import Enrolment, Person, people_seen_by
from phuong.transfers.access import GUARDIAN, child_for, may_ask_for, transfers_seen_by
from phuong.transfers.actions.asking import Elsewhere, Wish, ask_for_child, ask_to_leave
from phuong.transfers.actions.stepping import take_step
from phuong.transfers.errors import CannotAsk, UnderWay
from phuong.transfers.forms import Asking, Outside, Search
from phuong.transfers.models import Transfer
from phuong.transfers.queries import present_seat, schools_to_ask, transfers_of_children
from phuong.transfers.values import act_word, owing_name, state_word, told_to_family, tone_of


@needs(Permission.OWN_READ)
@require_safe
def family(request: Any) -> HttpResponse:
    """Show each child's transfers in plain words: where it stands, until when, what happened."""
    actor = request.actor
    people = people_seen_by(actor).filter(is_learner=True).order_by("name_key", "id")
    children = list(people.filter(pk__in=actor.persons))
    told: dict[UUID, list[dict[str, Any]]] = {child.pk: [] for child in children}
    for each in transfers_of_children(list(told)):
        if each.learner_id in told:
            told[each.learner_id].append(_told(actor, each))
    rows = [(child, told[child.pk], _may_ask(actor, child, told[child.pk])) for child in children]
    return render(request, "transfers/family.html", {"children": rows, "today": today()})


def _may_ask(actor: Any, child: Person, told: list[dict[str, Any]]) -> bool:
    return not any(each["transfer"].is_open for each in told) and may_ask_for(actor, child.pk)


def _told(actor: Any, transfer: Transfer) -> dict[str, Any]:
    return {
        "transfer": transfer,
        "word": state_word(transfer),
        "tone": tone_of(transfer, today()),
        "words": told_to_family(transfer),
        "owing": owing_name(transfer),
        "steps": [(step, act_word(transfer.kind, step.act)) for step in transfer.steps.all()],
        "may_withdraw": transfer.is_open and actor.role == GUARDIAN and may_ask_for(actor, transfer.learner_id),  # type: ignore[arg-type]
    }


def _seat(child: Person) -> Enrolment:
    seat = present_seat(child.pk)
    if seat is None:
        raise CannotAsk(_("Con chưa được xếp vào lớp nào. Nhờ trường xếp lớp trước khi chuyển."))
    return seat


@needs(Permission.OWN_READ)
@require_http_methods(["GET", "POST"])
def ask(request: Any, learner_id: UUID) -> HttpResponse:
    """Find a school of the province by its name and ask that the child may go there."""
    child = child_for(request.actor, learner_id)
    seat = _seat(child)
    grade = seat.class_group.grade
    form = Asking(request.POST or None, grade=grade)
    words = Search(request.POST or request.GET).words()
    if form.is_valid():
        facts = form.cleaned_data
        try:
            ask_for_child(child.pk, facts["school"], Wish(facts["grade"], facts["reason"]), by=request.actor)
        except (CannotAsk, UnderWay) as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Đã gửi đơn. Trường nhận trả lời ở trang này."))
            return redirect("transfers:family")
    is_looking = bool(words)
    found = schools_to_ask(words, present=seat.organisation, grade=grade) if is_looking else []
    shown = {"child": child, "seat": seat, "form": form, "words": words, "found": found, "is_looking": is_looking}
    shown["chosen"] = str(form["school"].value() or "")
    return render(request, "transfers/ask.html", shown, status=422 if form.errors else 200)


@needs(Permission.OWN_READ)
@require_http_methods(["GET", "POST"])
def ask_outside(request: Any, learner_id: UUID) -> HttpResponse:
    """Ask that the child may go to a school of another province."""
    child = child_for(request.actor, learner_id)
    seat = _seat(child)
    form = Outside(request.POST or None)
    if form.is_valid():
        facts = form.cleaned_data
        wish = Wish(seat.class_group.grade, facts["reason"])
        try:
            ask_to_leave(child.pk, Elsewhere(facts["school"], facts["province"]), wish, by=request.actor)
        except (CannotAsk, UnderWay) as refusal:
            form.add_error(None, refusal.detail)
        else:
            messages.success(request, _("Đã gửi đơn. Trường đang học trả lời ở trang này."))
            return redirect("transfers:family")
    shown = {"child": child, "seat": seat, "form": form}
    return render(request, "transfers/ask_outside.html", shown, status=422 if form.errors else 200)


@needs(Permission.OWN_READ)
@require_POST
def withdraw(request: Any, transfer_id: UUID) -> HttpResponse:
    """Take back a request: the child stays where it is."""
    found = transfers_seen_by(request.actor).filter(pk=transfer_id).first()
    if found is None or request.actor.scope:
        raise NotThere
    try:
        take_step(found.pk, act="withdraw", by=request.actor)
    except NotThere:
        raise
    except Refused as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, _("Đã rút đơn. Con vẫn học ở trường đang học."))
    return redirect("transfers:family")
