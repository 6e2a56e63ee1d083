"""Writes of identity."""

import datetime as dt

from django.db import transaction

from phuong.identity.models import Account, RoleAssignment
from phuong.kernel.audit import record
from phuong.registry.api import Organisation


@transaction.atomic
def open_account(*, username: str, name: str, role: str, place: Organisation, password: str, since: dt.date) -> Account:
    """Open an account with one role at ``place``, or give the password anew to the one that has this name."""
    account = Account.objects.filter(username=username).first() or Account(username=username)
    account.display_name, account.path = name, place.path
    account.set_password(password)
    account.save()
    RoleAssignment.objects.get_or_create(
        account=account, organisation=place, role=role, defaults={"path": place.path, "during": (since, None)}
    )
    record("identity.account_opened", on_kind="account", on_id=account.pk, note=role, path=place.path)
    return account
