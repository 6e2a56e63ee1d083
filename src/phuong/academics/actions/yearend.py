"""What a principal says of pupils after the year: re-tests, conduct after the summer, individual plans."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from phuong.academics.actions.results import compute_results
from phuong.academics.models import YearEndRecord
from phuong.academics.queries.afterwards import After
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.closing import year_lock
from phuong.academics.queries.homeroom import homeroom_standing
from phuong.kernel.audit import record
from phuong.kernel.locks import hold
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.registry.api import ClassGroup

_FIELDS = ("retest", "summer_conduct", "by_plan")
_WHO = ("said_by", "said_by_name", "said_at")


@transaction.atomic
def say_afterwards(group: ClassGroup, said: Mapping[UUID, After], *, by: Actor) -> int:
    """Write what came after the year for some pupils of a class and decide the class anew; gives how many changed.

    Who has moved up or left meanwhile stays as decided.

    :raises NotThere: the actor does not manage marks
    """
    if not homeroom_standing(by, group).manages:
        raise NotThere
    hold(year_lock(group.organisation_id, group.school_year))  # nobody moves up meanwhile
    pupils = {each.learner_id: each for each in enrolments_in(group) if each.ends_on is None}
    kept = {each.learner_id: each for each in YearEndRecord.objects.filter(enrolment__in=pupils.values())}
    changed = []
    for learner, each in said.items():
        enrolment = pupils.get(learner)
        if enrolment is None:
            continue
        row = kept.get(learner)
        if row is None:
            row = YearEndRecord(path=enrolment.path, enrolment=enrolment, learner_id=learner)
        if After(*(getattr(row, name) for name in _FIELDS)) == each:
            continue
        row.retest, row.summer_conduct, row.by_plan = each.retest, each.summer_conduct, each.by_plan
        row.said_by, row.said_by_name, row.said_at = by.account_id, by.name, timezone.now()
        changed.append(row)
    YearEndRecord.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["enrolment"], update_fields=[*_FIELDS, *_WHO]
    )
    if changed:
        note = f"{group.school_year}: {len(changed)}"
        path = group.organisation.path
        record("academics.afterwards_said", on_kind="class", on_id=group.pk, note=note, path=path)
        with acting(replace(SYSTEM, name=by.name)):
            compute_results(group.organisation_id, group.school_year, classes=[group.pk])
    return len(changed)
