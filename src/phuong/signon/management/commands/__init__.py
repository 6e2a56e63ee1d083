"""Commands of signon."""
