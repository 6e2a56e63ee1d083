"""What support opened is a matter of the journal alone: the pages kept so far become its lines, their table goes.

The lines get keys of today (the journal has been chained past the old days) and keep the time at which they happened.
They are about nobody: the families were told by the journal's own lines at the time.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import phuong.kernel.fields

_INTO_THE_JOURNAL = """
select set_config('app.scope', 'vn', true);
insert into kernel_auditentry
  (id, path, at, account_id, actor_name, role, unit, did, refused, on_kind, on_id, about, note)
select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint + s.nth / 4096), 12, '0')
    || '7' || lpad(to_hex(s.nth % 4096), 3, '0') || '8' || substr(md5(s.id::text), 1, 15))::uuid,
  s.path, s.at, a.account_id, a.account_name, case when a.may_write then 'support_repair' else 'support_access' end,
  o.name, 'page.seen', false, s.page, coalesce(s.on_id::text, ''), null,
  case when s.method = 'GET' then s.address else s.method || ' ' || s.address end
from (select *, row_number() over (order by id) as nth from oversight_seenpage) s
join oversight_supportaccess a on a.id = s.access_id
join registry_organisation o on o.id = a.organisation_id
"""


class Migration(migrations.Migration):
    """Carry the pages over and note from now on where a stay's lines lie."""

    dependencies = [
        ("oversight", "0002_protection"),
        ("kernel", "0008_journal_protection"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(_INTO_THE_JOURNAL, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name="supportaccess",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="supportaccess",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="supportaccess",
            name="noted_under",
            field=phuong.kernel.fields.SortText(blank=True, db_collation="C", default=""),
        ),
        migrations.AddField(
            model_name="supportaccessevent",
            name="noted_under",
            field=phuong.kernel.fields.SortText(blank=True, db_collation="C", default=""),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supportaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "oversight_supportaccessevent" ("account_id", "account_name", "asked_at", "assignment_id", "decided_at", "decided_by", "ends_at", "hours", "id", "may_write", "noted_under", "organisation_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_at", "state") VALUES (OLD."account_id", OLD."account_name", OLD."asked_at", OLD."assignment_id", OLD."decided_at", OLD."decided_by", OLD."ends_at", OLD."hours", OLD."id", OLD."may_write", OLD."noted_under", OLD."organisation_id", OLD."path", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."reason", OLD."starts_at", OLD."state"); RETURN NULL;',
                    hash="0233cbaed399328efeba220ac2e0d86d9292a7d6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e8d19",
                    table="oversight_supportaccess",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supportaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "oversight_supportaccessevent" ("account_id", "account_name", "asked_at", "assignment_id", "decided_at", "decided_by", "ends_at", "hours", "id", "may_write", "noted_under", "organisation_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_at", "state") VALUES (OLD."account_id", OLD."account_name", OLD."asked_at", OLD."assignment_id", OLD."decided_at", OLD."decided_by", OLD."ends_at", OLD."hours", OLD."id", OLD."may_write", OLD."noted_under", OLD."organisation_id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."starts_at", OLD."state"); RETURN NULL;',
                    hash="93ef60b938e3de28b1a04b3876ccd98653249b7f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aef88",
                    table="oversight_supportaccess",
                    when="AFTER",
                ),
            ),
        ),
        migrations.DeleteModel(
            name="SeenPage",
        ),
    ]
