"""Who teaches a subject in a class on a day, and whether a year is open: said once for every question of it."""

from django.db import migrations

_TEACHES = """
create function academics_teaches(person uuid, group_id uuid, subject text, day date) returns boolean
language sql stable as $$
  select exists (select from registry_teachingassignment t
      where t.person_id = $1 and t.class_group_id = $2 and t.subject = $3 and t.during @> $4)
    or exists (select from academics_substitution s
      where s.person_id = $1 and s.class_group_id = $2 and s.subject = $3 and s.during @> $4)
$$;

-- The lock first, and then, as of after it was given, whether the year is closed: who waited sees what was decided.
create function academics_hold_open(name text, school uuid, year integer) returns boolean
language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(name, 0));
  return not exists (select from academics_closedyear y
    where y.organisation_id = school and y.school_year = year and y.reopened_at is null);
end $$;

-- The planner knows nothing of the rows a trigger is given, and of 4,000 would compare each with every other.
alter function academics_keep_marks() set enable_nestloop to off;
"""
_DROPPED = """
alter function academics_keep_marks() reset enable_nestloop;
drop function academics_hold_open(text, uuid, integer);
drop function academics_teaches(uuid, uuid, text, date);
"""


class Migration(migrations.Migration):
    """Make the functions."""

    dependencies = [("academics", "0007_preschool"), ("registry", "0010_staff_lists")]
    operations = [migrations.RunSQL(_TEACHES, _DROPPED)]
