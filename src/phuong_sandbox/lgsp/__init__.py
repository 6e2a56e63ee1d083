"""The city's gateway (LGSP) and the population database behind it."""

from phuong_sandbox.lgsp.service import Lgsp

__all__ = ["Lgsp"]
