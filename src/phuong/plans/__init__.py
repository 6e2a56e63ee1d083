"""The plans of the state, their targets beside what the platform counts."""
