"""Writes of onboarding."""
