"""Pages and endpoints of signon."""
