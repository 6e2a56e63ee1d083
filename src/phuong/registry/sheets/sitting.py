"""Putting the learners of a file into classes: who sits where now, who moves, who is left out of a whole list."""

from collections.abc import Mapping, Sequence

import polars as pl
from django.db import connection
from django.utils.translation import gettext as _

from phuong.intake.api import Ending
from phuong.intake.sheets import Draft, Stage
from phuong.registry.models import Enrolment

_PRESENT = """
select s.row, g.name, e.class_group_id::text, e.organisation_id::text
from {rows} s join registry_enrolment e on e.learner_id = s.target and e.ends_on is null
join registry_classgroup g on g.id = e.class_group_id
"""
_SITTING = """
select e.organisation_id::text, g.name, e.learner_id::text, p.full_name
from registry_enrolment e join registry_classgroup g on g.id = e.class_group_id
join registry_person p on p.id = e.learner_id
where e.organisation_id = any(%s::uuid[]) and e.ends_on is null
"""
_MOVE = """
update registry_enrolment e set during = daterange(lower(e.during), {since})
from {rows} s where e.organisation_id = %(unit)s and e.learner_id = s.target and e.ends_on is null
and s.class_id is not null and e.class_group_id <> s.class_id and lower(e.during) < {since}
"""
_CORRECT = """
update registry_enrolment e set class_group_id = s.class_id
from {rows} s where e.organisation_id = %(unit)s and e.learner_id = s.target and e.ends_on is null
and s.class_id is not null and e.class_group_id <> s.class_id and lower(e.during) >= {since}
"""
_END = """
update registry_enrolment e set during = daterange(lower(e.during), greatest(%(on)s, lower(e.during) + 1))
where e.learner_id = any(%(ending)s::uuid[]) and e.organisation_id = %(unit)s and e.ends_on is null
"""
_SINCE, _ON = "coalesce(s.since, %(on)s)", "%(on)s::date"


def find_present_class(draft: Draft) -> None:
    """Lay beside each row the class its learner sits in now: ``was_class_name``; the same class is no change."""
    if not draft.has("class_name"):
        return
    found = draft.ask(("target",), _PRESENT)
    draft.join(found, ["was_class_name", "_class_now", "_sits_at"])
    elsewhere = draft.frame.filter(pl.col("_sits_at").is_not_null() & pl.col("_sits_at").ne_missing(pl.col("unit")))
    words = _("Em đang học ở trường khác. Làm chuyển trường thay cho nạp tệp.")
    draft.refuse(elsewhere.get_column("row").to_list(), "class_name", "sits_elsewhere", words)
    same = pl.col("_class_now").eq_missing(pl.col("class_id")) & pl.col("class_id").is_not_null()
    draft.frame = draft.frame.with_columns(
        pl.when(same).then(pl.col("class_name")).otherwise(pl.col("was_class_name")).alias("was_class_name")
    ).drop("_class_now", "_sits_at")


def sit(stage: Stage) -> tuple[list[str], int]:
    """Put each row's learner into the row's class; gives the enrolments made, and how many learners changed class.

    A learner who entered the present class on the day itself or later is corrected, not moved.
    """
    if not stage.has("class_id"):
        return [], 0
    since = _SINCE if stage.has("since") else _ON
    moved = _run(stage, _CORRECT, since) + _run(stage, _MOVE, since) if stage.known else 0
    without = (
        "s.class_id is not null and (s.target is null or not exists (select 1 from registry_enrolment e "
        "where e.organisation_id = %(unit)s and e.learner_id = s.target and e.ends_on is null))"
    )
    values = {
        "id": "s.key_enrolment",
        "path": "%(path)s::ltree",
        "learner_id": "coalesce(s.target, s.key)",
        "class_group_id": "s.class_id",
        "organisation_id": "%(unit)s",
        "school_year": "g.school_year",
        "during": f"daterange({since}, null)",
    }
    if stage.has("status"):
        values["status"] = "coalesce(s.status, 'studying')"
    made = stage.insert(Enrolment, values, where=without, source="join registry_classgroup g on g.id = s.class_id")
    return made, moved


def _run(stage: Stage, statement: str, since: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.format(rows=stage.table, since=since), stage.params)
        return int(cursor.rowcount)


def left_out(draft: Draft) -> Mapping[str, Sequence[Ending]]:
    """Name the learners who sit in the units of the file and are not in it, by unit."""
    named = set(draft.frame.get_column("target").to_list())
    found: dict[str, list[Ending]] = {}
    for unit, group, learner, name in _sitting(draft.units):
        if learner not in named:
            found.setdefault(unit, []).append(
                Ending(learner, group, _("%(name)s, lớp %(group)s") % {"name": name, "group": group})
            )
    return found


def sitting(draft: Draft) -> Mapping[tuple[str, str], int]:
    """Count who sits now in the units of the file, by unit and class."""
    counts: dict[tuple[str, str], int] = {}
    for unit, group, _learner, _name in _sitting(draft.units):
        counts[unit, group] = counts.get((unit, group), 0) + 1
    return counts


def _sitting(units: Sequence[str]) -> list[tuple[str, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_SITTING, [list(units)])
        return list(cursor.fetchall())


def end_left_out(stage: Stage) -> int:
    """End the enrolments of those a whole list leaves out, on the day the list holds from."""
    if not stage.params["ending"]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_END, stage.params)
        return int(cursor.rowcount)
