"""Marks and results: the programme as data, assessment rules as versioned profiles and pure functions."""
