"""Organisations and people, once each."""
