"""Accounts opened in bulk, beside a bare COPY of the same rows."""

import os
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from phuong.config.benches.figures import figure, sizes, timed
from phuong.identity.api import ACCOUNT_KINDS, open_missing
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.onboarding.actions.accounts import BATCH
from phuong.registry.api import Person

_COLUMNS = "id, path, username, display_name, email, person_id, is_active, password, created_at"


def _people() -> list[Any]:
    """Give the learners to measure with: those whose account nobody has activated."""
    most = int(os.environ.get("PHUONG_BENCH_ACCOUNTS", "20000"))
    untouched = Q(account__isnull=True) | Q(account__password__startswith="!")  # noqa: S106 - Django's mark of no password
    rows = Person.objects.filter(untouched, is_learner=True).order_by("id")
    return list(rows.values_list("id", flat=True)[:most])


def accounts() -> Iterator[dict[str, Any]]:
    """Open accounts with their roles, in batches as the job does; the floor is a bare COPY. All is rolled back.

    ``ratio``: how many times as long as the COPY.
    """
    with acting(SYSTEM):
        people = _people()
        _close(people)
        batches = [people[start : start + BATCH] for start in range(0, len(people), BATCH)]
        made = _per_second(len(people), lambda: [open_missing(ACCOUNT_KINDS["learners"], each) for each in batches])
        with connection.cursor() as cursor:
            picked = f"select {_COLUMNS} from identity_account where person_id = any(%s)"
            cursor.execute(picked, [people])
            rows = cursor.fetchall()
        floor = _per_second(len(rows), lambda: _copy(rows))
        transaction.set_rollback(True)
    yield {**figure("accounts opened", made, "/s", floor), "ratio": round(floor / made, 2)}


def _per_second(count: int, work: Callable[[], Any]) -> float:
    return count / max(timed(work), 1e-9)


def _close(people: list[Any]) -> None:
    with connection.cursor() as cursor:
        theirs = "account_id in (select id from identity_account where person_id = any(%s))"
        cursor.execute(f"delete from identity_roleassignment where {theirs}", [people])
        cursor.execute("delete from identity_account where person_id = any(%s)", [people])


def _copy(rows: list[Any]) -> None:
    """Copy as fast as the table takes it; a table under row security takes no COPY, so into one like it."""
    with connection.cursor() as cursor:
        cursor.execute("create temporary table bench_account (like identity_account including indexes) on commit drop")
        with cursor.copy(f"copy bench_account ({_COLUMNS}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)


ACCOUNTS = Bench("accounts", sizes, accounts)
