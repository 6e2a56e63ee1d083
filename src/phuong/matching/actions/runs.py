"""A run is asked for and stopped; the work itself stands apart (``running``), for its engine is large."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.audit import record
from phuong.kernel.jobs import cancel, later
from phuong.kernel.refusals import BadInput, NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.matching.models import Run, RunState
from phuong.matching.queries import job_of
from phuong.registry.api import Organisation

JOB = "matching.run"


@transaction.atomic
def ask_run(unit: Organisation, *, by: Actor, against: Organisation | None = None) -> Run:
    """Ask for a run over a unit, or between two units that know each person once; it begins after this transaction.

    :raises NotThere: a unit outside the actor's place
    :raises BadInput: two units of which one lies in the other
    """
    run = make_run(unit, by=by, against=against)
    later(JOB, title=_("Tìm hồ sơ trùng: %s") % unit.name, path=str(run.path), run_id=str(run.pk))
    return run


def make_run(unit: Organisation, *, by: Actor, against: Organisation | None = None) -> Run:
    """Note a run that is to be carried out.

    :raises NotThere: a unit outside the actor's place
    :raises BadInput: two units of which one lies in the other
    """
    for each in filter(None, (unit, against)):
        if not is_under(str(each.path), by.scope):
            raise NotThere
    paths = [str(each.path) for each in (unit, against) if each is not None]
    if against is not None and (is_under(*paths) or is_under(*reversed(paths))):
        raise BadInput(_("Hai đơn vị phải nằm ngoài nhau."))
    run = Run.objects.create(
        path=by.scope if against else unit.path,
        organisation=unit,
        against=against,
        asked_by=by.account_id,
        asked_by_name=by.name,
    )
    record("matching.run_asked", on_kind="matching_run", on_id=run.pk, note=unit.code, path=str(run.path))
    return run


@transaction.atomic
def stop_run(run: Run) -> None:
    """Ask a run to stop: at once when it waits, at its next step when it runs."""
    job = job_of(run)
    if job is not None:
        cancel(job)
    Run.objects.filter(pk=run.pk, state=RunState.WAITING).update(state=RunState.CANCELLED, finished_at=timezone.now())
    record("matching.run_stopped", on_kind="matching_run", on_id=run.pk, path=run.path)
