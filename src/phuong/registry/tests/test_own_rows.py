"""A family reads its own rows and writes none of them, whatever the Python code forgot."""

import pytest
from django.db import connection

from phuong.kernel.scope import Actor, acting
from phuong.registry.testing import a_guardian, a_learner, a_school

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "delete from registry_guardianship",
        "update registry_guardianship set custody = 'none'",
        "delete from registry_person",
    ],
)
def test_a_family_changes_no_row_of_its_own(statement: str) -> None:
    child = a_learner(a_school())
    mother = a_guardian(child)

    with acting(Actor(persons=(mother.pk, child.pk))), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_guardianship")
        seen = cursor.fetchone()
        cursor.execute(statement)
        changed = cursor.rowcount

    assert seen == (1,)
    assert changed == 0
