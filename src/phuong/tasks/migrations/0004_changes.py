"""Other systems follow what happens to tasks."""

from django.db import migrations

from phuong.kernel.changes import KeepChanges


class Migration(migrations.Migration):
    """Log changes of tasks."""

    dependencies = [("tasks", "0003_protection"), ("kernel", "0005_log_of_changes")]
    operations = [KeepChanges("tasks_assignment")]
