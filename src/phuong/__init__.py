"""Phượng: the open platform of a provincial education department."""
