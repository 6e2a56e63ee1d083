"""The two functions that every policy asks, and the policies of the kernel's own tables."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from phuong.kernel.protection import Protect

_FUNCTIONS = """
create function kernel_scope() returns ltree language sql stable parallel safe
  return nullif(current_setting('app.scope', true), '')::ltree;
create function kernel_persons() returns uuid[] language sql stable parallel safe
  return coalesce(nullif(current_setting('app.persons', true), '')::uuid[], '{}');
"""


class Migration(migrations.Migration):
    """Close the kernel's tables to readers outside their scope."""

    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(_FUNCTIONS, "drop function kernel_scope(); drop function kernel_persons();"),
        Protect("kernel_job"),
        Protect("kernel_auditentry"),
    ]


__all__ = ["BtreeGistExtension", "Migration"]
