"""Pages of provisioning."""
