"""Values already reported become accepted ones, marked as carried over; months are numbered by version."""

from django.db import migrations, models

import phuong.kernel.fields

_FILL = """
update plans_reported r set
  path = o.path,
  period = date_trunc('month', r.as_of)::date,
  version = n.version,
  state = 'accepted',
  reason = case when n.version > 1 then 'Chuyển từ bản trước' else '' end,
  submitted_by_name = 'Chuyển từ bản trước',
  submitted_at = r.written_at,
  reviewed_by_name = 'Chuyển từ bản trước, không có người duyệt',
  reviewed_at = r.written_at
from registry_organisation o, (
  select id, row_number() over (
    partition by indicator_id, organisation_id, date_trunc('month', as_of) order by as_of, id) as version
  from plans_reported) n
where o.id = r.organisation_id and n.id = r.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0001_initial"),
        ("registry", "0004_changes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="reported",
            name="plans_reported_once",
        ),
        migrations.AddField(
            model_name="reported",
            name="comment",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="denominator",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="numerator",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="path",
            field=phuong.kernel.fields.Path(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="period",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="review_comment",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="reviewed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="reviewed_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="reviewed_by_name",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="state",
            field=phuong.kernel.fields.SortText(
                choices=[
                    ("draft", "Bản nháp"),
                    ("submitted", "Chờ duyệt"),
                    ("accepted", "Đã duyệt"),
                    ("returned", "Trả lại"),
                ],
                db_collation="C",
                default="draft",
            ),
        ),
        migrations.AddField(
            model_name="reported",
            name="submitted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="submitted_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="submitted_by_name",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="reported",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
