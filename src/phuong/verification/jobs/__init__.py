"""Long work of verification."""

from phuong.verification.jobs.running import COLLECT, FOLLOW, RUN, collect, run_checks

__all__ = ["COLLECT", "FOLLOW", "RUN", "collect", "run_checks"]
