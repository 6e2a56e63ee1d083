"""Row security of matching, and pairs that follow their persons when these move."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from phuong.kernel.protection import Protect

TABLES = ("run", "merge", "touched", "pair")
_FOLLOW = """
create function matching_common(one ltree, two ltree) returns ltree language sql immutable parallel safe
  return lca(one || 'x', two || 'x');  -- lca() gives a place strictly above both

create function matching_follow() returns trigger language plpgsql as $$
declare
  before text := coalesce(current_setting('app.scope', true), '');
begin
  perform set_config('app.scope', 'vn', true);  -- who moves a person need not see whom else the person resembles
  update public.matching_pair p set path = public.matching_common(new.path, o.path)
  from public.registry_person o
  where (p.one = new.id and o.id = p.two) or (p.two = new.id and o.id = p.one);
  perform set_config('app.scope', before, true);
  return null;
end $$;

create trigger matching_follow after update of path on registry_person
for each row when (old.path::text is distinct from new.path::text) execute function matching_follow();
"""
_FORGET = """
drop trigger matching_follow on registry_person; drop function matching_follow();
drop function matching_common(ltree, ltree);
"""


class Migration(migrations.Migration):
    """Let only those who see both persons see a pair."""

    dependencies = [("matching", "0001_initial"), ("kernel", "0002_scope"), ("registry", "0008_former_keys")]
    operations = [*(Protect(f"matching_{table}") for table in TABLES), RunSQL(_FOLLOW, _FORGET)]
