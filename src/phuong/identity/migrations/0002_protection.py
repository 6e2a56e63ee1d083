"""Row security of accounts and roles."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Close accounts and role assignments to readers outside their scope."""

    dependencies = [("identity", "0001_initial"), ("kernel", "0002_scope")]
    operations = [
        Protect("identity_account"),
        Protect("identity_roleassignment"),
        Protect("identity_roleassignmentevent"),
    ]
