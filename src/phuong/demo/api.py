"""The door of the synthetic province."""

from phuong.demo.accounts import demo_accounts
from phuong.demo.bench import load_figures
from phuong.demo.figures import past_snapshots
from phuong.demo.marks import fill_gradebook
from phuong.demo.network import name_focal_points

__all__ = ["demo_accounts", "fill_gradebook", "load_figures", "name_focal_points", "past_snapshots"]
