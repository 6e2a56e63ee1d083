"""OneRoster 1.2 over REST."""
