"""A run is carried out, by a job or a command, and its pairs are kept for people to look at."""

import resource
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import duckdb
import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from phuong.kernel.jobs import Cancelled, Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.matching.actions.exporting import pour
from phuong.matching.actions.keeping import Kept, keep_pairs
from phuong.matching.linking.disguise import Disguise
from phuong.matching.linking.engine import Found, Options, link, workshop
from phuong.matching.models import Run, RunState
from phuong.registry.api import Person


def carry_out(progress: Progress, run_id: str) -> Mapping[str, Any]:
    """Carry a run out from its beginning; a run that is done is not done again.

    Until its pairs are kept it leaves nothing behind, and they are kept so that keeping them twice changes nothing.
    """
    with acting(SYSTEM):
        run = Run.objects.select_related("organisation", "against").filter(pk=UUID(run_id)).first()
        if run is None or run.state == RunState.DONE:
            return {}
        Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    try:
        found = search(run, progress)
        kept = keep_pairs(run, found.pairs, step=lambda done, total: progress.step(done, total, _("ghi các cặp")))
    except Cancelled:
        _end(run, RunState.CANCELLED, {})
        raise
    except Exception:
        _end(run, RunState.FAILED, {})
        raise
    figures = {**_figures(found, kept), "memory_mb": peak_memory()}
    _end(run, RunState.DONE, figures)
    return {**figures, "url": "/doi-chieu-ho-so/"}


def _end(run: Run, state: str, figures: Mapping[str, Any]) -> None:
    with acting(SYSTEM):
        Run.objects.filter(pk=run.pk).update(state=state, figures=figures, finished_at=timezone.now())


def _figures(found: Found, kept: Kept) -> dict[str, Any]:
    facts = {"people": found.people, "found": len(found.pairs), "seconds": found.seconds}
    return {**facts, "pairs": kept.pairs, "sure": kept.sure, "gone": kept.gone}


def search(run: Run, progress: Progress) -> Found:
    """Find the pairs of a run, with the keys of persons in place of the engine's own."""
    options, disguise = Options(apart=run.against is not None), Disguise()
    units = [("a", run.organisation)] + ([("b", run.against)] if run.against else [])
    with acting(SYSTEM):
        total = sum(Person.objects.filter(path__under=unit.path).count() for _source, unit in units)
    with workshop(options) as con, acting(SYSTEM, using="batch"):
        poured = 0
        for source, unit in units:
            poured += pour(con, unit, source=source, disguise=disguise, step=_pouring(progress, poured, total))
        found = link(con, options, say=lambda stage: progress.step(total, total, _stage(stage)))
        return Found(with_keys(con, found.pairs), found.people, found.seconds)


def _stage(stage: str) -> str:
    return {"features": _("chuẩn bị so sánh"), "score": _("so sánh"), "groups": _("gom nhóm")}[stage]


def _pouring(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda count: progress.step(before + count, total, _("đọc hồ sơ"))


def with_keys(con: duckdb.DuckDBPyConnection, pairs: pl.DataFrame) -> pl.DataFrame:
    """Put the keys of persons in place of the engine's numbers."""
    con.register("pairs", pairs.to_arrow())
    found = con.execute(
        'select p.* replace (o.id as one, t.id as two, g.id as "group") from pairs p join keys o on o.key = p.one '
        'join keys t on t.key = p.two left join keys g on g.key = p."group" order by p.weight desc, o.id, t.id'
    ).pl()
    con.unregister("pairs")
    return found


def peak_memory() -> int:
    """Give the most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
