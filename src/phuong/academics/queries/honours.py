"""Who is honoured at the end of a year: by class and in the order of its list, with no order of merit."""

from dataclasses import dataclass

from phuong.academics.models import Result
from phuong.academics.queries.cards import honour_title
from phuong.academics.rules.parts import YEAR
from phuong.registry.api import Organisation

MOST = 3000


@dataclass(frozen=True)
class Honoured:
    """A pupil with an honour."""

    name: str
    class_name: str
    honour: str


def honoured_at(school: Organisation, year: int) -> list[Honoured]:
    """Name the honoured pupils of a school: one statement."""
    rows = Result.objects.filter(organisation=school, school_year=year, part=YEAR).exclude(honour="")
    order = ("enrolment__class_group__grade", "enrolment__class_group__name_key", "learner__name_key", "id")
    found = rows.select_related("learner", "enrolment__class_group").order_by(*order)[:MOST]
    return [
        Honoured(each.learner.full_name, each.enrolment.class_group.name, honour_title(each.rule, each.honour))
        for each in found
    ]
