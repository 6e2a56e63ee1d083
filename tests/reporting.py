"""Who takes a report through its chain, for tests."""

from dataclasses import replace
from typing import Any

from phuong.identity.api import Account
from phuong.kernel.contributions import Role, contribution
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation
from phuong.reports.access import acts_for
from phuong.reports.actions.approving import take_step
from phuong.reports.models import Report

WAYS = {
    "school": ("clerk", "principal", "clerk"),
    "ward": ("commune_officer", "commune_leader", "commune_officer"),
    "department": ("division_officer", "division_head", "department_leader", "division_officer"),
}


def actor_as(role: str, unit: Organisation, *, account: Account | None = None, **facts: Any) -> Actor:
    """Give somebody who acts in ``role`` at ``unit``; those of the department see the province."""
    found = contribution(Role, role)
    assert found is not None
    scope = unit.path.rpartition(".")[0] if unit.kind == "department" else unit.path
    actor = Actor(scope, (), account.pk if account else None, role.replace("_", " "), role, unit.pk)
    return replace(actor, permissions=found.permissions, **facts)


def send(report: Report) -> Report:
    """Take a report from draft to sent, each step by the role whose step it is."""
    unit = report.organisation
    for role in WAYS[unit.kind]:
        by = actor_as(role, unit)
        act = next(act for act in acts_for(by, report) if act != "return")
        report = take_step(report.pk, act=act, by=by)
    return report
