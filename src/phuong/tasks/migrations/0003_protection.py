"""Row security of the rules of telling."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Let a department see its own rules only."""

    dependencies = [("tasks", "0002_chosen_units_and_steps_up"), ("kernel", "0002_scope")]
    operations = [Protect("tasks_escalationrule"), Protect("tasks_escalationruleevent")]
