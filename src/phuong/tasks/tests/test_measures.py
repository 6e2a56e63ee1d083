"""The share of assigned tasks that are followed here, against rows worked out by hand."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from phuong.kernel.expressions import compile_sql
from phuong.registry.api import Organisation
from phuong.registry.testing import a_commune
from phuong.tasks.measures import MEASURES
from phuong.tasks.models import Assignment, Progress

(FOLLOWED,) = MEASURES
TODAY = timezone.localdate()


@pytest.fixture
def commune(db: None) -> Organisation:
    return a_commune()


def a_task(unit: Organisation, title: str, *, news: int | None = None, **facts: Any) -> None:
    """Make a task with a person and a day; ``news``: days since somebody wrote of it."""
    task = Assignment.objects.create(
        path=unit.path,
        organisation=unit,
        origin="own",
        title=title,
        given_path=unit.path,
        **{"person_name": "A", "due_on": TODAY} | facts,
    )
    if news is not None:
        on = TODAY - dt.timedelta(days=news)
        Progress.objects.create(path=unit.path, assignment=task, kind="note", on=on, by_name="x")


def rows(expression: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(compile_sql(expression))
        return list(cursor.fetchall())


def test_a_task_counts_with_a_name_a_day_and_news_within_a_month(commune: Organisation) -> None:
    a_task(commune, "mới ghi", news=31)
    a_task(commune, "đã xong", state="done", done_on=TODAY)
    a_task(commune, "không tên", person_name="", news=1)
    a_task(commune, "không hạn", due_on=None, news=1)
    a_task(commune, "ghi đã lâu", news=32)
    a_task(commune, "chưa ghi gì")
    a_task(commune, "không làm nữa", state="cancelled", news=1)

    (figure,) = rows(
        FOLLOWED.population.table.group_by("organisation_id").agg(n=FOLLOWED.numerator(), d=FOLLOWED.denominator())
    )
    missing = {label: why for label, met, why in rows(FOLLOWED.records().select("label", "met", "why")) if not met}

    assert (str(figure[0]), *map(int, figure[1:])) == (str(commune.pk), 2, 6)
    assert missing == {"không tên": "owner", "không hạn": "day", "ghi đã lâu": "stale", "chưa ghi gì": "stale"}


def test_a_reminder_is_no_news_of_the_task(commune: Organisation) -> None:
    a_task(commune, "chỉ được nhắc")
    task = Assignment.objects.get()
    Progress.objects.create(path=task.path, assignment=task, kind="reminder", on=TODAY, by_name="x")

    (row,) = rows(FOLLOWED.records().select("met", "why"))

    assert row == (False, "stale")
