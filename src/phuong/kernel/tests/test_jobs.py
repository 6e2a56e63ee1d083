"""Long work: asked for inside a transaction, run at least once, stoppable, taken up again."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.testing import InMemoryConnector

from phuong.kernel import contributions
from phuong.kernel.jobs import (
    MOST_ATTEMPTS,
    Cancelled,
    JobKind,
    Progress,
    UnknownJob,
    _tick,
    cancel,
    later,
    run_job,
)
from phuong.kernel.keys import uuid7
from phuong.kernel.models import Job, JobState
from phuong.kernel.scope import Actor, acting

pytestmark = pytest.mark.django_db
Work = Callable[..., Mapping[str, Any]]


class Boom(Exception):
    pass


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Contribute a kind of work for one test."""

    def contributed(run: Work, **pace: Any) -> str:
        kinds = contributions._kept.setdefault(JobKind, {})
        monkeypatch.setitem(kinds, "tests.work", JobKind("tests.work", "Việc thử", run, **pace))
        return "tests.work"

    return contributed


def nothing(progress: Progress, **arguments: Any) -> Mapping[str, Any]:
    return {"arguments": arguments}


def queued() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("select args->>'job_id' from procrastinate_jobs order by id")
        return [row[0] for row in cursor.fetchall()]


def test_asked_work_waits_with_who_asked_and_is_in_the_queue_once(kind: Callable[[Work], str]) -> None:
    with acting(Actor(scope="vn.p31", name="Hạnh")):
        job = later(kind(nothing), day="2026-11-22")

    job.refresh_from_db()
    assert (job.state, job.title, job.path, job.asked_by_name) == (JobState.WAITING, "Việc thử", "vn.p31", "Hạnh")
    assert queued() == [str(job.pk)]


def test_work_asked_for_in_a_rolled_back_transaction_leaves_nothing(kind: Callable[[Work], str]) -> None:
    code = kind(nothing)

    with pytest.raises(Boom), transaction.atomic():
        later(code)
        raise Boom

    assert Job.objects.count() == 0
    assert queued() == []


def test_the_same_work_twice_is_one_job(kind: Callable[[Work], str]) -> None:
    code = kind(nothing)

    first, again, other = later(code, day="a"), later(code, day="a"), later(code, day="b")

    assert first.pk == again.pk
    assert first.pk != other.pk
    assert queued() == [str(first.pk), str(other.pk)]


def test_work_that_is_over_may_be_asked_for_again(kind: Callable[[Work], str]) -> None:
    code = kind(nothing)
    first = later(code)
    run_job(str(first.pk))

    assert later(code).pk != first.pk


def test_an_unknown_name_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(UnknownJob):
        later("tests.unheard_of")

    assert Job.objects.count() == 0
    assert queued() == []


def test_a_job_runs_with_its_arguments_and_keeps_its_result(kind: Callable[[Work], str]) -> None:
    job = later(kind(nothing), day="2026-11-22")

    run_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    assert job.result == {"arguments": {"day": "2026-11-22"}}
    assert job.started_at <= job.finished_at


def test_each_step_is_written(kind: Callable[[Work], str]) -> None:
    seen = []

    def work(progress: Progress) -> Mapping[str, Any]:
        for place in range(3):
            progress.step(place, 3, f"bước {place}")
            seen.append(Job.objects.values_list("state", "done", "total", "message").get())
        return {}

    job = later(kind(work))
    run_job(str(job.pk))

    job.refresh_from_db()
    assert seen == [("running", 0, 3, "bước 0"), ("running", 1, 3, "bước 1"), ("running", 2, 3, "bước 2")]
    assert (job.done, job.total, job.percent) == (3, 3, 100)


def test_stopping_takes_effect_at_the_next_step(kind: Callable[[Work], str]) -> None:
    done = []

    def work(progress: Progress) -> Mapping[str, Any]:
        for place in range(4):
            progress.step(place, 4)
            done.append(place)
            if place == 1:
                cancel(Job.objects.get())
        return {}

    job = later(kind(work))
    run_job(str(job.pk))

    job.refresh_from_db()
    assert done == [0, 1]
    assert (job.state, job.result) == (JobState.CANCELLED, {})
    assert job.finished_at is not None


def test_stopping_what_waits_means_that_it_never_runs(kind: Callable[[Work], str]) -> None:
    done = []
    job = later(kind(lambda progress: done.append(1) or {}))

    cancel(job)
    run_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.attempts, done) == (JobState.CANCELLED, 0, [])


def test_stopping_what_is_over_changes_nothing(kind: Callable[[Work], str]) -> None:
    job = later(kind(nothing))
    run_job(str(job.pk))

    cancel(job)

    job.refresh_from_db()
    assert (job.state, job.cancel_asked) == (JobState.DONE, False)


