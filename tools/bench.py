"""``make bench``: every benchmark on a province of its own under ``.cache/bench``, one million learners by default.

``PHUONG_BENCH_LEARNERS=100000 make bench`` for a quick look; ``make bench ARGS="load signon links"`` for some alone.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PHUONG = str(Path(sys.executable).with_name("phuong"))
PLANS = ["plans", "import"]
STEPS = {
    "load": [["bench", "load"]],
    "measures": [PLANS, ["bench", "measures"]],
    "pages": [PLANS, ["bench", "pages"]],
    "desk": [["bench", "desk"]],
    "gradebook": [["bench", "gradebook"]],
    "reviews": [["bench", "reviews"]],
    "import": [["bench", "import"]],
    "audit": [["bench", "audit"]],
    "accounts": [["bench", "accounts"]],
    "signon": [["bench", "signon"]],
    "links": [["bench", "links"]],
    "calls": [["bench", "calls"]],
    "province": [["bench", "province"]],
    "results": [["bench", "results"]],
    "matching": [["bench", "matching"]],
    "verification": [["bench", "verification"]],
    "sharing": [["bench", "sharing"]],
}


def main() -> int:
    """Run the benchmarks asked for, in order; gives the exit code."""
    environment = {**os.environ, "PHUONG_HOME": os.environ.get("PHUONG_HOME") or str(ROOT / ".cache" / "bench")}
    environment.pop("DATABASE_URL", None)
    subprocess.run([PHUONG, "upgrade", "-v0"], env=environment, check=True)
    for name in sys.argv[1:] or STEPS:
        for command in STEPS[name]:
            done = subprocess.run([PHUONG, *command], env=environment, check=False)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
