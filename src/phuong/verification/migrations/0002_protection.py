"""Row security of checks and of requests."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Close checks to readers outside their scope; a family sees its own."""

    dependencies = [("verification", "0001_initial"), ("kernel", "0002_scope")]
    operations = [Protect("verification_check", "person_id"), Protect("verification_dispatch")]
