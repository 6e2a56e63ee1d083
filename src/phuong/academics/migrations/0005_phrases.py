"""The phrase bank of remarks: a small table of sentences."""

import django.db.models.deletion
from django.db import migrations, models

import phuong.kernel.fields
import phuong.kernel.keys
from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Make the table and protect it."""

    dependencies = [
        ("academics", "0004_yearend"),
        ("registry", "0010_staff_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Phrase",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", phuong.kernel.fields.Path()),
                ("account", models.UUIDField(null=True)),
                ("subject", phuong.kernel.fields.SortText(blank=True, db_collation="C")),
                ("text", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "account", "subject", "text"),
                        name="academics_phrase_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="academics_phrase_said"
                    ),
                ],
            },
        ),
        Protect("academics_phrase"),
    ]
