"""Identity checks that are killed while the gateway is slow, refuses, or has not yet an answer."""

import os

from tests.faults.ground import a_ground
from tests.outside import Outside, close_outside, open_outside
from tests.verifying import gateway_environment, received

PEOPLE, BATCH = 240, 20
_SENT = "select count(*), count(distinct facts) from verification_check"
_STATES = "select identity_state, count(*) from registry_person group by 1 order by 1"


def kill_checks(rounds: int, *, seed: int, name: str, strikes_server: bool = False) -> dict[str, int]:
    """Kill a run in each round against a real gateway, then let it end; gives how many were killed.

    :raises AssertionError: somebody was asked about twice, or not at all
    """
    outside = open_outside()
    try:
        return _played(outside, rounds, seed=seed, name=name, strikes_server=strikes_server)
    finally:
        close_outside(outside)


def _played(outside: Outside, rounds: int, *, seed: int, name: str, strikes_server: bool) -> dict[str, int]:
    os.environ.update(gateway_environment(outside, batch=BATCH, timeout=1))
    with a_ground("verifying", name, seed=seed, strikes_server=strikes_server) as ground:
        outside.fail("lgsp", slow=0.05, full_name="*3", pending="*7")
        for _round in range(rounds):
            ground.strike("check", within=1.2)
        outside.fail("lgsp", slow="", pending="")
        ground.finish("check")
        got = received(outside)
        if (got["persons"], got["distinct"], got["twice"]) != (PEOPLE, PEOPLE, 0):
            raise AssertionError(f"the gateway received {got}")
        if ground.asked(_SENT) != [(PEOPLE, PEOPLE)]:
            raise AssertionError(f"checks: {ground.asked(_SENT)}")
        if ground.asked(_STATES) != [("matched", PEOPLE - PEOPLE // 10), ("mismatched", PEOPLE // 10)]:
            raise AssertionError(f"states: {ground.asked(_STATES)}")
    return {"killed": ground.killed, "servers killed": ground.servers_killed, "people": PEOPLE}
