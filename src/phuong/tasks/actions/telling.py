"""The rules of telling: shipped ones for every department, and what a department makes of them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.registry.api import Organisation, department_of, province_of
from phuong.tasks.files import shipped_rules
from phuong.tasks.models import EscalationRule
from phuong.tasks.queries import rules_of

FACTS = ("title", "days", "every", "tell", "plans", "origins", "is_active")


@transaction.atomic
def ensure_rules() -> int:
    """Give every department the shipped rules it does not have; what it has changed stays. Gives the new ones."""
    departments = Organisation.objects.filter(kind="department", closed_on__isnull=True).order_by("path")
    rows = [
        EscalationRule(id=uuid7(), path=department.path, organisation=department, **line)
        for department in departments
        for line in shipped_rules()
    ]
    known = EscalationRule.objects.count()
    EscalationRule.objects.bulk_create(rows, ignore_conflicts=True)
    return EscalationRule.objects.count() - known


def rule_for(actor: Actor, rule_id: UUID) -> EscalationRule:
    """Find a rule of the actor's department.

    :raises NotThere: unknown, of another department, or the actor may not edit plans
    """
    found = rules_of(actor).filter(pk=rule_id).first()
    if found is None or not actor.may(Permission.PLANS_EDIT):
        raise NotThere
    return found


@transaction.atomic
def put_rule(rule_id: UUID | None, *, facts: Mapping[str, Any], by: Actor) -> EscalationRule:
    """Write a rule of the actor's department, or a new one without ``rule_id``; the old one stays in the history.

    :raises NotThere: unknown, of another department, or the actor may not edit plans there
    """
    if rule_id is None:
        rule = _new_rule(by)
    else:
        rule = EscalationRule.objects.select_for_update().get(pk=rule_for(by, rule_id).pk)
    for name in FACTS:
        setattr(rule, name, facts[name])
    rule.save()
    record("tasks.rule_written", on_kind="rule", on_id=rule.pk, note=rule.title, path=rule.path)
    return rule


def _new_rule(by: Actor) -> EscalationRule:
    province = province_of(by.scope) if by.scope else None
    department = department_of(province.code) if province is not None else None
    if department is None or not by.may(Permission.PLANS_EDIT) or not is_under(department.path, by.scope):
        raise NotThere
    return EscalationRule(path=department.path, organisation=department)
