"""Row security of wishes and mails."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Close them to readers outside their scope; one's own are read by the account, as the system."""

    dependencies = [("notices", "0002_mail"), ("kernel", "0002_scope")]
    operations = [Protect("notices_preference"), Protect("notices_mail")]
