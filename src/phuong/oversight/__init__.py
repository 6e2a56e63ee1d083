"""Oversight: who holds which role, who came in to help, what left as a file."""
