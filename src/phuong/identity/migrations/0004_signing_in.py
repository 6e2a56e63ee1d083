"""Failed tries, and the tables of django-allauth closed to all but the account itself."""

from django.db import migrations, models

import phuong.kernel.keys
from phuong.kernel.protection import ProtectOwn


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_email"),
        ("kernel", "0006_cache"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="FailedTry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=phuong.kernel.keys.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name_hash", models.BinaryField()),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={"indexes": [models.Index(fields=["name_hash", "at"], name="identity_tries_of_name")]},
        ),
        ProtectOwn("mfa_authenticator"),
        ProtectOwn("account_emailaddress"),
        ProtectOwn("usersessions_usersession"),
        ProtectOwn("socialaccount_socialaccount"),
    ]
