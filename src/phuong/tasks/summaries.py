"""What became of the words of the plans: leads matched to units, duties with or without a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.plans.api import Duty, Plan, Task
from phuong.registry.api import Organisation, department_of, province_of
from phuong.tasks.actions.matching import NAMED, Directory, directory_of
from phuong.tasks.actions.seeding import day_of, timing_of
from phuong.tasks.models import Assignment
from phuong.tasks.rules import Recurrence

GROUP_TITLES = {
    "communes": gettext_lazy("Giao cho mọi xã, phường, đặc khu"),
    "schools": gettext_lazy("Giao cho mọi trường"),
}
_ROUNDS = {
    Recurrence.CONTINUOUS: gettext_lazy("Làm thường xuyên, không có ngày riêng"),
    Recurrence.MONTHLY: gettext_lazy("Hằng tháng"),
    Recurrence.TWICE_A_SCHOOL_YEAR: gettext_lazy("Hai lần mỗi năm học"),
    Recurrence.YEARLY: gettext_lazy("Hằng năm"),
    Recurrence.FIVE_YEARLY: gettext_lazy("Năm năm một lần"),
}


@dataclass(frozen=True)
class PrintedLead:
    """One lead as printed in one plan. ``given``: units that got their own part; else ``because`` says who keeps it."""

    plan: str
    words: str
    tasks: int
    given: tuple[str, ...]
    state: str  # given, department, group, outside
    because: str


@dataclass(frozen=True)
class PrintedDuty:
    """One duty as printed. ``due_on``: followed once; ``rounds``: made each round; else ``because`` says why not."""

    plan: str
    code: str
    who: str
    what: str
    when: str
    due_on: dt.date | None
    rounds: str
    because: str


def department_for(actor: Actor) -> Organisation:
    """Give the department of the actor's province.

    :raises NotThere: the actor stands in none
    """
    province = province_of(actor.scope) if actor.scope else None
    department = department_of(province.code) if province is not None else None
    if department is None:
        raise NotThere
    return department


def plans_here(actor: Actor) -> list[tuple[str, str]]:
    """Give code and short title of the plans of the actor's province."""
    province = province_of(actor.scope) if actor.scope else None
    rows = Plan.objects.filter(province_code=province.code if province else "").order_by("code")
    return [(plan.code, plan.short_title) for plan in rows]


def printed_leads(department: Organisation) -> list[PrintedLead]:
    """Say of every lead of the province's plans where its tasks went."""
    units = directory_of(department)
    counted: dict[tuple[str, str], int] = {}
    printed = Task.objects.filter(plan__province_code=units.province, is_withdrawn=False)
    for plan, lead in printed.order_by("plan__code", "rank").values_list("plan__code", "lead"):
        for words in lead or [""]:
            counted[plan, words] = counted.get((plan, words), 0) + 1
    return [_lead(units, plan, words, count) for (plan, words), count in sorted(counted.items())]


def _lead(units: Directory, plan: str, words: str, count: int) -> PrintedLead:
    if not words:
        return PrintedLead(plan, "", count, (), "department", _("Bản in không ghi đơn vị chủ trì."))
    match = units.match(words, plan)
    given = tuple(unit.name for unit in match.units) if match.to in NAMED else ()
    state = "given" if given else {"communes": "group", "schools": "group", "outside": "outside"}.get(match.to)
    return PrintedLead(plan, words, count, given, state or "department", match.because)


def printed_duties(department: Organisation) -> list[PrintedDuty]:
    """Say of every duty of the province's plans how it is followed, or why not."""
    province = department.path.split(".")[1].removeprefix("p")
    duties = Duty.objects.filter(plan__province_code=province).select_related("plan").order_by("plan__code", "id")
    return [_duty(duty) for duty in duties]


def _duty(duty: Duty) -> PrintedDuty:
    timing = timing_of(duty)
    rounds = _ROUNDS.get(timing.recurrence, "")
    is_round = timing.recurrence not in (Recurrence.ONCE, Recurrence.CONTINUOUS)
    because = timing.because or (str(rounds) if not is_round else "")
    facts = (duty.plan.code, duty.code, duty.who, duty.what, duty.when)
    return PrintedDuty(*facts, day_of(duty), str(rounds) if is_round else "", because)


def groups_meant(task: Assignment) -> list[tuple[str, str]]:
    """Give the groups (code, words of the act) that the printed leads of a department's task stand for."""
    if task.parent_id is not None or task.organisation.kind != "department":
        return []
    words, plan = _printed_words(task)
    units = directory_of(task.organisation)
    meant = {units.match(each, plan).to for each in words}
    return [(code, str(title)) for code, title in GROUP_TITLES.items() if code in meant]


def _printed_words(task: Assignment) -> tuple[Iterable[str], str]:
    if task.plan_task is not None:
        return task.plan_task.lead, task.plan_task.plan.code
    if task.duty is not None:
        return [part.strip() for part in task.duty.who.split(";")], task.duty.plan.code
    return [], ""
