"""Imports that are killed while they are applied or undone, and two imports of one school at once."""

from tests.faults.ground import Ground, a_ground

SCHOOLS, LEARNERS = 8, 60  # learners of each school
ALL = SCHOOLS * LEARNERS
_TABLES = ("registry_person", "registry_enrolment")
_PLACED = """
select count(*), count(distinct (p.path, p.full_name)), count(distinct e.learner_id),
  count(*) filter (where e.path <> p.path or p.number_cipher is null)
from registry_person p join registry_enrolment e on e.learner_id = p.id and e.ends_on is null
"""
_HALF = f"""
select p.path, count(*) from registry_person p where p.is_learner
  group by p.path having count(*) <> {LEARNERS}
union all select t.path, count(*) from intake_part t group by t.path, t.batch_id having count(*) > 1
"""
_STATE = "select state from intake_batch order by id"


def kill_imports(rounds: int, *, seed: int, name: str, strikes_server: bool = False) -> dict[str, int]:
    """Kill the applying and the undoing of one file in each round, then let them end; gives how many were killed.

    :raises AssertionError: a school is there by half, somebody is missing or there twice, or undoing leaves a trace
    """
    with a_ground("importing", name, seed=seed, strikes_server=strikes_server) as ground:
        before = ground.picture(*_TABLES)
        for left in reversed(range(rounds)):
            _to_the_end(ground, "apply", half=_HALF)
            _must(ground, _PLACED, (ALL, ALL, ALL, 0))
            _must(ground, "select sum(created), count(*) from intake_part where state = 'applied'", (ALL, SCHOOLS))
            _to_the_end(ground, "undo", half=_HALF)
            if ground.picture(*_TABLES) != before:
                raise AssertionError("undoing left a trace")
            if left:
                ground.finish("again")
    return {"killed": ground.killed, "servers killed": ground.servers_killed, "learners": ALL}


def _to_the_end(ground: Ground, act: str, *, half: str) -> None:
    """Strike an act, in long plays three times, see that no school is half done, and let it end."""
    for _blow in range(3 if ground.strikes_server else 1):
        ground.strike(act, within=0.6)
        if found := ground.asked(half):
            raise AssertionError(f"{act}: half done: {found}")
    ground.finish(act)


def kill_two_at_once(rounds: int, *, seed: int, name: str, strikes_server: bool = False) -> dict[str, int]:
    """Apply two files of the same people at once, one of them struck, then let both end.

    :raises AssertionError: somebody is missing or there twice
    """
    with a_ground("importing", name, seed=seed, strikes_server=strikes_server) as ground:
        for left in reversed(range(rounds)):
            ground.finish("twins")
            other = ground.child("other")
            ground.strike("apply", within=0.6)
            if other.wait(timeout=300) and not ground.strikes_server:
                raise AssertionError("the other import fell")
            ground.finish("other")
            ground.finish("apply")
            _must(ground, _PLACED, (ALL, ALL, ALL, 0))
            if {state for (state,) in ground.asked(_STATE)} != {"applied"}:
                raise AssertionError(str(ground.asked(_STATE)))
            _must(ground, "select sum(created) from intake_part", (ALL,))
            if left:
                ground.finish("clear")
    return {"killed": ground.killed, "servers killed": ground.servers_killed, "learners": ALL}


def _must(ground: Ground, statement: str, wanted: tuple[int, ...]) -> None:
    found = tuple(int(each or 0) for each in ground.asked(statement)[0])
    if found != wanted:
        raise AssertionError(f"{found} in place of {wanted}: {statement}")
