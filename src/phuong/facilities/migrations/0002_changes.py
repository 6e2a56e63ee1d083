"""The log of changes of what a school has and offers."""

from django.db import migrations

from phuong.kernel.changes import PLACE_OF_UNIT, KeepChanges


class Migration(migrations.Migration):
    """Log changes of buildings, rooms, equipment and programmes."""

    dependencies = [
        ("facilities", "0001_initial"),
        ("kernel", "0004_looking_back"),
        ("registry", "0004_changes"),
    ]
    operations = [
        KeepChanges("facilities_building", path=PLACE_OF_UNIT),
        KeepChanges("facilities_room", path=PLACE_OF_UNIT),
        KeepChanges("facilities_equipment", path=PLACE_OF_UNIT),
        KeepChanges("facilities_programme", path=PLACE_OF_UNIT),
    ]
