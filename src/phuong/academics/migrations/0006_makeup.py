"""Make-up tests: their window, who was absent; substitutes."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import phuong.kernel.fields
import phuong.kernel.keys
from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Make the tables and protect them."""

    dependencies = [
        ("academics", "0005_phrases"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0010_staff_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Substitution",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", phuong.kernel.fields.Path()),
                ("subject", phuong.kernel.fields.SortText(db_collation="C")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="SubstitutionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=phuong.kernel.keys.uuid7, editable=False, serialize=False)),
                ("path", phuong.kernel.fields.Path()),
                ("subject", phuong.kernel.fields.SortText(db_collation="C")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.RemoveConstraint(
            model_name="entrywindow",
            name="academics_window_column_known",
        ),
        migrations.AlterField(
            model_name="entrywindow",
            name="column",
            field=phuong.kernel.fields.SortText(
                choices=[
                    ("regular", "Thường xuyên"),
                    ("midterm", "Giữa kì"),
                    ("final", "Cuối kì"),
                    ("makeup", "Kiểm tra bù"),
                ],
                db_collation="C",
            ),
        ),
        migrations.AlterField(
            model_name="entrywindowevent",
            name="column",
            field=phuong.kernel.fields.SortText(
                choices=[
                    ("regular", "Thường xuyên"),
                    ("midterm", "Giữa kì"),
                    ("final", "Cuối kì"),
                    ("makeup", "Kiểm tra bù"),
                ],
                db_collation="C",
            ),
        ),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(
                condition=models.Q(("midterm", -1), ("final", -1), _connector="OR"),
                fields=["sheet"],
                name="academics_mark_of_absent",
            ),
        ),
        migrations.AddConstraint(
            model_name="entrywindow",
            constraint=models.CheckConstraint(
                condition=models.Q(("column__in", ["regular", "midterm", "final", "makeup"])),
                name="academics_window_column_known",
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="class_group",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.classgroup"
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
            ),
        ),
        migrations.AddField(
            model_name="substitution",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddField(
            model_name="substitutionevent",
            name="class_group",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.classgroup",
            ),
        ),
        migrations.AddField(
            model_name="substitutionevent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.organisation",
            ),
        ),
        migrations.AddField(
            model_name="substitutionevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.person",
            ),
        ),
        migrations.AddField(
            model_name="substitutionevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="substitutionevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="academics.substitution",
            ),
        ),
        migrations.AddConstraint(
            model_name="substitution",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("class_group", "="), ("subject", "="), ("during", "&&")],
                name="academics_substitute_one_a_subject",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="substitution",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "academics_substitutionevent" ("class_group_id", "during", "id", "organisation_id", "path", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "subject") VALUES (OLD."class_group_id", OLD."during", OLD."id", OLD."organisation_id", OLD."path", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."reason", OLD."subject"); RETURN NULL;',
                    hash="5716a809e2773d50bbbc577f006c5bbcfdba0bde",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e0d4d",
                    table="academics_substitution",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="substitution",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "academics_substitutionevent" ("class_group_id", "during", "id", "organisation_id", "path", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "subject") VALUES (OLD."class_group_id", OLD."during", OLD."id", OLD."organisation_id", OLD."path", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."subject"); RETURN NULL;',
                    hash="2df1a7e6150bab083de40e2f131aeb3a181b7b64",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3a279",
                    table="academics_substitution",
                    when="AFTER",
                ),
            ),
        ),
        Protect("academics_substitution", "person_id"),
        Protect("academics_substitutionevent"),
    ]
