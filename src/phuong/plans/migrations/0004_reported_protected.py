"""Row security on reported values and their old rows."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Protect both tables."""

    dependencies = [("plans", "0003_reported_desk"), ("kernel", "0004_looking_back")]
    operations = [Protect("plans_reported"), Protect("plans_reportedevent")]
