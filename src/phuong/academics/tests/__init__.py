"""Tests of marks and results."""
