"""Reads of provisioning."""
