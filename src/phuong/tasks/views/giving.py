"""Giving: a new task or a conclusion, or a part of a task, to any units, found and ticked without any script."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import depth
from phuong.kernel.text import sought
from phuong.tasks.access import assignment_for
from phuong.tasks.actions.giving import Order, give, units_named
from phuong.tasks.errors import NotPosted, TwoPersons
from phuong.tasks.forms import OrderForm
from phuong.tasks.models import Assignment
from phuong.tasks.queries import posts_held, units_like, units_open
from phuong.ui.api import keyset_page

AT_ONCE = 25
_SCHOOL_DEPTH = 4


@needs(Permission.TASKS_ASSIGN)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Write a new task or a conclusion, and give it to chosen units, to all of a kind, or both."""
    return _give(request, None)


@needs(Permission.TASKS_ASSIGN)
@require_http_methods(["GET", "POST"])
def assign_down(request: Any, assignment_id: UUID) -> HttpResponse:
    """Break a task into tasks of other units."""
    return _give(request, assignment_for(request.actor, assignment_id))


def _give(request: Any, parent: Assignment | None) -> HttpResponse:
    is_looking = "look" in request.POST or "after" in request.POST
    if request.method == "GET" or is_looking:
        form = OrderForm(initial=_start(request, parent) | _typed(request))
        return render(request, "tasks/new.html", _page(request, form, parent))
    form = OrderForm(request.POST)
    if form.is_valid():
        units = _units(request, form)
        count = _given(request, form, units, parent) if units else 0
        if not form.errors:
            _say(request, count)
            return redirect("tasks:task", parent.pk) if parent else redirect("tasks:tasks")
    return render(request, "tasks/new.html", _page(request, form, parent), status=422)


def _start(request: Any, parent: Assignment | None) -> dict[str, Any]:
    group = "own" if depth(request.actor.scope) >= _SCHOOL_DEPTH else "chosen"
    facts = {"title": parent.title, "product": parent.product, "due_on": parent.due_on} if parent else {}
    return {"group": group, **facts}


def _typed(request: Any) -> dict[str, Any]:
    one = {
        name: request.POST[name]
        for name in ("title", "product", "due_on", "group", "person_name")
        if name in request.POST
    }
    keys = {name: request.POST.getlist(name) for name in ("unit", "person")}
    return one | keys


def _units(request: Any, form: OrderForm) -> list[Any]:
    facts, own = form.cleaned_data, request.actor.organisation_id
    ticked = [*facts["unit"], own] if facts["group"] == "own" else facts["unit"]
    units = units_named(facts["group"], chosen=ticked, by=request.actor)
    if not units:
        form.add_error(
            "group", _("Chưa có đơn vị nào nhận việc. Tìm và đánh dấu đơn vị, hoặc chọn một nhóm có đơn vị.")
        )
    return units


def _given(request: Any, form: OrderForm, units: list[Any], parent: Assignment | None) -> int:
    facts = form.cleaned_data
    order = Order(facts["title"], facts["product"], facts["due_on"], facts["person_name"])
    origin = "own" if parent else "conclusion"
    try:
        return give(order, units=units, origin=origin, by=request.actor, parent=parent, persons=facts["person"])
    except (NotPosted, TwoPersons) as refusal:
        form.add_error("person", refusal.detail)
        return 0


def _say(request: Any, count: int) -> None:
    if count:
        messages.success(request, _("Đã giao cho %d đơn vị.") % count)
    else:
        messages.info(request, _("Các đơn vị này đã có việc này, không giao thêm."))


def _page(request: Any, form: OrderForm, parent: Assignment | None) -> dict[str, Any]:
    actor, data = request.actor, request.POST
    keys = form.keys_of("unit")
    ticked = list(units_open(actor).filter(pk__in=keys).order_by("name_key", "id"))
    words, who = sought(data.get("find_unit", "")), sought(data.get("find_person", ""))
    found = keyset_page(units_like(actor, words, keys), by=("name_key", "id"), query=data, size=AT_ONCE)
    group = form["group"].value()
    places = [unit.pk for unit in ticked] + ([actor.organisation_id] if group == "own" else [])
    named = list(posts_held(actor, places, persons=form.keys_of("person")))
    is_looking = data.get("look") == "people"
    posts = posts_held(actor, places, words=who).exclude(person__in=form.keys_of("person")) if is_looking else None
    return {
        "form": form,
        "parent": parent,
        "ticked": ticked,
        "found": found,
        "words": words,
        "who": who,
        "named": named,
        "posts": list(posts[:AT_ONCE]) if posts is not None else [],
        "is_looking": is_looking,
        "may_find_people": actor.may(Permission.STAFF_READ),
    }
