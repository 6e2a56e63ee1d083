"""Writes of plans: reading a plan file into the database."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.plans.decisions import decided
from phuong.plans.files import IndicatorLine, PlanFile, TargetLine, read_plan
from phuong.plans.models import Doubt, Duty, Indicator, Plan, Target, Task

_INDICATOR_FACTS = (
    "rank",
    "group",
    "title",
    "title_en",
    "unit",
    "direction",
    "lead",
    "reporting",
    "scope",
    "numerator",
    "denominator",
    "system",
    "same_as",
    "note",
    "decision",
    "measure",
    "app",
    "because",
    "is_withdrawn",
)
_TASK_FACTS = ("rank", "group", "title", "title_en", "lead", "partners", "timing", "product", "note", "is_withdrawn")


@dataclass
class Import:
    """What reading a plan file did."""

    plan: str
    changed: bool = False
    indicators: int = 0
    tasks: int = 0
    duties: int = 0
    new_targets: int = 0
    changed_targets: list[str] = field(default_factory=list)


@transaction.atomic
def import_plan(file: Path) -> Import:
    """Bring the plan of ``file`` into the database; reading the same file again changes nothing.

    A changed target becomes a new version; version 1, the baseline, is never altered. What the file no longer has is
    withdrawn, not deleted.

    :raises BadPlanFile: the file does not follow the schema; nothing is written
    """
    content, digest = read_plan(file)
    head = content.plan
    decisions = decided()
    key = hash_with_decisions(digest, [decisions.get((head.code, line.code)) for line in content.indicators])
    known = Plan.objects.select_for_update().filter(code=head.code).first()
    done = Import(head.code, indicators=len(content.indicators), tasks=len(content.tasks), duties=len(content.duties))
    if known is not None and known.digest == key:
        return done
    done.changed = True
    plan = _write_plan(content, key, known)
    _write_indicators(plan, content, decisions)
    _write_targets(plan, content, done)
    _write_tasks(plan, content)
    _write_doubts(plan, content)
    record("plans.imported", on_kind="plan", on_id=plan.pk, note=f"version {plan.version}")
    return done


def hash_with_decisions(digest: str, decisions: Iterable[Any]) -> str:
    """Mix the decisions on its indicators into the hash of a plan file, so that a new decision is read in too."""
    return hashlib.sha256((digest + repr(list(decisions))).encode()).hexdigest()


def _write_plan(content: PlanFile, digest: str, known: Plan | None) -> Plan:
    head = content.plan
    plan = known or Plan(code=head.code, version=0)
    plan.number = head.number or ""
    plan.title, plan.title_en, plan.issuer = head.title, head.title_en or "", head.issuer
    plan.province_code, plan.issued_on = head.province, head.issued_on  # type: ignore[assignment]
    plan.starts, plan.ends = head.starts, head.ends
    plan.source, plan.note, plan.doubts = head.source or "", head.note or "", list(head.doubts)
    plan.digest = digest
    plan.version += 1
    plan.save()
    return plan


def _write_indicators(plan: Plan, content: PlanFile, decisions: Mapping[tuple[str, str], Any]) -> None:
    rows = [
        _indicator(plan, rank, line, decisions.get((plan.code, line.code)) or {})
        for rank, line in enumerate(content.indicators)
    ]
    Indicator.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["plan", "code"], update_fields=_INDICATOR_FACTS
    )
    codes = [line.code for line in content.indicators]
    plan.indicators.exclude(code__in=codes).update(is_withdrawn=True)


def _indicator(plan: Plan, rank: int, line: IndicatorLine, decision: Mapping[str, Any]) -> Indicator:
    return Indicator(
        id=uuid7(),
        plan=plan,
        code=line.code,
        rank=rank,
        group=line.group or "",
        title=line.title,
        title_en=line.title_en or "",
        unit=line.unit,
        direction=line.direction,
        lead=line.lead or "",
        reporting=line.reporting or "",
        scope=line.scope or "",
        numerator=line.numerator or "",
        denominator=line.denominator or "",
        system=line.system or "",
        same_as=list(line.same_as),
        note=line.note or "",
        decision=decision.get("decision", "reported"),
        measure=decision.get("measure") or "",
        app=decision.get("app") or "",
        because=decision.get("because") or "",
    )


def _write_targets(plan: Plan, content: PlanFile, done: Import) -> None:
    """Write what is new or changed as new versions; a year the file no longer has is withdrawn by a version too."""
    keys = dict(plan.indicators.values_list("code", "id"))
    latest: dict[tuple[Any, int], Target] = {}
    for target in Target.objects.filter(indicator__plan=plan).order_by("version"):
        latest[target.indicator_id, target.year] = target
    reason = f"plan file version {plan.version}"
    fresh = []
    for line in content.indicators:
        for printed in line.targets:
            before = latest.pop((keys[line.code], printed.year), None)
            if before is not None and _is_same(before, printed):
                continue
            if before is not None:
                done.changed_targets.append(f"{line.code} {printed.year}")
            fresh.append(_next_version(before, keys[line.code], printed, reason))
    kept = {keys[line.code] for line in content.indicators}
    gone = (target for target in latest.values() if target.indicator_id in kept and not target.is_withdrawn)
    fresh += [_withdrawal(target, reason) for target in gone]
    Target.objects.bulk_create(fresh)
    done.new_targets = len(fresh)


def _next_version(before: Target | None, indicator_id: Any, printed: TargetLine, reason: str) -> Target:
    return Target(
        indicator_id=indicator_id,
        year=printed.year,
        version=before.version + 1 if before else 1,
        comparator=printed.comparator or "",
        value=printed.number,
        text=printed.text or "",
        reason=reason,
    )


def _withdrawal(target: Target, reason: str) -> Target:
    return Target(
        indicator_id=target.indicator_id,
        year=target.year,
        version=target.version + 1,
        comparator=target.comparator,
        value=target.value,
        text=target.text,
        reason=reason,
        is_withdrawn=True,
    )


def _is_same(kept: Target, printed: TargetLine) -> bool:
    if kept.is_withdrawn:
        return False
    return (kept.comparator, kept.value, kept.text) == (printed.comparator or "", printed.number, printed.text or "")


def _write_tasks(plan: Plan, content: PlanFile) -> None:
    tasks = [
        Task(
            id=uuid7(),
            plan=plan,
            code=line.code,
            rank=rank,
            group=line.group or "",
            title=line.title,
            title_en=line.title_en or "",
            lead=list(line.lead),
            partners=list(line.partners),
            timing=line.timing or "",
            product=line.product or "",
            note=line.note or "",
        )
        for rank, line in enumerate(content.tasks)
    ]
    Task.objects.bulk_create(tasks, update_conflicts=True, unique_fields=["plan", "code"], update_fields=_TASK_FACTS)
    plan.tasks.exclude(code__in=[line.code for line in content.tasks]).update(is_withdrawn=True)
    duties = [
        Duty(id=uuid7(), plan=plan, code=line.code, who=line.who, what=line.what, when=line.when or "")
        for line in content.duties
    ]
    Duty.objects.bulk_create(
        duties, update_conflicts=True, unique_fields=["plan", "code"], update_fields=["who", "what", "when"]
    )
    plan.duties.exclude(code__in=[line.code for line in content.duties]).delete()


def _write_doubts(plan: Plan, content: PlanFile) -> None:
    doubts = [
        Doubt(plan=plan, about_kind=kind, about_code=line.code, text=text)
        for kind, lines in (("indicator", content.indicators), ("task", content.tasks))
        for line in lines
        for text in line.doubts
    ]
    Doubt.objects.bulk_create(doubts, ignore_conflicts=True)
