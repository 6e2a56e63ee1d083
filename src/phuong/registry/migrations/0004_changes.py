"""Row security of focal points, and the log of changes of every table other systems follow."""

from django.db import migrations

from phuong.kernel.changes import PLACE_OF_UNIT, KeepChanges
from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Close focal points to readers outside their scope; log changes."""

    dependencies = [("registry", "0003_focal_points"), ("kernel", "0004_looking_back")]
    operations = [
        Protect("registry_focalpoint"),
        Protect("registry_focalpointevent"),
        KeepChanges("registry_organisation", key="r.code"),
        KeepChanges("registry_school", path=PLACE_OF_UNIT, row_id="r.organisation_id"),
        KeepChanges("registry_person", key="nullif(r.code, '')"),
        KeepChanges("registry_guardianship"),
        KeepChanges("registry_classgroup", path=PLACE_OF_UNIT),
        KeepChanges("registry_enrolment"),
        KeepChanges("registry_staffposition"),
        KeepChanges("registry_qualification"),
        KeepChanges("registry_focalpoint"),
        migrations.RunSQL(
            "create index if not exists registry_schoolevent_unit on registry_schoolevent (organisation_id, pgh_id)",
            "drop index registry_schoolevent_unit",
        ),
    ]
