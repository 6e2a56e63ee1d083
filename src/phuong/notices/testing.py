"""Ready-made readers and notices for any app's tests."""

from typing import Any

from phuong.identity.api import Account
from phuong.identity.testing import an_account
from phuong.notices.models import Notice, Preference
from phuong.registry.api import Organisation


def a_reader(place: Organisation, number: int = 1, **wishes: Any) -> Account:
    """Make the officer ``cb{number}`` of a commune, with an address; with ``wishes`` only where they are given."""
    account = an_account("commune_officer", place, username=f"cb{number}", email=f"cb{number}@xa.example")
    if wishes:
        Preference.objects.create(account=account, path=account.path, **wishes)
    return account


def a_notice(account: Account, title: str = "Nhắc: Rà soát phòng học tạm", **facts: Any) -> Notice:
    """Tell somebody something, by default a reminder."""
    given = {
        "kind": "tasks.reminder",
        "detail": "Lãnh đạo Hải nhắc, hạn 01/11/2026",
        "url": "/nhiem-vu/",
        "path": account.path,
        **facts,
    }
    return Notice.objects.create(account=account, title=title, **given)
