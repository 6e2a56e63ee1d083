"""REST v1."""

from phuong.gateway.rest.document import document_text
from phuong.gateway.rest.service import PLURALS, api

__all__ = ["PLURALS", "api", "document_text"]
