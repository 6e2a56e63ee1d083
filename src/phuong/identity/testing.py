"""Ready-made accounts for any app's tests."""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password

from phuong.identity.models import Account, RoleAssignment
from phuong.registry.api import Organisation, Person

PASSWORD = "flame-tree-2026"  # noqa: S105
SINCE = dt.date(2025, 8, 1)


def an_account(
    role: str, place: Organisation, *, person: Person | None = None, path: str = "", username: str = "", **facts: Any
) -> Account:
    """Make an account with one role at ``place`` (scope: its path, or ``path``); its password is ``PASSWORD``."""
    account = Account(
        username=username or f"{role}.{place.code}".lower(),
        display_name=facts.pop("name", role.title()),
        person=person,
        path=place.path,
        **facts,
    )
    account.password = make_password(PASSWORD, hasher="random_secret")  # one round: tests make many accounts
    account.save()
    assign(account, role, place, path=path)
    return account


def assign(account: Account, role: str, place: Organisation, *, path: str = "", until: dt.date | None = None) -> None:
    """Give an account one more role."""
    RoleAssignment.objects.create(
        account=account, organisation=place, role=role, path=path or place.path, during=(SINCE, until)
    )
