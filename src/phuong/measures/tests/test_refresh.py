"""Counting: whole or not at all in the eyes of readers, taken up again where it stopped."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from phuong.kernel.jobs import Progress
from phuong.measures.actions import KEEP_DETAIL_DAYS, refresh_measures
from phuong.measures.compiled import batches
from phuong.measures.models import Snapshot, Total, Value
from phuong.measures.queries import figures_of, latest_snapshot
from phuong.registry.testing import a_class, a_commune, a_learner, a_province, a_school

pytestmark = pytest.mark.django_db
CODE = "registry.learners_with_number"


class Killed(Exception):
    pass


class DyingAt(Progress):
    """Dies at the step before batch ``place``."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def step(self, done: int, total: int, message: str = "") -> None:
        if done == self.place:
            raise Killed


def counted_again(queries: CaptureQueriesContext) -> int:
    return sum("insert into measures_value" in query["sql"] for query in queries.captured_queries)


@pytest.fixture
def group(db: None):
    school = a_school(a_commune())
    group = a_class(school)
    for _ in range(3):
        a_learner(school, group)
    return group


def test_counting_publishes_every_measure_once(group) -> None:
    facts = refresh_measures(Progress(), day="2026-11-20")

    snapshot = Snapshot.objects.get()
    assert facts == {"as_of": "2026-11-20", "measures": sum(len(batch.measures) for batch in batches())}
    assert snapshot.completed_at is not None
    assert snapshot.batches_done == [batch.code for batch in batches()]
    assert figures_of(a_province(), [CODE])[CODE].denominator == 3


def test_killed_while_counting_readers_keep_the_old_figures(group) -> None:
    refresh_measures(Progress(), day="2026-11-20")
    a_learner(group.organisation, group)

    with pytest.raises(Killed):
        refresh_measures(DyingAt(1), day="2026-11-21")

    assert latest_snapshot().as_of == dt.date(2026, 11, 20)
    assert figures_of(a_province(), [CODE])[CODE].denominator == 3
    assert Snapshot.objects.get(as_of="2026-11-21").batches_done == [batches()[0].code]


def test_taken_up_again_only_the_rest_is_counted(group) -> None:
    refresh_measures(Progress(), day="2026-11-20")
    with pytest.raises(Killed):
        refresh_measures(DyingAt(2), day="2026-11-21")

    with CaptureQueriesContext(connection) as queries:
        refresh_measures(Progress(), day="2026-11-21")

    assert counted_again(queries) == len(batches()) - 2
    assert latest_snapshot().as_of == dt.date(2026, 11, 21)
    assert Snapshot.objects.filter(as_of="2026-11-21").count() == 1
    assert latest_snapshot().batches_done == [batch.code for batch in batches()]


def test_killed_and_taken_up_gives_the_same_figures_as_in_one_go(group) -> None:
    with pytest.raises(Killed):
        refresh_measures(DyingAt(1), day="2026-11-20")
    refresh_measures(Progress(), day="2026-11-20")
    refresh_measures(Progress(), day="2026-11-21")

    def figures(day: str) -> list[tuple[object, ...]]:
        rows = Total.objects.filter(snapshot__as_of=day).order_by("measure", "area_id")
        return list(rows.values_list("measure", "area_id", "numerator", "denominator"))

    assert figures("2026-11-20") == figures("2026-11-21")
    assert (
        Value.objects.filter(snapshot__as_of="2026-11-20").count()
        == Value.objects.filter(snapshot__as_of="2026-11-21").count()
    )


def test_killed_before_publishing_readers_keep_the_old_figures(group, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh_measures(Progress(), day="2026-11-20")

    with pytest.raises(RuntimeError), monkeypatch.context() as patch:
        patch.setattr("phuong.measures.actions._thin_out", _die)
        refresh_measures(Progress(), day="2026-11-21")

    assert latest_snapshot().as_of == dt.date(2026, 11, 20)
    assert Total.objects.filter(snapshot__as_of="2026-11-21").count() == 0


def _die(*_args: object) -> None:
    raise RuntimeError


def test_counting_twice_on_a_day_leaves_one_snapshot_with_the_later_figures(group) -> None:
    refresh_measures(Progress(), day="2026-11-20")
    a_learner(group.organisation, group)
    refresh_measures(Progress(), day="2026-11-20")

    assert Snapshot.objects.count() == 1
    assert figures_of(a_province(), [CODE])[CODE].denominator == 4
    assert Value.objects.exclude(snapshot=Snapshot.objects.get()).count() == 0


def test_old_detail_is_thinned_out_but_totals_stay(group) -> None:
    today = dt.date(2026, 11, 20)
    first_of_month, middle = dt.date(2026, 10, 1), dt.date(2026, 10, 2)
    assert (today - middle).days > KEEP_DETAIL_DAYS

    for day in (first_of_month, middle, today):
        refresh_measures(Progress(), day=day.isoformat())

    detail = set(Value.objects.values_list("snapshot__as_of", flat=True))
    totals = set(Total.objects.values_list("snapshot__as_of", flat=True))
    assert detail == {first_of_month, today}
    assert totals == {first_of_month, middle, today}
    assert not Snapshot.objects.get(as_of=middle).is_detailed
