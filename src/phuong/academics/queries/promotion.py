"""What becomes of each pupil of a school at the end of a year, as a plan: classes that follow, who goes where, why not.

Nothing is done here; ``actions.promotion`` does what the plan says.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy

from phuong.academics.models import Promotion
from phuong.kernel.codelists import attributes_of, entries_of
from phuong.registry.api import ClassGroup, Person

UP, STAY, DONE, LEFT = "promoted", "retained", "completed", "left"
FINAL_GRADES = (5, 9, 12)
MOST_NAMED = 500
WHY = {
    "no_result": gettext_lazy("chưa tính kết quả cả năm"),
    "undecided": gettext_lazy("chưa đủ kết quả cả năm"),
    "retest": gettext_lazy("chờ kết quả kiểm tra, đánh giá lại"),
    "summer_training": gettext_lazy("chờ kết quả rèn luyện trong hè"),
    "support": gettext_lazy("chờ đánh giá bổ sung"),
    "principal": gettext_lazy("chờ hiệu trưởng xét, quyết định"),
    "away": gettext_lazy("không đang học (bảo lưu, nghỉ học)"),
    "odd": gettext_lazy("kết luận không hợp với khối lớp"),
}
_PUPILS = """
select e.id, e.learner_id, e.class_group_id, e.status, r.outcome
from registry_classgroup g join registry_enrolment e on e.class_group_id = g.id and upper_inf(e.during)
left join academics_result r on r.enrolment_id = e.id and r.part = 0
where g.organisation_id = %(school)s and g.school_year = %(year)s and g.grade >= 1 and lower(e.during) < %(on)s
order by e.id
"""
Names = Mapping[UUID, tuple[str, str]]


def first_day(year: int) -> dt.date:
    """Give the day on which pupils of a year enter the classes of the next one: 1 August, when that begins."""
    return dt.date(year + 1, 8, 1)


def next_name(name: str, grade: int) -> str:
    """Name a class one grade up: 8A3 becomes 9A3; a name without its grade stays as it is."""
    return f"{grade + 1}{name.removeprefix(str(grade))}" if name.startswith(str(grade)) else name


@dataclass(frozen=True)
class Fate:
    """What becomes of one pupil: ``UP``, ``STAY``, ``DONE`` or ``LEFT`` with a key of ``WHY``."""

    enrolment: UUID
    learner: UUID
    group: UUID
    kind: str
    why: str = ""


@dataclass
class Step:
    """A class of this year: the names of the classes that follow for who goes on and who stays; pupils by fate."""

    group: ClassGroup
    up_name: str
    stay_name: str
    counts: Counter[str] = field(default_factory=Counter)
    whys: Counter[str] = field(default_factory=Counter)

    @property
    def pupils(self) -> int:
        """Count the pupils of the class."""
        return self.counts.total()

    @property
    def is_final(self) -> bool:
        """Say whether it is the last grade of its level."""
        return self.group.grade in FINAL_GRADES


@dataclass
class Plan:
    """The end of a year at a school as it would be done."""

    steps: list[Step] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Count pupils: before, promoted, retained, completed, left over."""
        told = Counter(each.kind for each in self.fates)
        return {"pupils": len(self.fates)} | {kind: told[kind] for kind in (UP, STAY, DONE, LEFT)}

    @property
    def whys(self) -> dict[str, int]:
        """Count those left over by why."""
        return dict(sum((each.whys for each in self.steps), Counter[str]()))


def plan_of(school: UUID, year: int, names: Names | None = None) -> Plan:
    """Plan the moving up of the pupils who sit in a school's classes of a year: three statements.

    ``names``: by class the names of the classes that follow, for who goes on and for who stays; others as usual.
    """
    groups = ClassGroup.objects.filter(organisation=school, school_year=year, grade__gte=1)
    steps = {each.pk: _step(each, names or {}) for each in groups.order_by("grade", "name_key", "id")}
    away = {code for code in entries_of("enrolment_status") if not attributes_of("enrolment_status", code)["present"]}
    plan = Plan(list(steps.values()))
    with connection.cursor() as cursor:
        cursor.execute(_PUPILS, {"school": school, "year": year, "on": first_day(year)})
        rows = cursor.fetchall()
    for enrolment, learner, group, status, outcome in rows:
        step = steps[group]
        kind, why = (LEFT, "away") if status in away else _fate(outcome, is_final=step.is_final)
        step.counts[kind] += 1
        if why:
            step.whys[why] += 1
        plan.fates.append(Fate(enrolment, learner, group, kind, why))
    return plan


def _step(group: ClassGroup, names: Names) -> Step:
    usual = ("" if group.grade in FINAL_GRADES else next_name(group.name, group.grade), group.name)
    return Step(group, *names.get(group.pk, usual))


def _fate(outcome: str | None, *, is_final: bool) -> tuple[str, str]:
    if outcome is None:
        return LEFT, "no_result"
    if outcome in (UP, DONE):
        fits = (outcome == DONE) is is_final
        return (outcome, "") if fits else (LEFT, "odd")
    if outcome == STAY:
        return STAY, ""
    return LEFT, outcome if outcome in WHY else "undecided"


@dataclass(frozen=True)
class LeftOver:
    """A pupil who is neither moved up nor kept down, and why."""

    learner: UUID
    name: str
    class_name: str
    why: str


def left_over(plan: Plan) -> list[LeftOver]:
    """Name those left over, by class and in the order of its list: one statement."""
    left = {each.learner: each for each in plan.fates if each.kind == LEFT}
    groups = {each.group.pk: (place, each.group.name) for place, each in enumerate(plan.steps)}
    people = Person.objects.filter(pk__in=left).values_list("pk", "full_name", "name_key")
    found = sorted((groups[left[key].group][0], name_key, key, name) for key, name, name_key in people)
    return [
        LeftOver(key, name, groups[left[key].group][1], str(WHY[left[key].why]))
        for _place, _key, key, name in found[:MOST_NAMED]
    ]


def promotions_of(school: UUID, year: int) -> Sequence[Promotion]:
    """Give the movings up of a school's year, the newest first."""
    return list(Promotion.objects.filter(organisation=school, school_year=year).order_by("-applied_at", "-id"))
