"""The rules of telling of a department: listed, changed, added."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.tasks.actions.telling import put_rule, rule_for
from phuong.tasks.forms import RuleForm
from phuong.tasks.models import EscalationRule
from phuong.tasks.queries import rules_of
from phuong.tasks.summaries import plans_here


@needs(Permission.PLANS_EDIT)
@require_safe
def rules(request: Any) -> HttpResponse:
    """List when who is told of what is not done."""
    return render(request, "tasks/rules.html", {"rules": list(rules_of(request.actor))})


@needs(Permission.PLANS_EDIT)
@require_http_methods(["GET", "POST"])
def new_rule(request: Any) -> HttpResponse:
    """Add a rule."""
    return _write(request, None)


@needs(Permission.PLANS_EDIT)
@require_http_methods(["GET", "POST"])
def rule(request: Any, rule_id: UUID) -> HttpResponse:
    """Change a rule, or put it out of use."""
    return _write(request, rule_for(request.actor, rule_id))


def _write(request: Any, found: EscalationRule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, rule=found, plans=plans_here(request.actor))
    if request.method == "POST" and form.is_valid():
        put_rule(found.pk if found else None, facts=form.facts(), by=request.actor)
        messages.success(request, _("Đã lưu quy tắc."))
        return redirect("tasks:rules")
    shown = {"form": form, "rule": found}
    return render(request, "tasks/rule.html", shown, status=422 if form.errors else 200)
