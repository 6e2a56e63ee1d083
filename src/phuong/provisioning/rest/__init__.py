"""The SCIM 2.0 interface (RFC 7643, RFC 7644)."""
