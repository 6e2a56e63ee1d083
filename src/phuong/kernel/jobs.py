"""Later: long work asked for inside a transaction, run at least once, with progress and cancelling.

A job kind is a contribution; ``later`` refuses a name nobody contributed. The function of a kind must be safe to run
twice: a killed worker leaves its job behind and another takes it up again.
"""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import procrastinate
import structlog
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django.django_connector import DjangoConnector

from phuong.kernel.contributions import contribution, contributions
from phuong.kernel.models import Job, JobState
from phuong.kernel.scope import ROOT, SYSTEM, acting, current_actor

log = structlog.get_logger()
TASK = "phuong.run_job"
MOST_ATTEMPTS = 3
STALLED_AFTER_SECONDS = 30
CLOCK_MINUTES = 5
_queue = procrastinate.App(connector=DjangoConnector())
_LOST = """
select j.id from kernel_job j
where j.state = %(waiting)s and j.asked_at < now() - interval '2 minutes' and not exists (
  select from procrastinate_jobs q
  where q.task_name = %(task)s and q.args ->> 'job_id' = j.id::text and q.status in ('todo', 'doing'))
"""


class Cancelled(Exception):
    """Somebody pressed «Dừng»; raised at the next step of the job."""


class UnknownJob(LookupError):
    """No app contributed a job kind of this name."""


@dataclass(frozen=True)
class JobKind:
    """A kind of long work. ``run`` gets its progress and the arguments, and returns facts for the result page.

    ``run`` may be a dotted name: whoever does not run such work need not load its engine.
    """

    code: str
    title: Any
    run: "Callable[..., Mapping[str, Any]] | str"
    nightly: bool = False  # asked for by the clock as well
    every: int = 0  # minutes after which the clock asks for it again: 1, or a multiple of CLOCK_MINUTES; 0: never

    def __post_init__(self) -> None:
        """Refuse a pace that the clock does not keep."""
        if self.every != 1 and self.every % CLOCK_MINUTES:
            raise ValueError(f"{self.code}: every minute or every {CLOCK_MINUTES} minutes, not every {self.every}")


class Progress:
    """What a running job says of itself; each step is visible at once and is where cancelling takes effect."""

    def __init__(self, job_id: UUID | None = None) -> None:
        """Follow ``job_id``; without one, nothing is written (commands run work directly)."""
        self.job_id = job_id

    def step(self, done: int, total: int, message: str = "") -> None:
        """Say how far the work is.

        :raises Cancelled: when somebody asked to stop
        """
        if self.job_id is None:
            return
        with acting(SYSTEM):
            jobs = Job.objects.filter(pk=self.job_id)
            jobs.update(done=done, total=total, message=message)
            asked = jobs.values_list("cancel_asked", flat=True).first()
        if asked:
            raise Cancelled


def later(code: str, *, title: str = "", path: str = "", **arguments: Any) -> Job:
    """Ask for a job inside the present transaction; rolled back with it.

    The same work already waiting or running is not asked for twice: that job is given back.

    :raises UnknownJob: nobody contributed ``code``
    """
    kind = contribution(JobKind, code)
    if kind is None:
        raise UnknownJob(code)
    actor = current_actor()
    under_way = Job.objects.filter(name=code, arguments=arguments, state__in=[JobState.WAITING, JobState.RUNNING])
    for _each in range(MOST_ATTEMPTS):
        with acting(SYSTEM):  # the clock may have asked for it, or somebody whose place the actor does not see
            existing = under_way.first()
        if existing:
            return existing
        job = Job(
            path=path or actor.scope or ROOT,
            name=code,
            title=title or str(kind.title),
            arguments=arguments,
            asked_by=actor.account_id,
            asked_by_name=actor.name,
        )
        Job.objects.bulk_create([job], ignore_conflicts=True)  # somebody may ask for the same at this very moment
        if Job.objects.filter(pk=job.pk).exists():
            _put(job)
            return job
    raise RuntimeError(f"{code}: asked for and ended over and over")


def cancel(job: Job) -> None:
    """Ask a job to stop: at once when it waits, at its next step when it runs."""
    Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.CANCELLED, cancel_asked=True, finished_at=timezone.now()
    )
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_asked=True)


