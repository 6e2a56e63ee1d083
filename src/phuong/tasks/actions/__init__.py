"""Writes of tasks."""
