"""``python -m tests.faults ROUNDS [SEED]``: every play; ``python -m tests.faults PLAY ACT``: what a child does."""

import os
import sys
import time
from pathlib import Path


def _play_all(rounds: int, seed: int) -> None:
    """Play everything on a home of its own, with PostgreSQL killed as well; a fault leaves with its story."""
    home = Path(os.environ.get("PHUONG_HOME") or ".cache/faults").resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["PHUONG_TESTS_HOME"] = str(home)
    import tests.server  # noqa: F401 - starts PostgreSQL
    from phuong.config import embedded
    from tests.faults.importing import kill_imports, kill_two_at_once
    from tests.faults.merging import kill_merges, kill_runs
    from tests.faults.verifying import kill_checks

    try:
        for play in (kill_imports, kill_two_at_once, kill_merges, kill_runs, kill_checks):
            told = play(rounds, seed=seed, name="faults", strikes_server=True)
            print(f"{play.__name__:18}", ", ".join(f"{what} {count}" for what, count in told.items()), flush=True)
    finally:
        embedded.stop()


def _act(play: str, word: str) -> None:
    """Do one act in the database of the environment."""
    import django

    django.setup()
    from tests.faults import importing_acts, merging_acts, verifying_acts

    plays = {"importing": importing_acts.ACTS, "merging": merging_acts.ACTS, "verifying": verifying_acts.ACTS}
    plays[play][word]()


if __name__ == "__main__":
    if sys.argv[1].isdigit():
        chosen = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
        print(f"seed {chosen}", flush=True)
        _play_all(int(sys.argv[1]), chosen)
    else:
        _act(sys.argv[1], sys.argv[2])