def test_failing_work_is_tried_again_and_then_failed(kind: Callable[[Work], str]) -> None:
    def work(progress: Progress) -> Mapping[str, Any]:
        raise Boom

    job = later(kind(work))
    states = []
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Boom):
            run_job(str(job.pk))
        job.refresh_from_db()
        states.append((job.state, job.attempts))

    run_job(str(job.pk))  # a fourth call finds it over

    assert states == [(JobState.WAITING, 1), (JobState.WAITING, 2), (JobState.FAILED, 3)]
    assert Job.objects.get().attempts == MOST_ATTEMPTS


def test_work_that_fails_once_is_done_at_the_second_attempt(kind: Callable[[Work], str]) -> None:
    calls = []

    def work(progress: Progress) -> Mapping[str, Any]:
        calls.append(1)
        if len(calls) == 1:
            raise Boom
        return {"calls": len(calls)}

    job = later(kind(work))
    with pytest.raises(Boom):
        run_job(str(job.pk))
    run_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 2, {"calls": 2})


def test_running_a_job_twice_does_its_work_once(kind: Callable[[Work], str]) -> None:
    done = []
    job = later(kind(lambda progress: done.append(1) or {"n": len(done)}))

    run_job(str(job.pk))
    run_job(str(job.pk))

    job.refresh_from_db()
    assert (done, job.state, job.attempts, job.result) == ([1], JobState.DONE, 1, {"n": 1})


def test_a_job_left_running_by_a_killed_worker_is_taken_up_again(kind: Callable[[Work], str]) -> None:
    job = later(kind(nothing))
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)

    run_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_job_stopped_while_its_worker_was_dead_stops_at_its_first_step(kind: Callable[[Work], str]) -> None:
    done = []

    def work(progress: Progress) -> Mapping[str, Any]:
        progress.step(0, 1)
        done.append(1)
        return {}

    job = later(kind(work))
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    cancel(job)
    run_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, done) == (JobState.CANCELLED, [])


def test_a_job_whose_kind_is_gone_fails_and_does_not_hang(kind: Callable[[Work], str]) -> None:
    job = Job.objects.create(path="vn", name="tests.gone", title="x", attempts=MOST_ATTEMPTS - 1)

    with pytest.raises(UnknownJob):
        run_job(str(job.pk))

    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_a_job_nobody_knows_is_no_error() -> None:
    run_job("01900000-0000-7000-8000-000000000000")

    assert Job.objects.count() == 0


def test_a_progress_without_a_job_writes_nothing_and_never_stops() -> None:
    Progress().step(1, 2, "x")

    assert Job.objects.count() == 0


def test_a_step_of_a_stopped_job_is_refused_directly() -> None:
    job = Job.objects.create(path="vn", name="x", title="x", state=JobState.RUNNING, cancel_asked=True)

    with pytest.raises(Cancelled):
        Progress(job.pk).step(1, 2)


def test_the_clock_asks_at_the_minutes_of_a_kind_and_keeps_its_last_time_only(kind: Callable[..., str]) -> None:
    code = kind(nothing, every=10)
    ours = Job.objects.filter(name=code)

    for minute in (10, 15, 20, 30):
        _tick(minute * 60)
        _tick(minute * 60)
        for job in ours.filter(state=JobState.WAITING):
            run_job(str(job.pk))
    _tick(40 * 60)

    assert list(ours.values_list("state", flat=True)) == [JobState.WAITING]
    assert len([key for key in queued() if key == str(ours.get().pk)]) == 1


def test_the_clock_leaves_what_failed_and_what_a_person_asked_for(kind: Callable[..., str]) -> None:
    code = kind(nothing, every=5)
    for state, person in ((JobState.FAILED, None), (JobState.DONE, uuid7()), (JobState.DONE, None)):
        Job.objects.create(path="vn", name=code, title="x", state=state, asked_by=person)

    _tick(300)

    states = Job.objects.filter(name=code).values_list("state", flat=True)
    assert sorted(states) == [JobState.DONE, JobState.FAILED, JobState.WAITING]


def test_a_pace_that_the_clock_does_not_keep_is_refused() -> None:
    with pytest.raises(ValueError, match="every 5 minutes"):
        JobKind("tests.work", "Việc thử", nothing, every=7)


def test_a_worker_asks_for_work_within_its_transaction_too(kind: Callable[[Work], str]) -> None:
    """There the queue's app has another connector, through which work would be seen before it is kept."""
    code = kind(nothing)
    before = queued()
    with queue.replace_connector(InMemoryConnector()):
        job = later(code)
        assert queued() == [*before, str(job.pk)]

        with pytest.raises(Boom), transaction.atomic():
            later(code, again=True)
            raise Boom
    assert queued() == [*before, str(job.pk)]


def test_work_that_waits_and_is_not_in_the_queue_is_put_there_once(kind: Callable[[Work], str]) -> None:
    lost, fresh = later(kind(nothing)), later(kind(nothing), fresh=True)
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    Job.objects.filter(pk=lost.pk).update(asked_at=timezone.now() - dt.timedelta(minutes=3))

    _tick(60)
    _tick(60)

    assert queued().count(str(lost.pk)) == 1
    assert queued().count(str(fresh.pk)) == 0, "it is being put there just now"
