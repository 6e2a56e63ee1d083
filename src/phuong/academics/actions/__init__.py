"""What is done to marks and results."""
