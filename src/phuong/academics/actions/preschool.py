"""Writing what was measured and seen of preschool children: a group as a set; nobody's words are lost."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from phuong.academics.actions.primary import HEAD, Kept, Wanted, lay, lock_said, seat_of
from phuong.academics.errors import NotTheirGroup, PeriodClosed
from phuong.academics.models import DevelopmentRecord, GrowthCheck
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.closing import must_be_open
from phuong.academics.queries.homeroom import preschool_standing
from phuong.academics.queries.preschool import (
    checks_on,
    development_of,
    development_time,
    domains_of,
    may_measure_on,
    preschool_profile,
)
from phuong.academics.rules.preschool import findings_of
from phuong.kernel.audit import record
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup, Enrolment


@transaction.atomic
def say_growth(group: ClassGroup, day: dt.date, wanted: Mapping[UUID, Wanted], *, by: Actor) -> Kept:
    """Write what was measured of the children of a group on a day, by child: five statements.

    :raises NotTheirGroup: the actor is neither a teacher of the group nor the health worker of the school
    :raises NoProfile: it is no preschool group
    :raises PeriodClosed: the day is to come, or lies in another year
    :raises YearClosed: the school has closed the year
    """
    standing = preschool_standing(by, group)
    if not (standing.is_homeroom or standing.teaches or standing.cares):
        raise NotTheirGroup
    profile = preschool_profile(group)
    if not may_measure_on(group, day):
        raise PeriodClosed
    must_be_open(group.organisation_id, group.school_year)
    lock_said(group, day.isoformat())
    pupils = enrolments_in(group)
    known = {index: findings_of(profile, index) for index in profile.growth}

    def facts(said: Any) -> dict[str, Any]:
        found = {index: code for index, code in sorted(said.findings.items()) if code in known.get(index, {})}
        return {"weight": said.weight, "height": said.height, "findings": found}

    def fresh(pupil: Enrolment) -> GrowthCheck:
        return GrowthCheck(**seat_of(pupil), day=day)

    kept = lay(pupils, checks_on(pupils, day), wanted, facts, fresh)
    GrowthCheck.objects.bulk_create(
        kept.rows,
        update_conflicts=True,
        unique_fields=["enrolment", "day"],
        update_fields=["weight", "height", "findings", *HEAD],
    )
    _noted("academics.growth_said", group, day.isoformat(), kept)
    return kept


@transaction.atomic
def say_development(group: ClassGroup, period: int, wanted: Mapping[UUID, Wanted], *, by: Actor) -> Kept:
    """Write how the children of a group developed by the middle or the end of the year, by child: five statements.

    :raises NotTheirGroup: the actor is no teacher of the group
    :raises NoProfile: it is no preschool group
    :raises PeriodClosed: this time of the year is not open
    :raises YearClosed: the school has closed the year
    """
    standing = preschool_standing(by, group)
    if not (standing.is_homeroom or standing.teaches):
        raise NotTheirGroup
    domains = domains_of(group)
    must_be_open(group.organisation_id, group.school_year)
    if development_time(group, period).state != "open":
        raise PeriodClosed
    lock_said(group, f"development {period}")
    pupils = enrolments_in(group)

    def facts(said: Any) -> dict[str, Any]:
        results = {code: result for code, result in sorted(said.results.items()) if code in domains}
        return {"results": results, "remark": said.remark}

    def fresh(pupil: Enrolment) -> DevelopmentRecord:
        return DevelopmentRecord(**seat_of(pupil), period=period)

    kept = lay(pupils, development_of(pupils, period), wanted, facts, fresh)
    DevelopmentRecord.objects.bulk_create(
        kept.rows,
        update_conflicts=True,
        unique_fields=["enrolment", "period"],
        update_fields=["results", "remark", *HEAD],
    )
    _noted("academics.development_said", group, str(period), kept)
    return kept


def _noted(did: str, group: ClassGroup, when: str, kept: Kept) -> None:
    if kept.rows:
        path = group.organisation.path
        record(did, on_kind="class", on_id=group.pk, note=f"{when}: {len(kept.rows)}", path=path)
