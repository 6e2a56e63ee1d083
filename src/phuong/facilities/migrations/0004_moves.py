"""What a school has tells other systems that it moved along with its unit."""

from django.db import migrations

from phuong.kernel.changes import KeepMoves


class Migration(migrations.Migration):
    """Log moves of buildings, rooms, equipment and programmes."""

    dependencies = [("facilities", "0003_condition_of_equipment"), ("registry", "0005_moves")]
    operations = [
        KeepMoves("facilities_building"),
        KeepMoves("facilities_room"),
        KeepMoves("facilities_equipment"),
        KeepMoves("facilities_programme"),
    ]
