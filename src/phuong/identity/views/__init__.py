"""Pages of identity: the entrance, and one's own account."""
