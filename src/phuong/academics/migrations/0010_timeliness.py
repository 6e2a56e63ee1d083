"""The day a midterm or final mark was first written, kept by the database, whatever way the writing took."""

from django.db import migrations, models

_KEPT = """
create function academics_first_written() returns trigger language plpgsql as $$
declare
  today date := (now() at time zone 'Asia/Ho_Chi_Minh')::date;
begin
  if current_setting('app.bulk_load', true) = 'on' then
    return new;
  end if;
  if new.midterm is not null and new.midterm_on is null and (tg_op = 'INSERT' or old.midterm is null) then
    new.midterm_on := today;
  end if;
  if new.final is not null and new.final_on is null and (tg_op = 'INSERT' or old.final is null) then
    new.final_on := today;
  end if;
  return new;
end $$;
create trigger first_inserted before insert on academics_mark for each row
  when (new.midterm is not null or new.final is not null) execute function academics_first_written();
create trigger first_changed before update on academics_mark for each row
  when ((old.midterm is null and new.midterm is not null) or (old.final is null and new.final is not null))
  execute function academics_first_written();
"""
_DROPPED = """
drop trigger first_changed on academics_mark;
drop trigger first_inserted on academics_mark;
drop function academics_first_written();
"""


class Migration(migrations.Migration):
    """First days of marks."""

    dependencies = [
        ("academics", "0009_amendments"),
    ]

    operations = [
        migrations.AddField(
            model_name="mark",
            name="final_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="mark",
            name="midterm_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunSQL(_KEPT, _DROPPED),
    ]
