"""The question that every page asks first, before anybody acts: who an account is, and which roles it holds."""

from django.db import migrations

# The scope of the whole country holds for this one question alone.
_STANDING = """
create function identity_standing(holder uuid, day date, moment timestamptz)
returns table (account identity_account, assignment identity_roleassignment, organisation registry_organisation)
language plpgsql as $$
declare
  before text := coalesce(current_setting('app.scope', true), '');
begin
  perform set_config('app.scope', 'vn', true);
  return query select a, r, o
  from identity_account a
  left join identity_roleassignment r on r.account_id = a.id and r.during @> day
    and (r.ends_at is null or r.ends_at > moment)
  left join registry_organisation o on o.id = r.organisation_id
  where a.id = holder and a.is_active;
  perform set_config('app.scope', before, true);
end $$;
"""


class Migration(migrations.Migration):
    """Make the function; what is in force is so by ``Assignments.in_force``."""

    dependencies = [("identity", "0009_own_account"), ("registry", "0010_staff_lists")]
    operations = [migrations.RunSQL(_STANDING, "drop function identity_standing(uuid, date, timestamptz)")]
