"""Pages of tasks: list, board, timeline, workload, one task."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phuong.kernel.attachments import BadFile, attachments_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import Refused
from phuong.kernel.today import today
from phuong.tasks.access import assignment_for, may_act, seen_by
from phuong.tasks.actions.giving import Order, give, units_named
from phuong.tasks.actions.working import FILES, go, note, put_budget, remind
from phuong.tasks.forms import BudgetForm, NoteForm, OrderForm, TaskFilter
from phuong.tasks.models import Assignment
from phuong.tasks.queries import matching, tally_under, unclear, workload
from phuong.tasks.rules import OPEN_STATES, TRANSITIONS
from phuong.ui.api import keys_in, keyset_page

BOARD_CARDS = 20
_ACTS = {
    "start": gettext_lazy("Bắt đầu làm"),
    "submit": gettext_lazy("Gửi xác nhận"),
    "confirm": gettext_lazy("Xác nhận đã xong"),
    "return": gettext_lazy("Trả lại làm tiếp"),
    "cancel": gettext_lazy("Không làm nữa"),
    "reopen": gettext_lazy("Mở lại"),
}


@needs(Permission.TASKS_READ)
@require_safe
def tasks(request: Any) -> HttpResponse:
    """List tasks by their last day, late ones first."""
    form = TaskFilter(request.GET)
    rows = matching(seen_by(request.actor), form.chosen())
    page = keyset_page(rows.filter(due_on__isnull=False), by=("due_on", "id"), query=request.GET)
    undated = [] if request.GET.get("after") else list(rows.filter(due_on=None).order_by("id")[:50])
    shown = {
        "form": form,
        "page": page,
        "undated": undated,
        "today": today(),
        "tally": tally_under(request.actor.scope, today()),
        "may_give": request.actor.may(Permission.TASKS_ASSIGN),
    }
    return render(request, "tasks/tasks.html", shown)


@needs(Permission.TASKS_READ)
@require_safe
def board(request: Any) -> HttpResponse:
    """Show tasks in columns by state, the first to fall due on top."""
    rows = seen_by(request.actor)
    columns = [
        (code, title, list(rows.filter(state=code).order_by("due_on", "id")[:BOARD_CARDS]))
        for code, title in Assignment.State.choices
        if code != "cancelled"
    ]
    return render(request, "tasks/board.html", {"columns": columns, "today": today()})


@needs(Permission.TASKS_READ)
@require_safe
def timeline(request: Any) -> HttpResponse:
    """List what falls due, month by month."""
    rows = seen_by(request.actor).filter(due_on__gte=today().replace(day=1)).exclude(state__in=["done", "cancelled"])
    months: dict[Any, list[Assignment]] = {}
    for row in rows.order_by("due_on", "id")[:300]:
        months.setdefault(row.due_on.replace(day=1) if row.due_on else None, []).append(row)
    return render(request, "tasks/timeline.html", {"months": list(months.items()), "today": today()})


@needs(Permission.TASKS_READ)
@require_safe
def load(request: Any) -> HttpResponse:
    """Show the workload of each unit."""
    return render(request, "tasks/load.html", {"rows": workload(seen_by(request.actor), today())})


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
    return render(request, "tasks/task.html", _task_page(request, found, form), status=422 if form.errors else 200)


def _task_page(request: Any, found: Assignment, form: NoteForm) -> dict[str, Any]:
    actor = request.actor
    acts = [
        (act, _ACTS[act])
        for (state, act), (_to, who) in TRANSITIONS.items()
        if state == found.state and may_act(actor, found, who)
    ]
    return {
        "task": found,
        "form": form,
        "acts": acts,
        "unclear": unclear(found),
        "notes": list(found.progress.order_by("-id")[:100]),
        "files": list(attachments_of(FILES, [found.pk])),
        "children": list(found.children.select_related("organisation").order_by("state", "due_on", "id")[:200]),
        "budgets": list(found.budgets.order_by("year", "source")),
        "budget_form": BudgetForm(),
        "may_note": found.state in OPEN_STATES and may_act(actor, found, "unit"),
        "may_give": actor.may(Permission.TASKS_ASSIGN),
        "may_budget": actor.may(Permission.MONEY_EDIT),
        "today": today(),
    }


@needs(Permission.TASKS_WORK, Permission.TASKS_ASSIGN)
@require_POST
def move(request: Any, assignment_id: UUID, act: str) -> HttpResponse:
    """Take a task to its next state."""
    go(assignment_id, act=act, text=request.POST.get("text", "")[:2000], by=request.actor)
    return redirect("tasks:task", assignment_id)


@needs(Permission.MONEY_EDIT)
@require_POST
def budget(request: Any, assignment_id: UUID) -> HttpResponse:
    """Write the money of a task for a year."""
    found = assignment_for(request.actor, assignment_id)
    form = BudgetForm(request.POST)
    if not form.is_valid():
        page = _task_page(request, found, NoteForm()) | {"budget_form": form}
        return render(request, "tasks/task.html", page, status=422)
    put_budget(found.pk, facts=form.cleaned_data, by=request.actor)
    return redirect("tasks:task", found.pk)


@needs(Permission.TASKS_ASSIGN)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Write a new task or a conclusion, and give it to one unit or to all of a kind."""
    return _give(request, None)


@needs(Permission.TASKS_ASSIGN)
@require_http_methods(["GET", "POST"])
def assign_down(request: Any, assignment_id: UUID) -> HttpResponse:
    """Break a task into tasks of other units."""
    return _give(request, assignment_for(request.actor, assignment_id))


def _give(request: Any, parent: Assignment | None) -> HttpResponse:
    start = {"title": parent.title, "product": parent.product, "due_on": parent.due_on} if parent else {}
    form = OrderForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        units = units_named(facts["group"], chosen=[request.actor.organisation_id], by=request.actor)
        order = Order(facts["title"], facts["product"], facts["due_on"], facts["person_name"])
        count = give(order, units=units, origin="own" if parent else "conclusion", by=request.actor, parent=parent)
        messages.success(request, _("Đã giao cho %d đơn vị.") % count)
        return redirect("tasks:task", parent.pk) if parent else redirect("tasks:tasks")
    return render(request, "tasks/new.html", {"form": form, "parent": parent}, status=422 if form.errors else 200)


@needs(Permission.TASKS_ASSIGN)
@require_POST
def reminders(request: Any) -> HttpResponse:
    """Remind the units of the ticked tasks."""
    ids = keys_in(request.POST.getlist("task"))
    try:
        count = remind(ids, by=request.actor)
    except Refused as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, _("Đã nhắc %d nhiệm vụ.") % count)
    return redirect("tasks:tasks")
