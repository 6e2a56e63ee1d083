"""Writes of provisioning."""
