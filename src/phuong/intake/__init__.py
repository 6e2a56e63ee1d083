"""Bulk import: files of schools and vendors become rows, checked before anything is written."""
