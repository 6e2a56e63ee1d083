"""The language a page is written in: Vietnamese, or English where the reader chose it."""

from django.utils.translation import get_language


def is_english() -> bool:
    """Tell whether the page is being written in English."""
    return (get_language() or "vi").startswith("en")
