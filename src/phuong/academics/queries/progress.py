"""How far the sheets of a school are in a term: class by class and subject by subject, which columns lack marks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from phuong.academics.errors import NoProfile
from phuong.academics.models import GradeSheet
from phuong.academics.profiles import profile_for, programme_for
from phuong.academics.queries.homeroom import LEVELS
from phuong.academics.rules.averages import regular_count
from phuong.academics.rules.profiles import SecondaryProfile
from phuong.kernel.calendar import school_year_of
from phuong.kernel.codelists import title_of
from phuong.kernel.refusals import NotThere
from phuong.kernel.today import today
from phuong.registry.api import Organisation, TeachingAssignment

# what is taught by assignment or has a sheet; pupils of today; marks that are there, of pupils who are not exempt
_PROGRESS = """
with groups as (
  select id, name, name_key, level, grade from registry_classgroup
  where organisation_id = %(school)s and school_year = %(year)s and level = any(%(levels)s)
), asked as (
  select t.class_group_id, t.subject from registry_teachingassignment t
  where t.class_group_id in (select id from groups) and t.during @> %(day)s::date
  union
  select s.class_group_id, s.subject from academics_gradesheet s
  where s.class_group_id in (select id from groups) and s.term = %(term)s
), pupils as (
  select class_group_id, count(distinct learner_id) as count from registry_enrolment
  where class_group_id in (select id from groups) and during @> %(day)s::date group by 1
), marks as (
  select s.class_group_id, s.subject, s.columns, count(m.id) filter (where m.is_exempt) as exempt,
    coalesce(sum((select count(v) from unnest(m.regular[1:s.columns]) v)) filter (where not m.is_exempt), 0) as regular,
    count(m.midterm) filter (where not m.is_exempt) as midterm, count(m.final) filter (where not m.is_exempt) as final,
    count(*) filter (where m.remark <> '') as remarks
  from academics_gradesheet s left join academics_mark m on m.sheet_id = s.id
    and exists (select 1 from registry_enrolment e where e.id = m.enrolment_id and e.during @> %(day)s::date)
  where s.class_group_id in (select id from groups) and s.term = %(term)s group by s.id
)
select g.id, g.name, g.level, g.grade, a.subject, coalesce(p.count, 0), m.columns, coalesce(m.exempt, 0),
  coalesce(m.regular, 0), coalesce(m.midterm, 0), coalesce(m.final, 0), coalesce(m.remarks, 0),
  (select full_name from registry_teachingassignment t join registry_person r on r.id = t.person_id
   where t.class_group_id = g.id and t.subject = a.subject and t.during @> %(day)s::date limit 1)
from groups g join asked a on a.class_group_id = g.id
left join pupils p on p.class_group_id = g.id
left join marks m on m.class_group_id = g.id and m.subject = a.subject
order by g.grade, g.name_key, a.subject
"""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a class and subject: its pupils who are not exempt, columns of regular marks, marks that are there."""

    class_id: UUID
    class_name: str
    subject: str
    teacher: str
    pupils: int
    columns: int
    regular: int
    midterm: int
    final: int
    remarks: int

    @property
    def title(self) -> str:
        """Name the subject."""
        return title_of("subject", self.subject)

    @property
    def share(self) -> int:
        """Give the share of marks that are there, in whole per cent; 100 only when none lacks."""
        wanted = self.pupils * (self.columns + 2)
        return 100 * (self.regular + self.midterm + self.final) // wanted if wanted else 100

    @property
    def lacking(self) -> str:
        """Say which columns lack how many marks."""
        told = (
            (_("thường xuyên"), self.pupils * self.columns - self.regular),
            (_("giữa kì"), self.pupils - self.midterm),
            (_("cuối kì"), self.pupils - self.final),
        )
        return ", ".join(f"{name} {count}" for name, count in told if count > 0)


def sheet_named(key: UUID) -> tuple[UUID, str, int]:
    """Find the sheet a line of the statistics speaks of: class, subject, term.

    ``key``: of a sheet, or of the assignment of a subject nobody wrote a mark of yet, which means the present term.

    :raises NotThere: neither, or elsewhere
    """
    sheet = GradeSheet.objects.filter(pk=key).values_list("class_group_id", "subject", "term").first()
    if sheet is not None:
        return sheet
    asked = TeachingAssignment.objects.filter(pk=key).values_list("class_group_id", "subject").first()
    if asked is None:
        raise NotThere
    return (*asked, school_year_of(today()).term_of(today()))


def sheets_of(school: Organisation, year: int, term: int) -> list[Sheet]:
    """Read the sheets of a school's classes under rules of marks and remarks: one statement."""
    ask: dict[str, Any] = {"school": school.pk, "year": year, "term": term, "day": today(), "levels": list(LEVELS)}
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, ask)
        return [_sheet(year, *row) for row in cursor.fetchall()]


def _sheet(year: int, *row: Any) -> Sheet:
    class_id, name, level, grade, subject, pupils, columns, exempt, *counts, teacher = row
    if columns is None:
        columns = _columns(level, grade, subject, year)
    return Sheet(class_id, name, subject, teacher or "", max(pupils - exempt, 0), columns, *counts)


def _columns(level: str, grade: int, subject: str, year: int) -> int:
    """Give how many regular marks a sheet nobody wrote in yet will have."""
    try:
        profile, found = profile_for(level, grade, year), programme_for(level, grade, year).subject(subject)
    except NoProfile:
        return 0
    if not isinstance(profile, SecondaryProfile) or found is None or grade not in found.periods:
        return 0
    return regular_count(profile, found.periods[grade]) if found.assessment == "scored" else profile.remark_marks
