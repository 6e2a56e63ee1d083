"""The door of verification."""

from phuong.verification.models import Check, Dispatch

__all__ = ["Check", "Dispatch"]
