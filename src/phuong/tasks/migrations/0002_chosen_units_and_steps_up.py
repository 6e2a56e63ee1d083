"""Chosen units and persons, matched partners, the rules of telling and what they told."""

import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import phuong.kernel.fields
import phuong.kernel.keys


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("plans", "0001_initial"),
        ("registry", "0004_changes"),
        ("tasks", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", phuong.kernel.fields.Path()),
                ("code", phuong.kernel.fields.SortText(blank=True, db_collation="C")),
                ("title", models.TextField()),
                ("days", models.SmallIntegerField()),
                (
                    "tell",
                    phuong.kernel.fields.SortText(
                        choices=[
                            ("unit", "Đơn vị thực hiện"),
                            ("parent", "Đơn vị cấp trên trực tiếp"),
                            ("giver", "Đơn vị giao việc"),
                            ("leaders", "Lãnh đạo Sở"),
                        ],
                        db_collation="C",
                    ),
                ),
                ("every", models.PositiveSmallIntegerField(default=0)),
                (
                    "plans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=phuong.kernel.fields.SortText(db_collation="C"), default=list, size=None
                    ),
                ),
                (
                    "origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=phuong.kernel.fields.SortText(db_collation="C"), default=list, size=None
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("source", models.TextField(blank=True)),
                ("doubt", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="EscalationRuleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=phuong.kernel.keys.uuid7, editable=False, serialize=False)),
                ("path", phuong.kernel.fields.Path()),
                ("code", phuong.kernel.fields.SortText(blank=True, db_collation="C")),
                ("title", models.TextField()),
                ("days", models.SmallIntegerField()),
                (
                    "tell",
                    phuong.kernel.fields.SortText(
                        choices=[
                            ("unit", "Đơn vị thực hiện"),
                            ("parent", "Đơn vị cấp trên trực tiếp"),
                            ("giver", "Đơn vị giao việc"),
                            ("leaders", "Lãnh đạo Sở"),
                        ],
                        db_collation="C",
                    ),
                ),
                ("every", models.PositiveSmallIntegerField(default=0)),
                (
                    "plans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=phuong.kernel.fields.SortText(db_collation="C"), default=list, size=None
                    ),
                ),
                (
                    "origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=phuong.kernel.fields.SortText(db_collation="C"), default=list, size=None
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("source", models.TextField(blank=True)),
                ("doubt", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="assignment",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="assignment",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="assignment",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="registry.person"
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="registry.person",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="partner_units",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="partner_units",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name="progress",
            name="round_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="progress",
            name="told",
            field=phuong.kernel.fields.SortText(blank=True, db_collation="C", default=""),
        ),
        migrations.AddField(
            model_name="assignment",
            name="falls_on",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "due_on", models.Value(datetime.date(9999, 12, 31))
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="falls_on",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "due_on", models.Value(datetime.date(9999, 12, 31))
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["falls_on", "id"], name="tasks_in_order"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=django.contrib.postgres.indexes.GinIndex(fields=["partner_units"], name="tasks_of_partner"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tasks_assignmentevent" ("because", "done_on", "due_on", "duty_id", "given_at", "given_by", "given_path", "id", "organisation_id", "origin", "parent_id", "partner_units", "partners", "path", "percent", "period", "person_id", "person_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_task_id", "product", "recurrence", "responsibility", "result", "starts_on", "state", "timing", "title") VALUES (OLD."because", OLD."done_on", OLD."due_on", OLD."duty_id", OLD."given_at", OLD."given_by", OLD."given_path", OLD."id", OLD."organisation_id", OLD."origin", OLD."parent_id", OLD."partner_units", OLD."partners", OLD."path", OLD."percent", OLD."period", OLD."person_id", OLD."person_name", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."plan_task_id", OLD."product", OLD."recurrence", OLD."responsibility", OLD."result", OLD."starts_on", OLD."state", OLD."timing", OLD."title"); RETURN NULL;',
                    hash="72c0f839c62c720ca0572f92164469d2f4c8c688",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_24d4a",
                    table="tasks_assignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tasks_assignmentevent" ("because", "done_on", "due_on", "duty_id", "given_at", "given_by", "given_path", "id", "organisation_id", "origin", "parent_id", "partner_units", "partners", "path", "percent", "period", "person_id", "person_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_task_id", "product", "recurrence", "responsibility", "result", "starts_on", "state", "timing", "title") VALUES (OLD."because", OLD."done_on", OLD."due_on", OLD."duty_id", OLD."given_at", OLD."given_by", OLD."given_path", OLD."id", OLD."organisation_id", OLD."origin", OLD."parent_id", OLD."partner_units", OLD."partners", OLD."path", OLD."percent", OLD."period", OLD."person_id", OLD."person_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plan_task_id", OLD."product", OLD."recurrence", OLD."responsibility", OLD."result", OLD."starts_on", OLD."state", OLD."timing", OLD."title"); RETURN NULL;',
                    hash="4fb42f235b06dca8161d7603aa336b323f555f54",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_692ae",
                    table="tasks_assignment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("parent__isnull", False)), fields=("parent", "organisation"), name="tasks_part_once"
            ),
        ),
        migrations.AddField(
            model_name="escalationrule",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.organisation"
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="rule",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="told_of",
                to="tasks.escalationrule",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "escalation")),
                fields=("assignment", "rule", "told", "round_on"),
                name="tasks_told_once_a_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "escalation"), _negated=True),
                    models.Q(
                        ("round_on__isnull", False), ("rule__isnull", False), models.Q(("told", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="tasks_escalation_names_its_rule",
            ),
        ),
        migrations.AddField(
            model_name="escalationruleevent",
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
            model_name="escalationruleevent",
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
            model_name="escalationruleevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="history",
                to="tasks.escalationrule",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("tell__in", ["unit", "parent", "giver", "leaders"])),
                name="tasks_rule_tells_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__range", (-365, 365))), name="tasks_rule_within_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__lte", 365)), name="tasks_rule_repeats_within_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="escalationrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("organisation", "code"),
                name="tasks_shipped_rule_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalationrule",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tasks_escalationruleevent" ("code", "days", "doubt", "every", "id", "is_active", "organisation_id", "origins", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plans", "source", "tell", "title") VALUES (OLD."code", OLD."days", OLD."doubt", OLD."every", OLD."id", OLD."is_active", OLD."organisation_id", OLD."origins", OLD."path", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."plans", OLD."source", OLD."tell", OLD."title"); RETURN NULL;',
                    hash="8e5d9af428d55f49d18e8ab318e7611e91b0d7bc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ca7f2",
                    table="tasks_escalationrule",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="escalationrule",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tasks_escalationruleevent" ("code", "days", "doubt", "every", "id", "is_active", "organisation_id", "origins", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plans", "source", "tell", "title") VALUES (OLD."code", OLD."days", OLD."doubt", OLD."every", OLD."id", OLD."is_active", OLD."organisation_id", OLD."origins", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."plans", OLD."source", OLD."tell", OLD."title"); RETURN NULL;',
                    hash="4c02e2e8c202608f94b10d990b8bec93a9e09be7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f8e27",
                    table="tasks_escalationrule",
                    when="AFTER",
                ),
            ),
        ),
    ]
