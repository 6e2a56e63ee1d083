"""A year is closed while somebody writes into it: the writer comes first, and nobody writes afterwards."""

import threading
from typing import Any

import pytest
from django.db import connections

from phuong.academics.actions.closing import close_year
from phuong.academics.errors import YearClosed
from phuong.academics.models import ClosedYear
from phuong.academics.queries.closing import must_be_open
from phuong.academics.testing import YEAR
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune, a_school
from tests.databases import committing


@pytest.mark.slow
def test_closing_waits_for_who_is_writing_also_where_nothing_is_written_yet(django_db_blocker: Any) -> None:
    with committing(django_db_blocker):
        with acting(SYSTEM):
            school = a_school(a_commune("11311"))
        closer = threading.Thread(target=_close, args=(school,))
        with acting(SYSTEM):  # a sheet, a primary class, a remark: whatever is about to be written
            must_be_open(school.pk, YEAR)
            closer.start()
            closer.join(timeout=0.5)
            waits = closer.is_alive()
        closer.join(timeout=20)
        with acting(SYSTEM):
            closed = ClosedYear.objects.filter(organisation=school).count()
            with pytest.raises(YearClosed):
                must_be_open(school.pk, YEAR)

    assert (waits, closed) == (True, 1)


def _close(school: Organisation) -> None:
    with acting(SYSTEM):
        close_year(school, YEAR, by=SYSTEM)
    connections.close_all()
