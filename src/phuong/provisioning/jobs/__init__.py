"""Work later: carrying out plans at night, telling the mail suite."""

from phuong.provisioning.jobs.telling import PLAN, TELL, tell_suite

__all__ = ["PLAN", "TELL", "tell_suite"]
