"""Two people may ask for the same work at the same moment: there is one job, and nobody meets a fault."""

import threading
from typing import Any

import pytest
from django.db import connections

from phuong.kernel.jobs import later
from phuong.kernel.models import Job
from phuong.kernel.scope import SYSTEM, acting
from tests.databases import committing

ASKERS, TIMES = 3, 4


@pytest.mark.slow
def test_work_asked_for_at_once_by_several_is_one_job(django_db_blocker: Any) -> None:
    wrong: list[Exception] = []
    with committing(django_db_blocker):
        for turn in range(TIMES):
            together = threading.Barrier(ASKERS)
            askers = [threading.Thread(target=_ask, args=(together, turn, wrong)) for _each in range(ASKERS)]
            for each in askers:
                each.start()
            for each in askers:
                each.join()
        with acting(SYSTEM):
            asked = Job.objects.filter(name="intake.run", arguments__step="none").count()

    assert (wrong, asked) == ([], TIMES)


def _ask(together: threading.Barrier, turn: int, wrong: list[Exception]) -> None:
    try:
        with acting(SYSTEM):
            together.wait(timeout=20)
            later("intake.run", batch_id=str(turn), step="none")
    except Exception as error:  # noqa: BLE001 - the test tells of every one
        wrong.append(error)
    finally:
        connections.close_all()
