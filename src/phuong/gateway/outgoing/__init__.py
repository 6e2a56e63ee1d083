"""What goes out to receivers of webhooks."""
