"""REST v1."""

from phuong.gateway.declarations import PLURALS
from phuong.gateway.rest.document import document_text
from phuong.gateway.rest.service import api

__all__ = ["PLURALS", "api", "document_text"]
