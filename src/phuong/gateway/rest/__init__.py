"""REST v1."""

from phuong.gateway.rest.service import api

__all__ = ["api"]
