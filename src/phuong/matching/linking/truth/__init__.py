"""Synthetic truth: people whose records are known to belong together, with the slips that records have."""
