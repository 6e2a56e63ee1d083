"""The door of plans."""

from phuong.plans.models import Plan


def are_plans_loaded() -> bool:
    """Say whether any plan has been read in."""
    return Plan.objects.exists()


__all__ = ["are_plans_loaded"]
