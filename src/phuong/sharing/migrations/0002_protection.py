"""Row security of data services, their deliveries and batches."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Close the tables to readers outside their province."""

    dependencies = [("sharing", "0001_initial"), ("kernel", "0002_scope")]
    operations = [Protect("sharing_service"), Protect("sharing_delivery"), Protect("sharing_batch")]
