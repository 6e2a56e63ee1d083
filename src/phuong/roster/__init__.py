"""Rosters for other systems, as OneRoster 1.2 gives and takes them."""
