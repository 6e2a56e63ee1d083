"""The door of the synthetic province."""

from phuong.demo.accounts import demo_accounts
from phuong.demo.bench import load_figures
from phuong.demo.figures import past_snapshots

__all__ = ["demo_accounts", "load_figures", "past_snapshots"]
