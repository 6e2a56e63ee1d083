"""Clients that stand already go on: they were made on the command line by somebody who holds everything."""

from django.db import migrations

_APPROVE = """
select set_config('app.scope', 'vn', true);
update gateway_apiclient set approved_at = now(), approved_by = made_by, reviewed_on = current_date
where approved_at is null;
"""


class Migration(migrations.Migration):
    """Approve them, to be looked at again in a year."""

    dependencies = [("gateway", "0002_clients_desk")]
    operations = [migrations.RunSQL(_APPROVE, migrations.RunSQL.noop)]
