"""The day looked back to, the function that logs changes, and the policies of the new tables."""

from django.db import migrations

from phuong.kernel.protection import Protect

_FUNCTIONS = """
create function kernel_today() returns date language sql stable parallel safe
  return coalesce(nullif(current_setting('app.as_of', true), '')::date, current_date);
create function kernel_as_of() returns timestamptz language sql stable parallel safe
  return (nullif(current_setting('app.as_of', true), '')::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh';
create function kernel_as_of_id() returns uuid language sql stable parallel safe
  return (lpad(to_hex((extract(epoch from kernel_as_of()) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

create function kernel_keep_changes() returns trigger language plpgsql as $$
declare
  row_facts text := format('%s as id, %s as path, (%s)::text as key', tg_argv[2], tg_argv[0], tg_argv[1]);
  head text := 'insert into public.kernel_change (txid, at, path, on_kind, on_id, act, key_before, key_after) '
    || format('select pg_current_xact_id(), now(), %%s, %L, %%s, %%L, %%s from ', tg_table_name);
begin
  if current_setting('app.bulk_load', true) = 'on' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    execute format(head, 'n.path', 'n.id', 'made', 'null, n.key')
      || format('(select %s from fresh r) n', row_facts);
  elsif tg_op = 'DELETE' then
    execute format(head, 'o.path', 'o.id', 'removed', 'o.key, null')
      || format('(select %s from stale r) o', row_facts);
  else
    execute format(head, 'n.path', 'n.id', 'changed', 'o.key, n.key')
      || format('(select %1$s, r as whole from stale r) o join (select %1$s, r as whole from fresh r) n using (id) '
        'where n.whole is distinct from o.whole', row_facts);
    execute format(head, 'o.path', 'o.id', 'moved', 'o.key, n.key')
      || format('(select %1$s from stale r) o join (select %1$s from fresh r) n using (id) where n.path <> o.path',
        row_facts);
  end if;
  return null;
end $$;
"""
_DROP = """
drop function kernel_keep_changes(); drop function kernel_as_of_id(); drop function kernel_as_of();
drop function kernel_today();
"""


class Migration(migrations.Migration):
    """Let pages look back, and let other systems follow what changes."""

    dependencies = [("kernel", "0003_attachments_and_changes")]
    operations = [
        migrations.RunSQL(_FUNCTIONS, _DROP),
        Protect("kernel_attachment"),
        Protect("kernel_change"),
    ]