def ask_again(job: Job) -> None:
    """Put a job that failed or was stopped back into the queue; it goes on where it stopped."""
    over = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED])
    if over.update(state=JobState.WAITING, cancel_asked=False, attempts=0, finished_at=None):
        _put(job)


def run_job(job_id: str) -> None:
    """Run one job to its end and keep what came of it."""
    job = _take(UUID(job_id))
    if job is None:
        return
    kind = contribution(JobKind, job.name)
    try:
        if kind is None:
            raise UnknownJob(job.name)
        run = import_string(kind.run) if isinstance(kind.run, str) else kind.run
        result = dict(run(Progress(job.pk), **job.arguments))
    except Cancelled:
        _finish(job, JobState.CANCELLED, {})
    except Exception:
        _fail(job)
        raise
    else:
        _finish(job, JobState.DONE, result)


def _take(job_id: UUID) -> Job | None:
    with acting(SYSTEM):
        job = Job.objects.select_for_update(of=("self",)).filter(pk=job_id).first()
        if job is None or job.is_over:
            return None
        job.state = JobState.RUNNING
        job.started_at = job.started_at or timezone.now()
        job.attempts += 1
        job.save(update_fields=["state", "started_at", "attempts"])
    return job


def _fail(job: Job) -> None:
    log.error("job.failed", job=str(job.pk), name=job.name, trace=traceback.format_exc(limit=6))
    if job.attempts >= MOST_ATTEMPTS:
        _finish(job, JobState.FAILED, {})
    else:
        with acting(SYSTEM):
            Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)


def _finish(job: Job, state: JobState, result: dict[str, Any]) -> None:
    with acting(SYSTEM):
        jobs = Job.objects.filter(pk=job.pk)
        jobs.update(state=state, result=result, finished_at=timezone.now())
        if state == JobState.DONE:
            jobs.filter(total__gt=0).update(done=F("total"))


async def _retry_stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """Take up again what a killed worker left behind."""
    del timestamp
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        log.warning("job.taken_up_again", queue_job=stalled.id)
        await manager.retry_job(stalled)


def _put(job: Job) -> None:
    """Put a job into the queue within the present transaction, in a worker as well.

    There the app of the queue has connections of its own: what it was given would be seen, and taken up for nothing,
    before the job itself is.
    """
    _queue.configure_task(TASK, lock=job.name).defer(job_id=str(job.pk))


def on_app_ready(app: procrastinate.App) -> None:
    """Name our tasks to the queue (called once by procrastinate when Django starts)."""
    app.task(
        name=TASK,
        retry=procrastinate.RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=2),
    )(_run_in_own_connection)
    stalled = app.task(name="phuong.retry_stalled", queueing_lock="retry_stalled", pass_context=True)(_retry_stalled)
    app.periodic(cron="* * * * *")(stalled)
    app.periodic(cron="30 18 * * *")(app.task(name="phuong.nightly", queueing_lock="nightly")(_nightly))
    app.periodic(cron="* * * * *")(app.task(name="phuong.tick", queueing_lock="tick")(_tick))


def _nightly(timestamp: int) -> None:
    """Ask for the jobs that the clock asks for, at 18:30 UTC (01:30 in Việt Nam)."""
    del timestamp
    with acting(SYSTEM):
        for kind in contributions(JobKind):
            if kind.nightly:
                later(kind.code)


def _tick(timestamp: int) -> None:
    """Ask for the kinds whose turn it is; of the times before only those that did not go well are kept."""
    with acting(SYSTEM):
        _find_lost()
        for kind in contributions(JobKind):
            if kind.every and timestamp // 60 % kind.every == 0:
                Job.objects.filter(name=kind.code, state=JobState.DONE, asked_by__isnull=True).delete()
                later(kind.code)


def _find_lost() -> None:
    """Put jobs into the queue again that wait and that it does not know: nobody would ever take them up."""
    with connection.cursor() as cursor:
        cursor.execute(_LOST, {"waiting": JobState.WAITING, "task": TASK})
        lost = [key for (key,) in cursor.fetchall()]
    for job in Job.objects.filter(pk__in=lost):
        log.warning("job.found_again", job=str(job.pk), name=job.name)
        _put(job)


def _run_in_own_connection(job_id: str) -> None:
    try:
        run_job(job_id)
    finally:
        connection.close()
