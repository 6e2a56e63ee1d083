"""Row security of marks and results, the list of every change, and that nothing of it is ever deleted."""

from django.db import migrations

from phuong.kernel.protection import Protect

# What changed of each row, column by column, with account, name and reason of who acts: one statement, whatever wrote.
_KEPT = """
create function academics_keep_marks() returns trigger language plpgsql as $$
declare
  context jsonb := coalesce(nullif(current_setting('pghistory.context_metadata', true), ''), '{}')::jsonb;
begin
  if current_setting('app.bulk_load', true) = 'on' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    insert into public.academics_markchange (path, at, mark, sheet, learner, what, account, name, reason)
    select n.path, now(), n.id, n.sheet_id, n.learner_id, d.what, nullif(context->>'account', '')::uuid,
      coalesce(context->>'name', ''), coalesce(context->>'reason', '')
    from fresh n cross join lateral (
      select jsonb_object_agg(c.name, jsonb_build_array(null, c.now)) as what
      from (values ('regular', to_jsonb(n.regular), '[]'::jsonb), ('midterm', to_jsonb(n.midterm), null),
        ('final', to_jsonb(n.final), null), ('is_exempt', to_jsonb(n.is_exempt), 'false'::jsonb),
        ('remark', to_jsonb(n.remark), '""'::jsonb)) as c(name, now, empty)
      where c.now is not null and c.now is distinct from c.empty
    ) d where d.what is not null;
  else
    insert into public.academics_markchange (path, at, mark, sheet, learner, what, account, name, reason)
    select n.path, now(), n.id, n.sheet_id, n.learner_id, d.what, nullif(context->>'account', '')::uuid,
      coalesce(context->>'name', ''), coalesce(context->>'reason', '')
    from fresh n join stale o using (id) cross join lateral (
      select jsonb_object_agg(c.name, jsonb_build_array(c.was, c.now)) as what
      from (values ('regular', to_jsonb(o.regular), to_jsonb(n.regular)),
        ('midterm', to_jsonb(o.midterm), to_jsonb(n.midterm)), ('final', to_jsonb(o.final), to_jsonb(n.final)),
        ('is_exempt', to_jsonb(o.is_exempt), to_jsonb(n.is_exempt)),
        ('remark', to_jsonb(o.remark), to_jsonb(n.remark))) as c(name, was, now)
      where c.was is distinct from c.now
    ) d where d.what is not null;
  end if;
  return null;
end $$;
create trigger keep_new after insert on academics_mark referencing new table as fresh
  for each statement execute function academics_keep_marks();
create trigger keep_changed after update on academics_mark referencing old table as stale new table as fresh
  for each statement execute function academics_keep_marks();

create function academics_never() returns trigger language plpgsql as $$
begin
  raise exception '%: % is refused', tg_table_name, tg_op using errcode = 'integrity_constraint_violation';
end $$;
create trigger never_gone before delete on academics_mark for each row execute function academics_never();
create trigger never_altered before delete on academics_markchange for each row execute function academics_never();
create trigger never_rewritten before update on academics_markchange for each row
  when (to_jsonb(old) - 'path'::text - 'learner'::text is distinct from to_jsonb(new) - 'path'::text - 'learner'::text)
  execute function academics_never();
alter table academics_mark add constraint academics_mark_regular check (
  cardinality(regular) <= 10 and -1 <= all(array_remove(regular, null)) and 100 >= all(array_remove(regular, null))
);
"""
_DROPPED = """
alter table academics_mark drop constraint academics_mark_regular;
drop trigger never_rewritten on academics_markchange;
drop trigger never_altered on academics_markchange;
drop trigger never_gone on academics_mark;
drop function academics_never();
drop trigger keep_changed on academics_mark;
drop trigger keep_new on academics_mark;
drop function academics_keep_marks();
"""


class Migration(migrations.Migration):
    """Protect the tables of marks and results."""

    dependencies = [("academics", "0001_initial"), ("kernel", "0009_context_once")]
    operations = [
        Protect("academics_gradesheet"),
        Protect("academics_mark", "learner_id"),
        Protect("academics_markchange", "learner"),
        Protect("academics_entrywindow"),
        Protect("academics_entrywindowevent"),
        Protect("academics_amendment"),
        Protect("academics_amendmentevent"),
        Protect("academics_termrecord", "learner_id"),
        Protect("academics_termrecordevent"),
        Protect("academics_result", "learner_id"),
        Protect("academics_resultevent"),
        migrations.RunSQL(_KEPT, _DROPPED),
    ]
