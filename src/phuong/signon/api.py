"""The door of signon."""

from phuong.signon.actions.sites import ensure_signing_key

__all__ = ["ensure_signing_key"]
