"""Accounts for other systems, and from them: SCIM server, and mailboxes kept in a mail suite."""
