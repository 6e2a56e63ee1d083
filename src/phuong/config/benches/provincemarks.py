"""Marks of every secondary pupil of the province, so that sheets are measured among all the others; made once."""

import json
from typing import Any

from django.db import connection

from phuong.academics.models import GradeSheet
from phuong.academics.profiles import programme_for
from phuong.academics.queries.sheets import fresh_sheet
from phuong.kernel.calendar import school_year_of
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.today import today
from phuong.registry.api import ClassGroup

LEVELS = ("lower_secondary", "upper_secondary")
AT_ONCE = 500  # classes a transaction
_SHEETS = """
insert into academics_gradesheet (id, path, organisation_id, class_group_id, school_year, term, subject, is_scored,
  columns, locks, version)
select gen_random_uuid(), o.path, c.organisation_id, c.id, c.school_year, t, p.subject, p.is_scored, p.columns, '{}', 1
from registry_classgroup c join registry_organisation o on o.id = c.organisation_id
join jsonb_to_recordset(%(taught)s::jsonb) as p (level text, grade int, subject text, is_scored bool, columns int)
  on p.level = c.level and p.grade = c.grade
cross join generate_series(1, 2) t
where c.id = any(%(groups)s)
on conflict do nothing
"""
_MARKS = """
insert into academics_mark (id, path, sheet_id, enrolment_id, learner_id, regular, midterm, final, average, is_exempt,
  remark, version, changed_by)
select gen_random_uuid(), g.path, g.id, e.id, e.learner_id,
  array(select case when g.is_scored then 50 + (random() * 50)::int else 1 end
    from generate_series(1, g.columns) where e.id is not null),
  case when g.is_scored then 50 + (random() * 50)::int else 1 end,
  case when g.is_scored then 40 + (random() * 60)::int else 1 end,
  case when g.is_scored then 60 else 1 end, false, '', 1, ''
from academics_gradesheet g join registry_enrolment e on e.class_group_id = g.class_group_id and e.ends_on is null
where g.class_group_id = any(%(groups)s)
on conflict do nothing
"""


def fill_province() -> int:
    """Write both terms of every class that has no sheet yet; gives how many classes were filled."""
    with acting(SYSTEM):
        year = school_year_of(today()).start
        groups = ClassGroup.objects.select_related("organisation").filter(school_year=year, level__in=LEVELS)
        bare = list(groups.exclude(pk__in=GradeSheet.objects.values("class_group")).order_by("organisation", "id"))
    taught = _taught(bare)
    for place in range(0, len(bare), AT_ONCE):
        with acting(SYSTEM), connection.cursor() as cursor:
            cursor.execute("set local app.bulk_load = 'on'")
            params: dict[str, Any] = {"groups": [each.pk for each in bare[place : place + AT_ONCE]], "taught": taught}
            cursor.execute(_SHEETS, params)
            cursor.execute(_MARKS, params)
    return len(bare)


def marks_kept() -> int:
    """Give how many rows of marks there are, as the planner reckons."""
    with connection.cursor() as cursor:
        cursor.execute("select reltuples::bigint from pg_class where oid = 'academics_mark'::regclass")
        (rows,) = cursor.fetchone()
    return int(rows)


def _taught(groups: list[ClassGroup]) -> str:
    """Give what is taught at each level and grade, as JSON."""
    rows = []
    for group in {(each.level, each.grade): each for each in groups}.values():
        programme = programme_for(group.level, group.grade, group.school_year)
        for each in programme.subjects_of(group.grade, "compulsory"):
            sheet = fresh_sheet(group, each.code, 1)
            facts = {"subject": each.code, "is_scored": sheet.is_scored, "columns": sheet.columns}
            rows.append({"level": group.level, "grade": group.grade, **facts})
    return json.dumps(rows)
