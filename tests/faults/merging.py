"""Merges and runs of matching that are killed."""

from tests.faults.ground import a_ground

PEOPLE = 12  # each known twice
_TABLES = ("registry_person", "registry_enrolment", "registry_guardianship", "registry_formerkey", "identity_account")
_HALF = """
select p.id from matching_pair p
where (select count(*) from registry_person o where o.id in (p.one, p.two)) = 2
  and exists (select 1 from matching_merge m where m.dropped in (p.one, p.two) and m.undone_at is null)
union all select p.id from matching_pair p
where (select count(*) from registry_person o where o.id in (p.one, p.two)) <> 2
  and not exists (select 1 from matching_merge m join registry_formerkey f on f.id = m.dropped
    where m.dropped in (p.one, p.two) and m.undone_at is null)
union all select m.id from matching_merge m where not exists (select 1 from matching_touched t where t.merge_id = m.id)
"""


def kill_merges(rounds: int, *, seed: int, name: str, strikes_server: bool = False) -> dict[str, int]:
    """Kill a row of merges in each round; gives how many were killed and how many merges came to be.

    :raises AssertionError: a merge is neither there nor not there, or undoing all does not bring everything back
    """
    merged = 0
    with a_ground("merging", name, seed=seed, strikes_server=strikes_server) as ground:
        before = ground.picture(*_TABLES)
        for _round in range(rounds):
            ground.strike("merge", within=0.5)
            if ground.asked(_HALF):
                raise AssertionError("a merge is neither there nor not there")
            merged = ground.asked("select count(*) from matching_merge where undone_at is null")[0][0]
            ground.strike("undo", within=0.3)
            if ground.asked(_HALF):
                raise AssertionError("an undoing is neither done nor not done")
        ground.finish("undo")
        if ground.picture(*_TABLES) != before:
            raise AssertionError("not everything came back")
    return {"killed": ground.killed, "servers killed": ground.servers_killed, "merged": merged}


def kill_runs(rounds: int, *, seed: int, name: str, strikes_server: bool = False) -> dict[str, int]:
    """Kill a run in each round, then let it go on; gives how many were killed and the pairs that were found.

    :raises AssertionError: pairs are missing or doubled, or the run is not done
    """
    with a_ground("merging", name, seed=seed, strikes_server=strikes_server) as ground:
        ground.asked("delete from matching_pair returning id")
        for _round in range(rounds):
            ground.strike("run", within=1.5)
        ground.finish("run")
        found = ground.asked("select count(*), count(distinct (one, two)) from matching_pair")[0]
        states = {state for (state,) in ground.asked("select state from matching_run")}
        if tuple(found) != (PEOPLE, PEOPLE) or states != {"done"}:
            raise AssertionError(f"{found} pairs, {states}")
    return {"killed": ground.killed, "servers killed": ground.servers_killed, "pairs": found[0]}
