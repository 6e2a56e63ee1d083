"""Writes of signon."""
