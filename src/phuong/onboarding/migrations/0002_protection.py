"""Row security of codes, letters, claims, messages and called-back links."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Close the tables to readers outside their scope; families reach them through the house alone."""

    dependencies = [("onboarding", "0001_initial"), ("kernel", "0002_scope")]
    operations = [
        Protect("onboarding_lettercode"),
        Protect("onboarding_letterfile"),
        Protect("onboarding_claim"),
        Protect("onboarding_delivery"),
        Protect("onboarding_revokedlink"),
    ]
