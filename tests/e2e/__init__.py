"""Journeys through the demo province in a real browser."""
