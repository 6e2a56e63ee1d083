"""Lists of tasks: by day, by state, by month, by unit; and what became of the words of the plans."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import Refused
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.tasks.access import seen_by
from phuong.tasks.actions.working import remind
from phuong.tasks.forms import TaskFilter
from phuong.tasks.models import Assignment
from phuong.tasks.queries import matching, tally_under, with_steps_up, workload
from phuong.tasks.rules import OPEN_STATES
from phuong.tasks.summaries import department_for, printed_duties, printed_leads
from phuong.ui.api import keys_in, keyset_page

BOARD_CARDS = 20
MOST_AHEAD = 300


def _rows(actor: Actor) -> QuerySet[Assignment]:
    return with_steps_up(seen_by(actor))


@needs(Permission.TASKS_READ)
@require_safe
def tasks(request: Any) -> HttpResponse:
    """List tasks by their last day, late ones first, those without a day last."""
    form = TaskFilter(request.GET)
    shown = {
        "form": form,
        "page": keyset_page(matching(_rows(request.actor), form.chosen()), by=("falls_on", "id"), query=request.GET),
        "today": today(),
        "tally": tally_under(request.actor.scope, today()),
        "open_states": OPEN_STATES,
        "may_give": request.actor.may(Permission.TASKS_ASSIGN),
        "may_edit": request.actor.may(Permission.PLANS_EDIT),
    }
    return render(request, "tasks/tasks.html", shown)


@needs(Permission.TASKS_READ)
@require_safe
def board(request: Any) -> HttpResponse:
    """Show tasks in columns by state, the first to fall due on top."""
    rows = _rows(request.actor)
    columns = [
        (code, title, list(rows.filter(state=code).order_by("falls_on", "id")[:BOARD_CARDS]))
        for code, title in Assignment.State.choices
        if code != "cancelled"
    ]
    return render(request, "tasks/board.html", {"columns": columns, "today": today()})


@needs(Permission.TASKS_READ)
@require_safe
def timeline(request: Any) -> HttpResponse:
    """List what falls due, month by month."""
    rows = _rows(request.actor).filter(due_on__gte=today().replace(day=1)).exclude(state__in=["done", "cancelled"])
    months: dict[Any, list[Assignment]] = {}
    for row in rows.order_by("due_on", "id")[:MOST_AHEAD]:
        months.setdefault(row.due_on.replace(day=1) if row.due_on else None, []).append(row)
    return render(request, "tasks/timeline.html", {"months": list(months.items()), "today": today()})


@needs(Permission.TASKS_READ)
@require_safe
def load(request: Any) -> HttpResponse:
    """Show the workload of each unit."""
    return render(request, "tasks/load.html", {"rows": workload(seen_by(request.actor), today())})


@needs(Permission.PLANS_EDIT)
@require_safe
def printed(request: Any) -> HttpResponse:
    """Show what became of every printed lead and duty of the province's plans."""
    department = department_for(request.actor)
    shown = {"leads": printed_leads(department), "duties": printed_duties(department)}
    return render(request, "tasks/printed.html", shown)


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
