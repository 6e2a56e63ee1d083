"""Tests of the house as a whole; each app's own tests lie in the app."""
