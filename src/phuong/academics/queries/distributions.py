"""How the marks of a subject lie in a school, beside the year before and the schools of the same authority.

Aggregates alone: no pupil is named or ordered (TT 15/2026, article 22).
"""

from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Any

from django.db import connection

from phuong.academics.models import GradeSheet
from phuong.kernel.scope import SYSTEM, acting, current_actor
from phuong.registry.api import Organisation

FEWEST_PUPILS = 5  # of other schools; below, nothing is told of them
FEWEST_SCHOOLS = 2  # others: one alone could be worked out by taking away one's own
VALUES = ("average", "midterm", "final")
_COUNTED = """
select {by}, count(*), round(avg(m.{value}))::int,
  count(*) filter (where m.{value} < 35), count(*) filter (where m.{value} between 35 and 49),
  count(*) filter (where m.{value} between 50 and 64), count(*) filter (where m.{value} between 65 and 79),
  count(*) filter (where m.{value} >= 80), count(*) filter (where m.{value} = 1),
  count(*) filter (where s.organisation_id <> %(school)s),
  count(distinct s.organisation_id) filter (where s.organisation_id <> %(school)s)
from academics_gradesheet s join academics_mark m on m.sheet_id = s.id join registry_classgroup g
  on g.id = s.class_group_id
where s.path <@ %(under)s::ltree and s.school_year = %(year)s and s.term = %(term)s and s.subject = %(subject)s
  and not m.is_exempt and m.{value} >= 0
group by {by} order by {by}
"""


@dataclass(frozen=True)
class Spread:
    """Marks counted: by band (below 3.5, 5.0, 6.5, 8.0, from 8.0 on), passed of remarks; ``mean`` in tenths."""

    grade: int
    name: str
    count: int
    mean: int
    bands: tuple[int, ...]
    passed: int
    is_hidden: bool = False

    @property
    def shares(self) -> list[int]:
        """Give the share of each band in whole per cent."""
        return [round(100 * each / self.count) if self.count else 0 for each in self.bands]

    @property
    def passed_share(self) -> int:
        """Give the share of passed remarks in whole per cent."""
        return round(100 * self.passed / self.count) if self.count else 0


@dataclass(frozen=True)
class Asked:
    """Of which marks: subject, term, and ``value``, one of ``VALUES``."""

    subject: str
    term: int
    value: str


def spreads_of(school: Organisation, year: int, asked: Asked) -> tuple[list[Spread], list[Spread], list[Spread]]:
    """Give the classes of a school, its grades the year before, and the grades of all schools of its authority.

    Three statements. What the others are is told only of enough pupils and schools.
    """
    own = _counted(school, str(school.path), year, asked, by="g.grade, g.name")
    before = _counted(school, str(school.path), year - 1, asked, by="g.grade")
    around: list[Spread] = []
    if school.parent is not None:
        with acting(changed(SYSTEM, as_of=current_actor().as_of)):  # sums alone leave here
            around = _counted(school, str(school.parent.path), year, asked, by="g.grade", is_around=True)
    return own, before, around


def _counted(
    school: Organisation, under: str, year: int, asked: Asked, *, by: str, is_around: bool = False
) -> list[Spread]:
    ask: dict[str, Any] = {"school": school.pk, "under": under, "year": year}
    ask |= {"term": asked.term, "subject": asked.subject}
    value = asked.value if asked.value in VALUES else VALUES[0]
    keys = by.count(",") + 1
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(by=by, value=value), ask)
        rows = cursor.fetchall()
    found = []
    for row in rows:
        grade, name = row[0], row[1] if keys == 2 else ""
        count, mean, *bands, passed, others, schools = row[keys:]
        is_hidden = is_around and (others < FEWEST_PUPILS or schools < FEWEST_SCHOOLS)
        found.append(Spread(grade, name, count, mean, tuple(bands), passed, is_hidden))
    return found


def subjects_with_marks(school: Organisation, year: int) -> dict[str, bool]:
    """Give the subjects a school has sheets of in a year, and whether they are scored."""
    rows = GradeSheet.objects.filter(organisation=school, school_year=year)
    return dict(rows.order_by("subject").values_list("subject", "is_scored").distinct())
