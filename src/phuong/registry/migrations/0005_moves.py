"""Schools and classes tell other systems that they moved along with their unit."""

from django.db import migrations

from phuong.kernel.changes import KeepMoves


class Migration(migrations.Migration):
    """Log moves of what is placed by its unit alone."""

    dependencies = [("registry", "0004_changes"), ("kernel", "0005_log_of_changes")]
    operations = [KeepMoves("registry_school", row_id="organisation_id"), KeepMoves("registry_classgroup")]
