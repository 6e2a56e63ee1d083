"""The cache that all web processes share (Django's DatabaseCache); unlogged: it may be lost in a crash."""

from django.db import migrations

_CACHE = """
create unlogged table kernel_cache (
  cache_key varchar(255) primary key,
  value text not null,
  expires timestamptz not null
);
create index kernel_cache_expires on kernel_cache (expires);
create function kernel_account() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.account', true), '')::uuid;
"""


class Migration(migrations.Migration):
    """Make the table, and the function that says which account acts."""

    dependencies = [("kernel", "0005_log_of_changes")]
    operations = [migrations.RunSQL(_CACHE, "drop function kernel_account(); drop table kernel_cache;")]
