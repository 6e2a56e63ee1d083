"""The door of verification."""

from phuong.verification.models import Check, Dispatch
from phuong.verification.queries import last_answered_at, stuck_dispatches, totals

__all__ = ["Check", "Dispatch", "last_answered_at", "stuck_dispatches", "totals"]
