"""What units report officially, beside what is counted."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from phuong.kernel.audit import record
from phuong.plans.models import Indicator, Reported
from phuong.registry.api import Organisation


@transaction.atomic
def report_value(
    *, indicator: Indicator, organisation: Organisation, as_of: dt.date, value: Decimal, source: str
) -> Reported:
    """Keep what a unit reported for a day; a second report of the same day takes the place of the first."""
    reported, _is_new = Reported.objects.update_or_create(
        indicator=indicator, organisation=organisation, as_of=as_of, defaults={"value": value, "source": source}
    )
    record("plans.reported", on_kind="indicator", on_id=indicator.pk, note=str(value))
    return reported
