"""Row security of systems, of what they said, and of mailboxes."""

from django.db import migrations

from phuong.kernel.protection import Protect

_TABLES = ("scimclient", "scimuser", "scimgroup", "scimmember", "maildomain", "mailbox", "mailaddress")


class Migration(migrations.Migration):
    dependencies = [("provisioning", "0001_initial"), ("kernel", "0002_scope")]
    operations = [
        operation
        for table in _TABLES
        for operation in (Protect(f"provisioning_{table}"), Protect(f"provisioning_{table}event"))
    ]
