"""Accounts, roles, sign-on."""
