"""The day a page speaks of: today, or a past day somebody looks back to."""

import datetime as dt

from django.utils import timezone

from phuong.kernel.scope import current_actor


def today() -> dt.date:
    """Give the present day where the schools are, or the day the acting person looks back to."""
    return current_actor().as_of or timezone.localdate()
