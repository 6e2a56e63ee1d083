"""The end of a year at a school, seen before anything is done: who goes on, who is tested again, who stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from phuong.academics.models import Result
from phuong.academics.queries.afterwards import DUE
from phuong.academics.queries.cards import OUTCOMES
from phuong.academics.queries.promotion import FINAL_GRADES, next_name
from phuong.academics.queries.summaries import standings_of
from phuong.academics.rules.parts import YEAR
from phuong.kernel.codelists import title_of
from phuong.registry.api import ClassGroup

GOING_ON = ("promoted", "completed")
WAITING = ("retest", "summer_training", "support", "principal", "retained")
MOST_NAMED, MOST_CLASSES = 1000, 200


@dataclass(frozen=True)
class Onward:
    """A class at the end of its year: its name of next year, blank after the last grade; pupils by outcome."""

    group: ClassGroup
    next_name: str
    pupils: int
    counts: dict[str, int]

    @property
    def going_on(self) -> int:
        """Count those who go on or have completed."""
        return sum(self.counts.get(outcome, 0) for outcome in GOING_ON)

    @property
    def undecided(self) -> int:
        """Count those whose year is not decided."""
        return self.pupils - sum(self.counts.values())


@dataclass(frozen=True)
class Named:
    """A pupil who does not simply go on: why, and the subjects to be tested again."""

    name: str
    class_name: str
    outcome: str
    subjects: str


def ending_classes(under: str, year: int) -> list[ClassGroup]:
    """Give the classes of a place whose year comes to something, whatever their level: all but preschool groups."""
    rows = ClassGroup.objects.filter(school_year=year, grade__gte=1, organisation__path__under=under or "none")
    return list(rows.order_by("grade", "name_key", "id")[:MOST_CLASSES])


def onward_of(groups: Sequence[ClassGroup]) -> list[Onward]:
    """Count what becomes of the pupils of some classes: three statements."""
    rows = Result.objects.filter(enrolment__class_group__in=[group.pk for group in groups], part=YEAR)
    counts: dict[object, dict[str, int]] = {}
    told = rows.exclude(outcome="").values_list("enrolment__class_group", "outcome").annotate(count=Count("pk"))
    for group, outcome, count in told:
        counts.setdefault(group, {})[outcome] = count
    found = []
    for standing in standings_of(groups):
        group, of = standing.group, counts.get(standing.group.pk, {})
        is_last = bool(of.get("completed")) or group.grade in FINAL_GRADES
        found.append(Onward(group, "" if is_last else next_name(group.name, group.grade), standing.pupils, of))
    return found


def not_going_on(groups: Sequence[ClassGroup]) -> list[Named]:
    """Name the pupils who do not simply go on, or stay; by class and in the order of its list."""
    rows = Result.objects.filter(
        enrolment__class_group__in=[group.pk for group in groups], part=YEAR, outcome__in=WAITING
    ).select_related("learner", "enrolment__class_group")
    order = ("enrolment__class_group__grade", "enrolment__class_group__name_key", "learner__name_key", "id")
    return [
        Named(
            name=each.learner.full_name,
            class_name=each.enrolment.class_group.name,
            outcome=OUTCOMES[each.outcome],
            subjects=", ".join(title_of("subject", code) for code in each.retest),
        )
        for each in rows.order_by(*order)[:MOST_NAMED]
    ]


def due_counts(groups: Sequence[ClassGroup]) -> dict[UUID, int]:
    """Count, for each class, the pupils whom something is still to be said of after the year: one statement."""
    rows = Result.objects.filter(enrolment__class_group__in=groups, part=YEAR, outcome__in=DUE)
    return dict(rows.values_list("enrolment__class_group").annotate(count=Count("pk")))
