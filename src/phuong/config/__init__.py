"""Composes the house: settings, addresses, the command line. May import anything."""
