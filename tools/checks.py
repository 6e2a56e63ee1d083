"""The checks that need Django: its own deployment checks, and that no migration is missing."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PHUONG = str(Path(sys.executable).with_name("phuong"))


def main() -> int:
    """Run both; gives the exit code."""
    environment = {
        **os.environ,
        "PHUONG_HOME": str(ROOT / ".cache" / "tests"),
        "PHUONG_HTTPS": "1",
        "PHUONG_SECRET_KEY": "only-for-this-check-" * 4,
    }
    environment.pop("DATABASE_URL", None)
    commands = (["check", "--deploy", "--fail-level", "WARNING"], ["makemigrations", "--check", "--dry-run"])
    for command in commands:
        done = subprocess.run([PHUONG, *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout + done.stderr)
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
