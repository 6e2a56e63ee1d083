"""Fixtures for every test of the house."""
