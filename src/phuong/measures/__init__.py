"""Counts what the apps declare, and keeps the figures."""
