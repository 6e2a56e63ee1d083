"""Row security of oversight."""

from django.db import migrations

from phuong.kernel.protection import Protect

TABLES = ("rolerequest", "rolereview", "emergencyuse", "supportaccess", "seenpage", "exportday", "exportstop")
KEPT = ("rolerequestevent", "emergencyuseevent", "supportaccessevent", "exportstopevent")


class Migration(migrations.Migration):
    """Close requests, reviews, stays and exports to readers outside their scope."""

    dependencies = [("oversight", "0001_initial"), ("kernel", "0002_scope")]
    operations = [Protect(f"oversight_{table}") for table in TABLES + KEPT]
