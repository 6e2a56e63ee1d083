"""Primary school: what is said of pupils at the four times of the year, protected, every change kept."""

import django.db.models.deletion
from django.db import migrations, models

import phuong.kernel.fields
import phuong.kernel.keys
from phuong.kernel.protection import Protect

# What changed of each row, by the columns the trigger names, into the list that keeps the changes of marks.
_KEPT = """
create function academics_keep_said() returns trigger language plpgsql as $$
declare
  context jsonb := coalesce(nullif(current_setting('pghistory.context_metadata', true), ''), '{}')::jsonb;
begin
  if current_setting('app.bulk_load', true) = 'on' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    insert into public.academics_markchange (path, at, mark, sheet, learner, what, account, name, reason)
    select n.path, now(), n.id, n.enrolment_id, n.learner_id, d.what, nullif(context->>'account', '')::uuid,
      coalesce(context->>'name', ''), coalesce(context->>'reason', '')
    from fresh n cross join lateral (
      select jsonb_object_agg(c.name, jsonb_build_array(null, to_jsonb(n) -> c.name)) as what
      from unnest(tg_argv) as c(name)
      where (to_jsonb(n) -> c.name) not in ('null'::jsonb, '""'::jsonb, '{}'::jsonb, 'false'::jsonb)
    ) d where d.what is not null;
  else
    insert into public.academics_markchange (path, at, mark, sheet, learner, what, account, name, reason)
    select n.path, now(), n.id, n.enrolment_id, n.learner_id, d.what, nullif(context->>'account', '')::uuid,
      coalesce(context->>'name', ''), coalesce(context->>'reason', '')
    from fresh n join stale o using (id) cross join lateral (
      select jsonb_object_agg(c.name, jsonb_build_array(to_jsonb(o) -> c.name, to_jsonb(n) -> c.name)) as what
      from unnest(tg_argv) as c(name)
      where (to_jsonb(o) -> c.name) is distinct from (to_jsonb(n) -> c.name)
    ) d where d.what is not null;
  end if;
  return null;
end $$;
create trigger keep_new after insert on academics_primaryrating referencing new table as fresh
  for each statement execute function academics_keep_said('level', 'test', 'remark');
create trigger keep_changed after update on academics_primaryrating referencing old table as stale new table as fresh
  for each statement execute function academics_keep_said('level', 'test', 'remark');
create trigger keep_new after insert on academics_primaryrecord referencing new table as fresh
  for each statement execute function academics_keep_said('ratings', 'is_outstanding', 'again', 'decided', 'remark');
create trigger keep_changed after update on academics_primaryrecord referencing old table as stale new table as fresh
  for each statement execute function academics_keep_said('ratings', 'is_outstanding', 'again', 'decided', 'remark');
create trigger never_gone before delete on academics_primaryrating for each row execute function academics_never();
create trigger never_gone before delete on academics_primaryrecord for each row execute function academics_never();
alter table academics_primaryrecord add constraint academics_primary_record_ratings check (
  jsonb_typeof(ratings) = 'object' and not jsonb_path_exists(ratings, '$.* ? (@ != "T" && @ != "D" && @ != "C")')
);
"""
_DROPPED = """
alter table academics_primaryrecord drop constraint academics_primary_record_ratings;
drop trigger never_gone on academics_primaryrecord;
drop trigger never_gone on academics_primaryrating;
drop trigger keep_changed on academics_primaryrecord;
drop trigger keep_new on academics_primaryrecord;
drop trigger keep_changed on academics_primaryrating;
drop trigger keep_new on academics_primaryrating;
drop function academics_keep_said();
"""


class Migration(migrations.Migration):
    """The tables of primary schools."""

    dependencies = [
        ("academics", "0002_protection"),
        ("registry", "0010_staff_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrimaryRating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", phuong.kernel.fields.Path()),
                ("subject", phuong.kernel.fields.SortText(db_collation="C")),
                (
                    "period",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Giữa học kì I"), (2, "Cuối học kì I"), (3, "Giữa học kì II"), (4, "Cuối năm")]
                    ),
                ),
                ("level", phuong.kernel.fields.SortText(blank=True, db_collation="C")),
                ("test", models.PositiveSmallIntegerField(null=True)),
                ("remark", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by", models.TextField(blank=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="primary_ratings",
                        to="registry.enrolment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="primary_ratings",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "subject", "period"), name="academics_rating_once"),
                    models.CheckConstraint(
                        condition=models.Q(("period__in", [1, 2, 3, 4])), name="academics_rating_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["", "T", "H", "C"])), name="academics_rating_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("test__range", (1, 10)), ("test", None), _connector="OR"),
                        name="academics_rating_test",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrimaryRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", phuong.kernel.fields.Path()),
                (
                    "period",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Giữa học kì I"), (2, "Cuối học kì I"), (3, "Giữa học kì II"), (4, "Cuối năm")]
                    ),
                ),
                ("ratings", models.JSONField(default=dict)),
                ("is_outstanding", models.BooleanField(default=False)),
                ("again", phuong.kernel.fields.SortText(blank=True, db_collation="C")),
                ("decided", models.BooleanField(null=True)),
                ("remark", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by", models.TextField(blank=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="primary_records",
                        to="registry.enrolment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="primary_records",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "period"), name="academics_primary_record_once"),
                    models.CheckConstraint(
                        condition=models.Q(("period__in", [1, 2, 3, 4])), name="academics_primary_record_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("again__in", ["", "hoan_thanh", "chua_hoan_thanh"])),
                        name="academics_primary_record_again",
                    ),
                ],
            },
        ),
        Protect("academics_primaryrating", "learner_id"),
        Protect("academics_primaryrecord", "learner_id"),
        migrations.RunSQL(_KEPT, _DROPPED),
    ]
