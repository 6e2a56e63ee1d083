"""One task: its page, notes with proof, its states, the person responsible, its money."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from phuong.kernel.attachments import BadFile, attachments_of
from phuong.kernel.contributions import TaskDesk, contribution
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import BadInput
from phuong.kernel.text import sought
from phuong.kernel.today import today
from phuong.tasks.access import assignment_for, may_act
from phuong.tasks.actions.working import FILES, go, name_person, note, put_budget
from phuong.tasks.errors import NotPosted
from phuong.tasks.forms import BudgetForm, MoveForm, NoteForm, PersonForm
from phuong.tasks.models import Assignment
from phuong.tasks.queries import posts_held, unclear, units_by_key, with_steps_up
from phuong.tasks.rules import OPEN_STATES, TRANSITIONS
from phuong.tasks.summaries import groups_meant

MOST_PEOPLE = 30
_ACTS = {
    "start": gettext_lazy("Bắt đầu làm"),
    "submit": gettext_lazy("Gửi xác nhận"),
    "confirm": gettext_lazy("Xác nhận đã xong"),
    "return": gettext_lazy("Trả lại làm tiếp"),
    "cancel": gettext_lazy("Không làm nữa"),
    "reopen": gettext_lazy("Mở lại"),
}


@needs(Permission.TASKS_READ)
@require_http_methods(["GET", "POST"])
def task(request: Any, assignment_id: UUID) -> HttpResponse:
    """Show one task; take a note with its proof."""
    found = assignment_for(request.actor, assignment_id)
    form = NoteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            note(found.pk, text=facts["text"], percent=facts["percent"], upload=facts["file"], by=request.actor)
        except BadFile as refusal:
            form.add_error("file", refusal.detail)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("tasks:task", found.pk)
    return _page(request, found, form=form)


def _page(request: Any, found: Assignment, **forms: Any) -> HttpResponse:
    actor = request.actor
    forms = {"form": NoteForm(), "budget_form": BudgetForm(), "person_form": PersonForm(), **forms}
    acts = [
        (act, _ACTS[act])
        for (state, act), (_to, who) in TRANSITIONS.items()
        if state == found.state and may_act(actor, found, who)
    ]
    is_open, may_give = found.state in OPEN_STATES, actor.may(Permission.TASKS_ASSIGN)
    children = with_steps_up(Assignment.objects.filter(parent=found)).select_related("organisation")
    shown = {
        "task": found,
        "desk": contribution(TaskDesk, found.origin) if is_open and may_act(actor, found, "unit") else None,
        "acts": acts,
        "unclear": unclear(found),
        "notes": list(found.progress.order_by("-id")[:100]),
        "files": list(attachments_of(FILES, [found.pk])),
        "children": list(children.order_by("state", "falls_on", "id")[:200]),
        "partner_units": units_by_key(found.partner_units),
        "budgets": list(found.budgets.order_by("year", "source")),
        "may_note": is_open and may_act(actor, found, "unit"),
        "may_give": may_give,
        "groups": groups_meant(found) if may_give and is_open else [],
        "is_open": is_open,
        "may_budget": actor.may(Permission.MONEY_EDIT),
        "today": today(),
    }
    status = 422 if any(each.errors for each in forms.values()) else 200
    return render(request, "tasks/task.html", {**shown, **forms, **_people(request, found)}, status=status)


def _people(request: Any, found: Assignment) -> dict[str, Any]:
    actor, words = request.actor, sought(request.GET.get("nguoi", ""))
    may_name = found.state in OPEN_STATES and (may_act(actor, found, "unit") or may_act(actor, found, "giver"))
    is_looking = may_name and "nguoi" in request.GET
    posts = list(posts_held(actor, [found.organisation_id], words=words)[:MOST_PEOPLE]) if is_looking else []
    return {"may_name": may_name, "who": words, "is_looking": is_looking, "posts": posts}


@needs(Permission.TASKS_WORK, Permission.TASKS_ASSIGN)
@require_POST
def move(request: Any, assignment_id: UUID, act: str) -> HttpResponse:
    """Take a task to its next state."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise BadInput(_("Nội dung gửi kèm dài quá 2.000 kí tự hoặc có kí tự lạ. Viết gọn lại rồi gửi."))
    go(assignment_id, act=act, text=form.cleaned_data["text"], by=request.actor)
    return redirect("tasks:task", assignment_id)


@needs(Permission.TASKS_WORK, Permission.TASKS_ASSIGN)
@require_POST
def person(request: Any, assignment_id: UUID) -> HttpResponse:
    """Name who is responsible in person: somebody posted at the unit, or a free name."""
    found = assignment_for(request.actor, assignment_id)
    form = PersonForm(request.POST)
    if form.is_valid():
        try:
            facts = form.cleaned_data
            name_person(found.pk, person=facts["person"], name=facts["person_name"], by=request.actor)
        except NotPosted as refusal:
            form.add_error("person_name", refusal.detail)
        else:
            messages.success(request, _("Đã ghi người chịu trách nhiệm."))
            return redirect("tasks:task", found.pk)
    return _page(request, found, person_form=form)


@needs(Permission.MONEY_EDIT)
@require_POST
def budget(request: Any, assignment_id: UUID) -> HttpResponse:
    """Write the money of a task for a year."""
    found = assignment_for(request.actor, assignment_id)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, found, budget_form=form)
    put_budget(found.pk, facts=form.cleaned_data, by=request.actor)
    return redirect("tasks:task", found.pk)
