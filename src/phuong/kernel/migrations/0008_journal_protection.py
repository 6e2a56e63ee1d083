"""Let a person and the person's guardians read the lines of the journal about their own record, and write none."""

from django.db import migrations

_OWN = """
create policy own on kernel_auditentry for select using (about = any((select kernel_persons())::uuid[]));
"""


class Migration(migrations.Migration):
    """Add the policy beside the one of places."""

    dependencies = [("kernel", "0007_chain")]
    operations = [migrations.RunSQL(_OWN, "drop policy own on kernel_auditentry;")]
