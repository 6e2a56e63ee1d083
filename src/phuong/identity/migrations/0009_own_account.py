"""An account reads its own row, wherever it stands in the tree and even if nowhere."""

from django.db import migrations

from phuong.kernel.protection import ReadOwn


class Migration(migrations.Migration):
    dependencies = [("identity", "0008_electronic_identity_protection"), ("kernel", "0006_cache")]
    operations = [ReadOwn("identity_account", "id")]
