"""Addresses of figures, worked out once each: a page of a province shows hundreds of them."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

MOST_KEPT = 50_000


def figure_url(measure: str, area_id: UUID | None) -> str:
    """Give the address of a figure over an area, in the reader's language."""
    return _url("measures:figure", measure, area_id, get_language() or "")


def records_url(measure: str, area_id: UUID | None) -> str:
    """Give the address of the records behind a figure, in the reader's language."""
    return _url("measures:records", measure, area_id, get_language() or "")


@lru_cache(maxsize=MOST_KEPT)
def _url(name: str, measure: str, area_id: UUID | None, language: str) -> str:
    del language  # part of the key: ``reverse`` itself asks which language is active
    return reverse(name, args=[measure, area_id])
