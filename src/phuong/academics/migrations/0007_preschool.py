"""Preschool: weighing and measuring, development by domains, protected, every change kept."""

import django.db.models.deletion
from django.db import migrations, models

import phuong.kernel.fields
import phuong.kernel.keys
from phuong.kernel.protection import Protect

_KEPT = """
create trigger keep_new after insert on academics_growthcheck referencing new table as fresh
  for each statement execute function academics_keep_said('day', 'weight', 'height', 'findings');
create trigger keep_changed after update on academics_growthcheck referencing old table as stale new table as fresh
  for each statement execute function academics_keep_said('weight', 'height', 'findings');
create trigger keep_new after insert on academics_developmentrecord referencing new table as fresh
  for each statement execute function academics_keep_said('results', 'remark');
create trigger keep_changed after update on academics_developmentrecord
  referencing old table as stale new table as fresh
  for each statement execute function academics_keep_said('results', 'remark');
create trigger never_gone before delete on academics_growthcheck for each row execute function academics_never();
create trigger never_gone before delete on academics_developmentrecord for each row execute function academics_never();
alter table academics_growthcheck add constraint academics_growth_findings check (
  jsonb_typeof(findings) = 'object' and not jsonb_path_exists(findings, '$.* ? (@.type() != "string")')
);
alter table academics_developmentrecord add constraint academics_development_results check (
  jsonb_typeof(results) = 'object' and not jsonb_path_exists(results, '$.* ? (@.type() != "number" || !(@ == 0 || @ == 1))')
);
"""
_DROPPED = """
alter table academics_developmentrecord drop constraint academics_development_results;
alter table academics_growthcheck drop constraint academics_growth_findings;
drop trigger never_gone on academics_developmentrecord;
drop trigger never_gone on academics_growthcheck;
drop trigger keep_changed on academics_developmentrecord;
drop trigger keep_new on academics_developmentrecord;
drop trigger keep_changed on academics_growthcheck;
drop trigger keep_new on academics_growthcheck;
"""


class Migration(migrations.Migration):
    """The tables of preschools."""

    dependencies = [
        ("academics", "0006_makeup"),
        ("registry", "0010_staff_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="GrowthCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", phuong.kernel.fields.Path()),
                ("day", models.DateField()),
                ("weight", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveSmallIntegerField(null=True)),
                ("findings", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by", models.TextField(blank=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="growth_checks",
                        to="registry.enrolment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="growth_checks",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "day"), name="academics_growth_once"),
                    models.CheckConstraint(
                        condition=models.Q(("weight__range", (1000, 60000)), ("weight", None), _connector="OR"),
                        name="academics_growth_weight",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("height__range", (300, 1500)), ("height", None), _connector="OR"),
                        name="academics_growth_height",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DevelopmentRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", phuong.kernel.fields.Path()),
                ("period", models.PositiveSmallIntegerField(choices=[(1, "Giữa năm"), (2, "Cuối năm")])),
                ("results", models.JSONField(default=dict)),
                ("remark", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_by", models.TextField(blank=True)),
                (
                    "enrolment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="development_records",
                        to="registry.enrolment",
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="development_records",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("enrolment", "period"), name="academics_development_once"),
                    models.CheckConstraint(
                        condition=models.Q(("period__in", [1, 2])), name="academics_development_period"
                    ),
                ],
            },
        ),
        Protect("academics_growthcheck", "learner_id"),
        Protect("academics_developmentrecord", "learner_id"),
        migrations.RunSQL(_KEPT, _DROPPED),
    ]
