"""Data in: files of a school's own making, read, checked, tried, applied and, if need be, undone."""
