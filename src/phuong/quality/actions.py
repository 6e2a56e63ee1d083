"""Asking for a gap to be closed, and noticing that it is; saying what a rule weighs."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.kernel.today import today
from phuong.measures.api import figures_of_many
from phuong.notices.api import Message, tell_units
from phuong.quality.access import may_ask, province_for
from phuong.quality.models import Fix, Weighing
from phuong.quality.queries import gaps_of, rules, weighed_in
from phuong.registry.api import Organisation, Person


@transaction.atomic
def ask_fix(unit: Organisation, measure: str, *, person_id: UUID | None, due_on: dt.date, note: str, by: Actor) -> Fix:
    """Ask somebody of a unit to close a gap by a day; asked anew, the day and the person are others.

    :raises NotThere: the actor may not ask here, no such rule, nothing is missing, or nobody of the unit
    """
    gap = next((each for each in gaps_of(unit) if each.rule.measure == measure), None)
    if not may_ask(by, unit) or gap is None or not gap.missing:
        raise NotThere
    person = None
    if person_id is not None:
        person = Person.objects.filter(pk=person_id, place=unit, is_staff=True).first()
        if person is None:
            raise NotThere
    fix, _is_new = Fix.objects.update_or_create(
        organisation=unit,
        measure=measure,
        state=Fix.State.OPEN,
        defaults={
            "path": unit.path,
            "person": person,
            "due_on": due_on,
            "note": note,
            "missing_then": gap.missing,
            "asked_by_name": by.name,
        },
    )
    record("quality.fix_asked", on_kind="fix", on_id=fix.pk, note=f"{measure}: {gap.missing}", path=unit.path)
    words = _("Còn %(count)d mục, làm xong trước ngày %(day)s.") % {"count": gap.missing, "day": f"{due_on:%d/%m/%Y}"}
    message = Message(
        "quality.fix_asked",
        _("Làm sạch dữ liệu: %s") % gap.rule.title,
        f"{words} {note}".strip(),
        reverse("quality:unit", args=[unit.pk]),
        f"{fix.pk} {due_on}",
    )
    tell_units([(unit.pk, message)], permission=Permission.BULK_EDIT)
    return fix


@transaction.atomic
def drop_fix(fix_id: UUID, *, by: Actor) -> Fix:
    """Take back what was asked.

    :raises NotThere: no open fix the actor may take back
    """
    fix = Fix.objects.select_for_update(of=("self",)).filter(pk=fix_id, state=Fix.State.OPEN).first()
    if fix is None or not may_ask(by, fix.organisation):
        raise NotThere
    fix.state = Fix.State.DROPPED
    fix.save(update_fields=["state"])
    record("quality.fix_dropped", on_kind="fix", on_id=fix.pk, path=str(fix.path))
    return fix


def close_fixes(progress: Progress) -> Mapping[str, Any]:
    """Close, after a count, the fixes of gaps that are no more; safe to run twice."""
    del progress
    with acting(SYSTEM):
        open_ones = list(Fix.objects.filter(state=Fix.State.OPEN).select_related("organisation"))
        units = {fix.organisation_id: fix.organisation for fix in open_ones}
        figures = figures_of_many(list(units.values()), [rule.measure for rule in rules()])
        done = [
            fix.pk
            for fix in open_ones
            if (figure := figures[fix.organisation_id].get(fix.measure)) and figure.numerator >= figure.denominator
        ]
        closed = Fix.objects.filter(pk__in=done).update(state=Fix.State.DONE, done_on=today())
        return {"closed": closed}


@transaction.atomic
def weigh(measure: str, weight: int, *, reason: str, by: Actor) -> Weighing | None:
    """Let a rule weigh something else in the actor's province from now on, 0 to 10; 0 switches it off.

    Scores follow at once, for every unit below. Nothing is written when it weighs that already (``None``).

    :raises NotThere: the actor does not weigh rules, or there is no such rule
    """
    province = province_for(by)
    Organisation.objects.select_for_update(of=("self",)).get(pk=province.pk)  # one decision after the other
    now = next((each.rule.weight for each in weighed_in(province) if each.rule.measure == measure), None)
    if now is None:
        raise NotThere
    if now == weight:
        return None
    made = Weighing.objects.create(province=province, measure=measure, weight=weight, reason=reason, set_by=by.name)
    note = f"{measure} {now} → {weight}: {reason}"
    record("quality.weighed", on_kind="rule", on_id=made.pk, note=note, path=province.path)
    return made
