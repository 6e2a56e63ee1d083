"""The week of each teacher of a school: periods taught, held against the norm."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from phuong.academics.access import in_force
from phuong.academics.errors import NoProfile
from phuong.academics.models import Substitution
from phuong.academics.profiles import programme_for
from phuong.kernel.codelists import read_yaml, title_of
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup, Organisation, Person, TeachingAssignment

_NORMS = Path(__file__).parents[1] / "catalog" / "workload.yaml"


@cache
def norms() -> dict[str, Any]:
    """Read the norms: ``source``, ``doubt``, ``weeks``, ``norms`` by level."""
    told: dict[str, Any] = read_yaml(_NORMS)
    return told


@dataclass
class Week:
    """What a teacher teaches in a week, in tenths of a period; ``lessons``: told class by class."""

    person: Person
    tenths: int = 0
    lessons: list[str] = field(default_factory=list)
    substitutes: list[str] = field(default_factory=list)
    by_level: dict[str, int] = field(default_factory=dict)

    @property
    def norm(self) -> int | None:
        """Give the norm of the level taught most; ``None``: there is none for it."""
        level = max(self.by_level, key=lambda each: self.by_level[each], default="")
        found: int | None = norms()["norms"].get(level)
        return found

    @property
    def periods(self) -> str:
        """Show the periods: 19 or 17,5."""
        return shown_periods(self.tenths)

    @property
    def over(self) -> int:
        """Give the tenths above the norm; below it less than nothing."""
        return 0 if self.norm is None else self.tenths - 10 * self.norm

    @property
    def distance(self) -> str:
        """Show how far it is from the norm, without a sign."""
        return shown_periods(abs(self.over))


def shown_periods(tenths: int) -> str:
    """Show tenths of periods: 19 or 17,5."""
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}"


def weekly(group: ClassGroup, subject: str) -> int | None:
    """Give the periods a week of a subject in a class, in tenths, as its programme has it; ``None``: not taught."""
    try:
        found = programme_for(group.level, group.grade, group.school_year).subject(subject)
    except NoProfile:
        return None
    if found is None or group.grade not in found.periods:
        return None
    return round(10 * found.periods[group.grade] / int(norms()["weeks"]))


def weeks_of(school: Organisation) -> list[Week]:
    """Give the week of each teacher with a class today, by name: two statements.

    A substitute's lessons are told apart and count for the substitute; the teacher's own count stays as assigned.
    """
    day = today()
    found: dict[UUID, Week] = {}
    rows = TeachingAssignment.objects.filter(in_force(day), organisation=school)
    for each in rows.select_related("person", "class_group").order_by("class_group__name_key", "subject"):
        week = found.setdefault(each.person_id, Week(each.person))
        tenths = 10 * each.periods if each.periods is not None else weekly(each.class_group, each.subject)
        _add(week, week.lessons, each.class_group, each.subject, tenths)
    others = Substitution.objects.filter(in_force(day), organisation=school)
    known: dict[tuple[UUID, str], int | None] = {
        (each.class_group_id, each.subject): 10 * each.periods for each in rows if each.periods is not None
    }
    for one in others.select_related("person", "class_group").order_by("class_group__name_key", "subject"):
        week = found.setdefault(one.person_id, Week(one.person))
        tenths = known.get((one.class_group_id, one.subject), weekly(one.class_group, one.subject))
        _add(week, week.substitutes, one.class_group, one.subject, tenths)
    return sorted(found.values(), key=lambda each: (each.person.name_key, str(each.person.pk)))


def _add(week: Week, told: list[str], group: ClassGroup, subject: str, tenths: int | None) -> None:
    shown = "?" if tenths is None else shown_periods(tenths)
    told.append(f"{group.name} {title_of('subject', subject)} ({shown})")
    week.tenths += tenths or 0
    week.by_level[group.level] = week.by_level.get(group.level, 0) + (tenths or 1)
