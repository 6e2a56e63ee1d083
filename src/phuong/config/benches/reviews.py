"""Reviewing thousands of reported values in one act, and telling the units what came back."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice, product
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from phuong.config.benches.figures import figure, sizes, timed
from phuong.identity.api import Account, RoleAssignment
from phuong.kernel.contributions import Bench
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import SYSTEM, Actor, acting
from phuong.plans.actions.reporting import review_values
from phuong.plans.api import Indicator, Plan, Reported
from phuong.registry.api import Organisation, province_of

VALUES = 2000
MONTH = dt.date(2025, 9, 1)
SINCE = dt.date(2025, 8, 1)
_BARE = "create temporary table bench_reported (like plans_reported including all) on commit drop"
_FILL = "insert into bench_reported select * from plans_reported where id = any(%s)"
_UPDATE = "update bench_reported set state = %s, review_comment = 'x', reviewed_at = now(), reviewed_by_name = 'x'"


def reviews() -> Iterator[dict[str, Any]]:
    """Accept 2,000 values in one act, then return as many, each to its unit; all is rolled back.

    The floor is one UPDATE of as many rows of a table with the same indexes and checks, without history.
    """
    reverse("ui:home")  # reads all addresses in, as a server did long ago
    with acting(SYSTEM):
        province = province_of("vn")
        if province is None:
            return
        under = Organisation.objects.filter(path__under=province.path).order_by("id")
        units = [unit for unit in under if unit.is_commune]
        _accounts(units)
        may = frozenset({Permission.PLANS_READ, Permission.VALUES_REVIEW})
        by = Actor(scope=province.path, name="Bench", role="division_officer", permissions=may)
        took = [_reviewed(units, by, accept=accept) for accept in (True, False)]
        transaction.set_rollback(True)
    for what, (value, floor) in zip(("accepted", "returned, units told"), took, strict=True):
        yield figure(f"{VALUES} reported values {what} in one act", value, "s", floor)


def _accounts(units: Sequence[Organisation]) -> None:
    """Give each unit somebody who is told what comes back."""
    keys = [(unit, Account(username=f"bench.{unit.pk}", path=unit.path, password="!")) for unit in units]  # noqa: S106
    Account.objects.bulk_create(account for _unit, account in keys)
    RoleAssignment.objects.bulk_create(
        RoleAssignment(account=account, organisation=unit, path=unit.path, role="commune_officer", during=(SINCE, None))
        for unit, account in keys
    )


def _reviewed(units: Sequence[Organisation], by: Actor, *, accept: bool) -> tuple[float, float]:
    """Give the seconds of one review and of its floor."""
    sent = _sent(units, "accepted" if accept else "returned")
    moment = {key: at for key, at in Reported.objects.filter(pk__in=sent).values_list("pk", "submitted_at") if at}
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        cursor.execute(_FILL, [sent])
        floor = timed(lambda: cursor.execute(_UPDATE, ["accepted" if accept else "returned"]))
        cursor.execute("drop table bench_reported")
    with acting(by):
        value = timed(lambda: review_values(moment, accept=accept, comment="Xem lại", by=by))
    return value, floor


def _sent(units: Sequence[Organisation], code: str) -> list[UUID]:
    """Let the communes send in 2,000 values of a plan that is made for it."""
    plan = Plan.objects.create(
        code=f"bench-{code}", title="Bench", issuer="Bench", province_code="31", starts=2025, ends=2030, digest="x"
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(plan=plan, code=f"B{rank}", title=f"Bench {rank}", rank=rank, unit="percent", scope="communes")
        for rank in range(1, -(-VALUES // len(units)) + 1)
    )
    facts = {"period": MONTH, "as_of": MONTH, "value": Decimal(50), "source": "Bench", "state": "submitted"}
    facts |= {"submitted_by_name": "Bench sender", "submitted_at": timezone.now()}
    rows = (
        Reported(indicator=indicator, organisation=unit, path=unit.path, **facts)
        for indicator, unit in islice(product(indicators, units), VALUES)
    )
    return [row.pk for row in Reported.objects.bulk_create(rows)]


REVIEWS = Bench("reviews", sizes, reviews)
