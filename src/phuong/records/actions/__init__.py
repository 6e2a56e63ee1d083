"""Writes of the desk: one record, or many at once."""
