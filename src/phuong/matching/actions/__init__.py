"""Writes of matching: runs, decisions, merges and their undoing."""
