"""What a run found, kept as pairs: decisions that people made are never asked again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection

from phuong.kernel.keys import uuid7
from phuong.kernel.scope import SYSTEM, acting
from phuong.matching.linking.fields import FIELDS
from phuong.matching.models import Pair, PairState, Run

AT_A_TIME = 5_000
_STAGE = """
create temporary table if not exists matching_staged (
  id uuid, one uuid, two uuid, weight float8, probability float8, is_sure boolean, guard text, evidence jsonb,
  belongs uuid
) on commit delete rows
"""
_COPY = "copy matching_staged (id, one, two, weight, probability, is_sure, guard, evidence, belongs) from stdin"
# who is kept apart: by a decision, also one on a key from before; by being guardian and ward; by verified numbers
_KEEP = """
with known as (select id as former, person_id as present from registry_formerkey),
apart as (
  select least(coalesce(o.present, p.one), coalesce(t.present, p.two)) as one,
    greatest(coalesce(o.present, p.one), coalesce(t.present, p.two)) as two
  from matching_pair p left join known o on o.former = p.one left join known t on t.former = p.two
  where p.state = 'different'
  union select least(guardian_id, learner_id), greatest(guardian_id, learner_id) from registry_guardianship
), fresh as (
  select s.*, matching_common(a.path, b.path) as path from matching_staged s
  join registry_person a on a.id = s.one join registry_person b on b.id = s.two
  where not exists (select 1 from apart x where x.one = s.one and x.two = s.two)
)
insert into matching_pair as p (id, path, run_id, one, two, weight, probability, is_sure, guard, evidence, "group",
  state, decided_by_name, proposed_by_name, choices)
select id, path, %(run)s, one, two, weight, probability, is_sure, guard, evidence, belongs, 'open', '', '', '{}'::jsonb
from fresh
on conflict (one, two) do update set run_id = excluded.run_id, weight = excluded.weight, path = excluded.path,
  probability = excluded.probability, is_sure = excluded.is_sure, guard = excluded.guard, evidence = excluded.evidence,
  "group" = excluded."group", state = case when p.state = 'gone' then 'open' else p.state end
where p.state in ('open', 'later', 'proposed') or (p.state = 'gone' and p.merge_id is null)
"""


@dataclass(frozen=True)
class Kept:
    """How many pairs wait after a run, how many of them for sure, and how many are no longer alike."""

    pairs: int
    sure: int
    gone: int


def keep_pairs(run: Run, pairs: pl.DataFrame, *, step: Callable[[int, int], None]) -> Kept:
    """Keep the pairs of a run, some thousand a transaction; safe to run twice. ``pairs``: as the engine gives them.

    Open pairs that a run of this place or below had found, and this one no longer, are closed: somebody has mended a
    record meanwhile.
    """
    columns = ["one", "two", "weight", "probability", "is_sure", "guard", "group", *(each.code for each in FIELDS)]
    rows = pairs.select(columns).rows()
    for start in range(0, len(rows), AT_A_TIME):
        with acting(SYSTEM):
            _keep(run, rows[start : start + AT_A_TIME])
        step(min(start + AT_A_TIME, len(rows)), len(rows))
    with acting(SYSTEM):
        mine = Pair.objects.filter(path__under=run.path, run__path__under=run.path, state=PairState.OPEN)
        gone = 0 if run.against_id else mine.exclude(run=run).update(state=PairState.GONE)
        waiting = Pair.objects.filter(run=run, state__in=[PairState.OPEN, PairState.LATER, PairState.PROPOSED])
        return Kept(waiting.count(), waiting.filter(is_sure=True).count(), gone)


def _keep(run: Run, rows: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for one, two, weight, probability, is_sure, guard, group, *levels in rows:
                evidence = "{" + ", ".join(f'"{f.code}": "{level}"' for f, level in zip(FIELDS, levels, strict=True))
                first, second = sorted((one, two))
                facts = (weight, probability, is_sure, guard, evidence + "}", group)
                copy.write_row((uuid7(), first, second, *facts))
        cursor.execute(_KEEP, {"run": run.pk})
        cursor.execute("truncate matching_staged")
