"""Row security for both sides of a transfer, and the triggers that freeze what is over."""

from django.db import migrations

from phuong.kernel.protection import Protect

# Places move with their units, and two records may turn out to be one person; nothing else of it changes again.
# ``falls_on`` is worked out by the database after the trigger, from a column that is frozen.
_FROZEN = """
create function transfers_keep_frozen() returns trigger language plpgsql as $$
declare
  moving text[] := array['path', 'to_path', 'learner_id', 'falls_on'];
begin
  if tg_op = 'UPDATE' and to_jsonb(old) - moving = to_jsonb(new) - moving then
    return new;
  end if;
  raise exception 'transfers: % is over and frozen', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
create trigger keep_frozen before update or delete on transfers_transfer for each row
  when (old.state in ('completed', 'refused', 'withdrawn', 'expired')) execute function transfers_keep_frozen();
create trigger keep_frozen before update or delete on transfers_step for each row
  execute function transfers_keep_frozen();
create trigger keep_frozen before update or delete on transfers_package for each row
  execute function transfers_keep_frozen();
"""
_MELT = """
drop trigger keep_frozen on transfers_package;
drop trigger keep_frozen on transfers_step;
drop trigger keep_frozen on transfers_transfer;
drop function transfers_keep_frozen();
"""


class Migration(migrations.Migration):
    """Show a transfer to both schools and to the family, to nobody else; freeze it when it is over."""

    dependencies = [("transfers", "0001_initial"), ("kernel", "0008_journal_protection")]
    operations = [
        Protect("transfers_transfer", "learner_id", also=("to_path",)),
        Protect("transfers_transferevent", also=("to_path",)),
        Protect("transfers_step", "learner_id", also=("to_path",)),
        Protect("transfers_package", also=("to_path",)),
        migrations.RunSQL(_FROZEN, _MELT),
    ]
