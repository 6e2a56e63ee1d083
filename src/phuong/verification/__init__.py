"""Verification of people against the national population database."""
