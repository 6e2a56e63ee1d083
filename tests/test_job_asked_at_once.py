"""Several may ask for the same work, wherever they stand: there is one job, and nobody meets a fault."""

import threading
from typing import Any

import pytest
from django.db import connections

from phuong.kernel.jobs import later
from phuong.kernel.models import Job
from phuong.kernel.scope import SYSTEM, Actor, acting
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


def test_work_the_clock_has_asked_for_is_given_to_who_does_not_see_it(db: None) -> None:
    asked = later("intake.run", batch_id="7", step="none")

    with acting(Actor(scope="vn.p31.c11311", name="Lan")):
        assert not Job.objects.filter(pk=asked.pk).exists()
        assert later("intake.run", batch_id="7", step="none").pk == asked.pk
