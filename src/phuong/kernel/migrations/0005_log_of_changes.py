"""The log of changes is kept for a time, and tells what moved along with its unit."""

from django.db import migrations

_FUNCTIONS = """
create function kernel_keep_moves() returns trigger language plpgsql as $$
begin
  if current_setting('app.bulk_load', true) = 'on' then
    return null;
  end if;
  execute format(
    'insert into public.kernel_change (txid, at, path, on_kind, on_id, act) '
    'select pg_current_xact_id(), now(), told.path, %1$L, r.%2$I, told.act '
    'from stale o join fresh n using (id) join public.%1$I r on r.organisation_id = n.id '
    'cross join lateral (values (n.path, ''changed''), (o.path, ''moved'')) told(path, act) where n.path <> o.path',
    tg_argv[0], tg_argv[1]);
  return null;
end $$;

create function kernel_forget_changes(days integer) returns bigint
language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  gone bigint;
begin
  if days < 90 then
    raise exception 'the log of changes is kept for 90 days at least';
  end if;
  delete from public.kernel_change where at < now() - make_interval(days => days);
  get diagnostics gone = row_count;
  return gone;
end $$;

create index kernel_change_age on kernel_change using brin (at);
"""
_DROP = """
drop index kernel_change_age; drop function kernel_forget_changes(integer); drop function kernel_keep_moves();
"""


class Migration(migrations.Migration):
    """Let the nightly work forget old lines, and nothing else."""

    dependencies = [("kernel", "0004_looking_back")]
    operations = [migrations.RunSQL(_FUNCTIONS, _DROP)]
