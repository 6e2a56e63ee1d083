"""Protect what came with the chain of approval."""

from typing import ClassVar

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Row security on steps, prints and reminders."""

    dependencies: ClassVar = [("reports", "0002_approval_and_prints")]
    operations: ClassVar = [Protect("reports_step"), Protect("reports_print"), Protect("reports_reminder")]
