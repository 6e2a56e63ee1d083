"""Links and proofs of the national identity are closed to all but the account itself."""

from django.db import migrations

from phuong.kernel.protection import ProtectOwn


class Migration(migrations.Migration):
    dependencies = [("identity", "0007_electronic_identity"), ("kernel", "0006_cache")]
    operations = [ProtectOwn("identity_link", "account_id"), ProtectOwn("identity_proof", "account_id")]
