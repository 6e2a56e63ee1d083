"""Results of a school: decided by the rules from what stands there, kept as a set, proved."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from phuong.academics.errors import NoProfile
from phuong.academics.models import Result
from phuong.academics.profiles import profile_named
from phuong.academics.queries import closing
from phuong.academics.queries.primary import PrimaryCase, primary_cases_of
from phuong.academics.queries.results import Case, Sitting, cases_of, schools_with_classes
from phuong.academics.rules.parts import PARTS, decide, resting_on, stored
from phuong.academics.rules.primaryparts import PRIMARY_PARTS, decide_primary
from phuong.academics.rules.profiles import PrimaryProfile, Profile, SecondaryProfile
from phuong.academics.rules.proof import Proof, inputs_hash, prove
from phuong.academics.rules.yearly import secondary_year
from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.keys import uuid7_texts
from phuong.kernel.scope import SYSTEM, acting

MOST_TOLD = 200
_FACTS = ("averages", "remarks", "level", "before", "adjusted_by", "conduct", "honour", "outcome", "retest")
_COLUMNS = "id, path, enrolment_id, learner_id, part, averages, remarks, level, before, adjusted_by, conduct, honour"
_REST = "outcome, retest, rule, inputs_hash"
_STAGE = """
create temporary table if not exists academics_staged (
  id uuid, path ltree, enrolment_id uuid, learner_id uuid, part smallint, averages jsonb, remarks jsonb, level smallint,
  before smallint, adjusted_by text, conduct smallint, honour text, outcome text, retest text[], rule text,
  inputs_hash text
) on commit delete rows
"""
_COPY = f"copy academics_staged ({_COLUMNS}, {_REST}) from stdin"
# a result goes along with a pupil who changed classes within the school
_FOLLOW = """
update academics_result r set enrolment_id = s.enrolment_id from academics_staged s
where r.learner_id = s.learner_id and r.part = s.part and r.school_year = %(year)s and r.organisation_id = %(school)s
  and r.enrolment_id <> s.enrolment_id
  and not exists (select 1 from academics_result t where t.enrolment_id = s.enrolment_id and t.part = s.part)
"""
_DECIDED = (*_FACTS, "rule", "inputs_hash")
_KEEP = f"""
insert into academics_result as r ({_COLUMNS}, {_REST}, organisation_id, school_year, computed_at)
select {_COLUMNS}, {_REST}, %(school)s, %(year)s, now() from academics_staged
on conflict (enrolment_id, part) do update set {", ".join(f"{each} = excluded.{each}" for each in _DECIDED)},
  path = excluded.path, computed_at = excluded.computed_at
where ({", ".join(f"r.{each}" for each in _DECIDED)})
  is distinct from ({", ".join(f"excluded.{each}" for each in _DECIDED)})
