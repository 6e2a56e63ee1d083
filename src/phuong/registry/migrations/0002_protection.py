"""Row security of every table that holds personal data, and of its kept old rows."""

from django.db import migrations

from phuong.kernel.protection import Protect


class Migration(migrations.Migration):
    """Close the registry's personal tables to readers outside their scope."""

    dependencies = [("registry", "0001_initial"), ("kernel", "0002_scope")]
    operations = [
        Protect("registry_person", "id"),
        Protect("registry_guardianship", "guardian_id", "learner_id"),
        Protect("registry_enrolment", "learner_id"),
        Protect("registry_staffposition", "person_id"),
        Protect("registry_qualification", "person_id"),
        Protect("registry_personevent"),
        Protect("registry_guardianshipevent"),
        Protect("registry_enrolmentevent"),
        Protect("registry_staffpositionevent"),
        Protect("registry_qualificationevent"),
    ]
