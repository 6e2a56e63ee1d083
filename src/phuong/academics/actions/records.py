"""What a homeroom teacher says of the pupils of the class in a term: conduct, absences, a remark; kept as a set."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from phuong.academics.errors import NotTheirClass
from phuong.academics.models import TermRecord
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.closing import must_be_open
from phuong.academics.queries.homeroom import homeroom_standing
from phuong.kernel.audit import record
from phuong.kernel.scope import Actor
from phuong.registry.api import ClassGroup

FIELDS = ("conduct", "excused", "unexcused", "remark")


@dataclass(frozen=True)
class Said:
    """What is said of one pupil; ``conduct`` a level, absences in half-days."""

    conduct: int | None = None
    excused: int = 0
    unexcused: int = 0
    remark: str = ""


@transaction.atomic
def say_records(group: ClassGroup, term: int, said: Mapping[UUID, Said], *, by: Actor) -> int:
    """Write the records of some pupils of a class, by learner: four statements; gives how many changed.

    :raises NotTheirClass: the actor is not the homeroom teacher
    :raises YearClosed: the school has closed the year
    """
    if not homeroom_standing(by, group).is_homeroom:
        raise NotTheirClass
    must_be_open(group.organisation_id, group.school_year)
    pupils = {each.learner_id: each for each in enrolments_in(group)}
    kept = {each.learner_id: each for each in TermRecord.objects.filter(enrolment__in=pupils.values(), term=term)}
    changed = []
    for learner, each in said.items():
        enrolment = pupils.get(learner)
        if enrolment is None:  # no pupil of this class
            continue
        row = kept.get(learner) or TermRecord(path=enrolment.path, enrolment=enrolment, learner_id=learner, term=term)
        if Said(*(getattr(row, name) for name in FIELDS)) == each:
            continue
        for name in FIELDS:
            setattr(row, name, getattr(each, name))
        changed.append(row)
    TermRecord.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["enrolment", "term"], update_fields=list(FIELDS)
    )
    if changed:
        note = f"{term}: {len(changed)}"
        record("academics.records_said", on_kind="class", on_id=group.pk, note=note, path=group.organisation.path)
    return len(changed)
