"""Amendments of what is said in primary school and of remarks: what is amended is JSON, a number or words."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_TABLES = ("academics_amendment", "academics_amendmentevent")
_WIDER = "".join(
    f"alter table {table} alter column before type jsonb using to_jsonb(before), "
    "alter column after type jsonb using to_jsonb(after);"
    for table in _TABLES
)
_NARROWER = "".join(
    f"alter table {table} alter column before type smallint using (before #>> '{{}}')::smallint, "
    "alter column after type smallint using (after #>> '{}')::smallint;"
    for table in _TABLES
)


class Migration(migrations.Migration):
    """The wider amendments."""

    dependencies = [
        ("academics", "0008_teaches"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="amendment",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="amendment",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="amendment",
            name="rating",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amendments",
                to="academics.primaryrating",
            ),
        ),
        migrations.AddField(
            model_name="amendment",
            name="record",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amendments",
                to="academics.primaryrecord",
            ),
        ),
        migrations.AddField(
            model_name="amendmentevent",
            name="rating",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="academics.primaryrating",
            ),
        ),
        migrations.AddField(
            model_name="amendmentevent",
            name="record",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="academics.primaryrecord",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_WIDER, _NARROWER)],
            state_operations=[
                migrations.AlterField(
                    model_name="amendment",
                    name="after",
                    field=models.JSONField(null=True),
                ),
                migrations.AlterField(
                    model_name="amendment",
                    name="before",
                    field=models.JSONField(null=True),
                ),
                migrations.AlterField(
                    model_name="amendmentevent",
                    name="after",
                    field=models.JSONField(null=True),
                ),
                migrations.AlterField(
                    model_name="amendmentevent",
                    name="before",
                    field=models.JSONField(null=True),
                ),
            ],
        ),
        migrations.AlterField(
            model_name="amendment",
            name="mark",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="academics.mark"
            ),
        ),
        migrations.AlterField(
            model_name="amendmentevent",
            name="mark",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="academics.mark",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "academics_amendmentevent" ("after", "answer", "asked_at", "asked_by", "asked_by_name", "before", "column", "decided_at", "decided_by", "decided_by_name", "id", "mark_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "reason", "record_id", "state") VALUES (OLD."after", OLD."answer", OLD."asked_at", OLD."asked_by", OLD."asked_by_name", OLD."before", OLD."column", OLD."decided_at", OLD."decided_by", OLD."decided_by_name", OLD."id", OLD."mark_id", OLD."path", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."rating_id", OLD."reason", OLD."record_id", OLD."state"); RETURN NULL;',
                    hash="673a35e49ce85cf57335ea8796f24dac7ecb5f11",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2950e",
                    table="academics_amendment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="amendment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "academics_amendmentevent" ("after", "answer", "asked_at", "asked_by", "asked_by_name", "before", "column", "decided_at", "decided_by", "decided_by_name", "id", "mark_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rating_id", "reason", "record_id", "state") VALUES (OLD."after", OLD."answer", OLD."asked_at", OLD."asked_by", OLD."asked_by_name", OLD."before", OLD."column", OLD."decided_at", OLD."decided_by", OLD."decided_by_name", OLD."id", OLD."mark_id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rating_id", OLD."reason", OLD."record_id", OLD."state"); RETURN NULL;',
                    hash="878cbb3af567f162b046710e514c35fd628f9e94",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_085e2",
                    table="academics_amendment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("rating", "column"),
                name="academics_amendment_one_rating",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("record", "column"),
                name="academics_amendment_one_record",
            ),
        ),
        migrations.AddConstraint(
            model_name="amendment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mark__isnull", False), ("rating", None), ("record", None)),
                    models.Q(("mark", None), ("rating__isnull", False), ("record", None)),
                    models.Q(("mark", None), ("rating", None), ("record__isnull", False)),
                    _connector="OR",
                ),
                name="academics_amendment_about_one",
            ),
        ),
    ]
