"""Pages of marks and results."""
