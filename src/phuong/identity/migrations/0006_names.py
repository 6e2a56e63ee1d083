"""Counters of sign-in names, and keys made by the database for roles given in sets."""

from django.db import migrations, models

import phuong.kernel.fields

_KEY = """
create function identity_key() returns uuid language sql volatile as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
    substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1),
    'hex')::uuid $$
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0005_lent_roles")]
    operations = [
        migrations.CreateModel(
            name="NameStem",
            fields=[
                ("stem", phuong.kernel.fields.SortText(db_collation="C", primary_key=True, serialize=False)),
                ("used", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL(_KEY, "drop function identity_key()"),
    ]