"""


@dataclass(frozen=True)
class Computed:
    """What came of computing: pupils decided, rows written and left as they were, pupils under other rules."""

    pupils: int = 0
    written: int = 0
    unchanged: int = 0
    skipped: int = 0

    def __add__(self, other: "Computed") -> "Computed":
        """Add up two schools."""
        return Computed(
            self.pupils + other.pupils,
            self.written + other.written,
            self.unchanged + other.unchanged,
            self.skipped + other.skipped,
        )


@transaction.atomic
def compute_results(
    school: UUID,
    year: int,
    *,
    parts: Collection[int] = PARTS,
    classes: Collection[UUID] | None = None,
    is_closed: bool = False,
) -> Computed:
    """Decide and keep the results of a school, or of some of its classes; equal rows are left untouched.

    Preschool groups are under rules of their own and are counted as skipped. ``is_closed``: tests of secondary classes
    that were neither taken nor made up count as the profile says; they do anyway once the school has closed the year.
    """
    is_closed = is_closed or closing.is_closed(school, year)
    cases = cases_of(school, year, classes=classes, is_closed=is_closed)
    young = primary_cases_of(school, year, classes=classes)
    rows = [row for case in cases.found for row in _staged(case, parts)]
    rows += [row for case in young for row in _staged_primary(case, parts)]
    written = _keep(school, year, rows)
    pupils = len(cases.found) + len(young)
    return Computed(pupils, written, len(rows) - written, cases.skipped - len(young))


def _keep(school: UUID, year: int, rows: Sequence[tuple[Any, ...]]) -> int:
    if not rows:
        return 0
    keys = iter(uuid7_texts(len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row((next(keys), *row))
        cursor.execute(_FOLLOW, {"school": school, "year": year})
        cursor.execute(_KEEP, {"school": school, "year": year})
        written: int = cursor.rowcount
        cursor.execute("truncate academics_staged")
    return written


def _staged(case: Case, parts: Collection[int]) -> list[tuple[Any, ...]]:
    outcome, profile = secondary_year(case.profile, case.year), case.profile
    return [
        _row(case.sitting, part, stored(case.year, outcome, part), profile, resting_on(case.year, part))
        for part in parts
    ]


def _staged_primary(case: PrimaryCase, parts: Collection[int]) -> list[tuple[Any, ...]]:
    asked = [(part, case.times.part(part)) for part in PRIMARY_PARTS if part in parts]
    return [
        _row(case.sitting, part, decide_primary(case.profile, rests_on), case.profile, rests_on)
        for part, rests_on in asked
    ]


def _row(one: Sitting, part: int, facts: Mapping[str, Any], profile: Profile, rests_on: Any) -> tuple[Any, ...]:
    told = [json.dumps(facts[each]) if each in ("averages", "remarks") else facts[each] for each in _FACTS]
    mark = inputs_hash(profile, rests_on)
    return (one.path, str(one.enrolment), str(one.learner), part, *told, profile.rule, mark)


def compute_all(
    progress: Progress, under: str, year: int, *, closed: bool = False, asked_by: str = ""
) -> Mapping[str, Any]:
    """Compute the results of every school at or below a place, each in its own transaction; safe to run twice."""
    with acting(SYSTEM):
        places = schools_with_classes(under, year)
    total = Computed()
    by = replace(SYSTEM, name=asked_by or SYSTEM.name)
    for done, place in enumerate(places):
        progress.step(done, len(places), place.name)
        with acting(by):
            found = compute_results(place.school, year, is_closed=closed)
            note = f"{year}: {found.pupils}, {found.written}"
            record("academics.results_computed", on_kind="school", on_id=place.school, note=note, path=place.path)
        total += found
    progress.step(len(places), len(places))
    return {"schools": len(places), "year": year, **vars(total)}


@dataclass(frozen=True)
class Unproved:
    """A stored result that does not follow from what stands there now."""

    result: UUID
    learner: UUID
    part: int
    same_inputs: bool
    differences: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class Proved:
    """What came of proving the results of a school."""

    results: int
    proved: int
    unproved: tuple[Unproved, ...]


def prove_results(school: UUID, year: int) -> Proved:
    """Recompute every stored result of a school under the rule it names, from the live inputs, and compare."""
    closed: dict[UUID, Case] | None = None
    live: dict[UUID, Case | PrimaryCase] = {each.sitting.learner: each for each in primary_cases_of(school, year)}
    live |= {each.sitting.learner: each for each in cases_of(school, year).found}
    rows = Result.objects.filter(organisation=school, school_year=year).order_by("learner_id", "part")
    proved, unproved = 0, []
    for row in rows.iterator():
        case = live.get(row.learner_id)
        found = _proof(row, case)
        if not (found.same_inputs or isinstance(case, PrimaryCase)):  # computed when the year was closed?
            if closed is None:
                closed = {each.sitting.learner: each for each in cases_of(school, year, is_closed=True).found}
            again = _proof(row, closed.get(row.learner_id))
            found = again if again.is_proved else found
        if found.is_proved:
            proved += 1
        else:
            unproved.append(Unproved(row.pk, row.learner_id, row.part, found.same_inputs, found.differences))
    return Proved(proved + len(unproved), proved, tuple(unproved))


def _proof(row: Result, case: Case | PrimaryCase | None) -> Proof:
    if case is None:
        return Proof(False, False, "", (("inputs", row.inputs_hash, None),))
    try:
        profile = profile_named(row.rule)
    except NoProfile:
        return Proof(False, False, "", (("rule", row.rule, None),))
    facts = {each: getattr(row, each) for each in _FACTS}
    if isinstance(case, PrimaryCase) and isinstance(profile, PrimaryProfile):
        return prove(profile, case.times.part(row.part), facts, row.inputs_hash, decide_primary)
    if isinstance(case, PrimaryCase) or not isinstance(profile, SecondaryProfile):
        return Proof(False, False, "", (("rule", row.rule, case.profile.rule),))
    decided = partial(_decided, part=row.part)
    return prove(profile, resting_on(case.year, row.part), facts, row.inputs_hash, decided)


def _decided(profile: SecondaryProfile, year: Any, *, part: int) -> dict[str, Any]:
    return decide(profile, year, part)
