"""Moving a school's pupils up at the end of a year: planned, applied in one transaction, undone exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from phuong.academics.errors import NamesClash, NothingToUndo, NotUndone, YearOpen
from phuong.academics.models import Promotion
from phuong.academics.queries.closing import closed_among, is_closed, year_lock
from phuong.academics.queries.promotion import DONE, LEFT, STAY, UP, Names, Plan, Step, first_day, plan_of
from phuong.academics.queries.results import schools_with_classes
from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.locks import hold
from phuong.kernel.refusals import Refused
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.registry.api import (
    ChangedSince,
    ClassGroup,
    Move,
    NextClass,
    Organisation,
    make_classes,
    move_up,
    take_back,
)

MOST_TOLD = 200
_STATUS = {UP: "studying", STAY: "repeating", DONE: "completed"}  # code list enrolment_status
Target = tuple[str, int, str]  # name, grade, level of a class of next year


@dataclass(frozen=True)
class Applied:
    """What came of it: pupils by fate, classes made; ``promotion`` is ``None`` when there was nothing to do."""

    counts: Mapping[str, int]
    made: int = 0
    promotion: Promotion | None = None
    whys: Mapping[str, int] = field(default_factory=dict)


def targets_of(plan: Plan) -> dict[tuple[UUID, str], Target]:
    """Give the class that follows each class, for who goes on and for who stays, where there is somebody.

    :raises NamesClash: a name is blank, or stands for two grades
    """
    found: dict[tuple[UUID, str], Target] = {}
    grades: dict[str, tuple[int, str]] = {}
    for step in plan.steps:
        for kind, name, grade in ((UP, step.up_name, step.group.grade + 1), (STAY, step.stay_name, step.group.grade)):
            if not step.counts[kind]:
                continue
            name = " ".join(name.split())
            if not name or grades.setdefault(name, (grade, step.group.level)) != (grade, step.group.level):
                raise NamesClash(name=name, group=step.group.name)
            found[step.group.pk, kind] = (name, grade, step.group.level)
    return found


def promote_school(school: Organisation, year: int, *, by: Actor, names: Names | None = None) -> Applied:
    """Move the pupils of a school up into the classes of the next year; who has no outcome yet stays where they are.

    May be done again later for those left over; when there is nobody to move, nothing is written.

    :raises YearOpen: the year is not closed
    :raises NamesClash: a name of a class that follows is blank, or stands for two grades
    """
    with acting(by, reason=f"lên lớp cuối năm học {year}–{year + 1}"):
        hold(year_lock(school.pk, year))
        if not is_closed(school.pk, year):
            raise YearOpen
        plan = plan_of(school.pk, year, names)
        if not any(each.kind != LEFT for each in plan.fates):
            return Applied(plan.counts, whys=plan.whys)
        classes, made = _classes(school, year + 1, plan)
        moves = [
            Move(each.enrolment, _STATUS[each.kind], classes.get((each.group, each.kind)))
            for each in plan.fates
            if each.kind != LEFT
        ]
        moved = move_up(school, moves, on=first_day(year))
        kept = Promotion.objects.create(
            path=school.path,
            organisation=school,
            school_year=year,
            counts=plan.counts,
            context=moved.context,
            entered=moved.entered,
            classes=[each.pk for each in made],
            applied_at=timezone.now(),
            applied_by=by.account_id,
            applied_by_name=by.name,
        )
        told = ", ".join(f"{kind} {count}" for kind, count in plan.counts.items())
        record("academics.promoted", on_kind="school", on_id=school.pk, note=f"{year}: {told}", path=school.path)
        return Applied(plan.counts, len(made), kept, plan.whys)


def _classes(school: Organisation, year: int, plan: Plan) -> tuple[dict[tuple[UUID, str], UUID], list[ClassGroup]]:
    """Give the classes that follow, made where they do not stand yet, and those that were made.

    :raises NamesClash: a class of that name stands already, of another grade or level
    """
    targets = targets_of(plan)
    standing = {each.name: each for each in ClassGroup.objects.filter(organisation=school, school_year=year)}
    for name, grade, level in targets.values():
        there = standing.get(name)
        if there is not None and (there.grade, there.level) != (grade, level):
            raise NamesClash(name=name)
    source = {step.group.pk: step for step in plan.steps}
    wanted: dict[str, NextClass] = {}
    for (group, _kind), target in targets.items():
        if target[0] not in standing:
            wanted.setdefault(target[0], _next(source[group], target))
    made = make_classes(school, year, list(wanted.values()))
    standing |= {each.name: each for each in made}
    return {key: standing[target[0]].pk for key, target in targets.items()}, made


def _next(step: Step, target: Target) -> NextClass:
    name, grade, level = target
    return NextClass(name, grade, level, step.group.kind, step.group.two_sessions)


def undo_promotion(school: Organisation, year: int, *, by: Actor) -> Promotion:
    """Undo the last moving up of a school's year exactly.

    :raises NothingToUndo: none is in force
    :raises NotUndone: what it made is used by now, or its pupils were moved since
    """
    with acting(by, reason=f"hoàn tác lên lớp cuối năm học {year}–{year + 1}"):
        hold(year_lock(school.pk, year))
        rows = Promotion.objects.filter(organisation=school, school_year=year, undone_at=None)
        last = rows.order_by("-applied_at", "-id").first()
        if last is None:
            raise NothingToUndo
        try:
            back = take_back(school, context=last.context, entered=last.entered, classes=last.classes)
        except ChangedSince as refusal:
            raise NotUndone(count=refusal.facts.get("count")) from refusal
        last.undone_at, last.undone_by, last.undone_by_name = timezone.now(), by.account_id, by.name
        last.save(update_fields=["undone_at", "undone_by", "undone_by_name"])
        note = f"{year}: {back}"
        record("academics.promotion_undone", on_kind="school", on_id=school.pk, note=note, path=school.path)
        return last


def promote_all(
    progress: Progress, under: str, year: int, *, dry_run: bool = False, asked_by: str = ""
) -> Mapping[str, Any]:
    """Move up the pupils of every school at or below a place, each in its own transaction; safe to run twice.

    Schools whose year is not closed are counted and passed over; one that cannot be done does not stop the others.
    ``dry_run``: nothing is written, and open years are planned as well.
    """
    by = replace(SYSTEM, name=asked_by or SYSTEM.name)
    with acting(SYSTEM):
        places = schools_with_classes(under, year)
        closed = closed_among([place.school for place in places], year)
    total = _Total(year, len(places), is_dry=dry_run)
    for done, place in enumerate(places):
        progress.step(done, len(places), place.name)
        if place.school not in closed:
            total.still_open += 1
            if not dry_run:
                continue
        try:
            with acting(by):
                school = Organisation.objects.get(pk=place.school)
                total.add(_dry(school, year) if dry_run else promote_school(school, year, by=by))
        except Refused as refusal:
            total.refused.append({"org": place.code, "name": place.name, "detail": refusal.detail})
    progress.step(len(places), len(places))
    return total.told()


def _dry(school: Organisation, year: int) -> Applied:
    plan = plan_of(school.pk, year)
    names = {name for name, _grade, _level in targets_of(plan).values()}
    standing = ClassGroup.objects.filter(organisation=school, school_year=year + 1, name__in=names).count()
    return Applied(plan.counts, len(names) - standing, whys=plan.whys)


@dataclass
class _Total:
    """The figures of all schools."""

    year: int
    schools: int
    is_dry: bool
    still_open: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("pupils", UP, STAY, DONE, LEFT), 0))
    whys: dict[str, int] = field(default_factory=dict)
    classes: int = 0

    def add(self, applied: Applied) -> None:
        """Add a school."""
        self.classes += applied.made
        for into, more in ((self.counts, applied.counts), (self.whys, applied.whys)):
            for key, count in more.items():
                into[key] = into.get(key, 0) + count

    def told(self) -> dict[str, Any]:
        """Give the figures as a job and a command tell them."""
        facts = {"year": self.year, "dry_run": self.is_dry, "schools": self.schools, "still_open": self.still_open}
        more = {"classes_made": self.classes, "left_because": self.whys}
        refused: Sequence[Mapping[str, str]] = self.refused[:MOST_TOLD]
        return {**facts, **self.counts, **more, "refused_schools": len(self.refused), "refused": list(refused)}
