"""Reads of marks and results."""
