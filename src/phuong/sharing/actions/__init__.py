"""Every write of data sharing."""
