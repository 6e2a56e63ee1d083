"""School transfer between schools and provinces."""
