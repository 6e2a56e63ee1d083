"""Ready-made stays of support for any app's tests."""

import datetime as dt

from django.utils import timezone

from phuong.identity.api import Account, RoleAssignment
from phuong.oversight.models import State, SupportAccess


def an_access(account: Account, hours: int = 4) -> SupportAccess:
    """Let an account that holds a role of support at a school in for some hours."""
    held = RoleAssignment.objects.get(account=account)
    now = timezone.now()
    return SupportAccess.objects.create(
        path=held.path,
        organisation=held.organisation,
        account=account,
        account_name=account.display_name,
        reason="x",
        hours=hours,
        may_write=held.role == "support_repair",
        state=State.APPROVED,
        decided_at=now,
        decided_by="x",
        assignment=held,
        starts_at=now,
        ends_at=now + dt.timedelta(hours=hours),
    )
