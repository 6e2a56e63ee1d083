"""Forgetting what sign-ins at sites left behind."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from allauth.idp.oidc.models import Token
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress
from phuong.kernel.scope import SYSTEM, acting
from phuong.signon.models import SiteSession, SpentToken

OVER_DAYS = 30  # after its end, a sign-in still tells who was signed in where
OPEN_DAYS = 60  # no browser session lasts so long; without a live token nothing can come of the sign-in any more


def forget_old(progress: Progress) -> Mapping[str, Any]:
    """Forget tokens that are over, and sign-ins that ended long ago: a statement each. Safe to run twice."""
    now = timezone.now()
    live = Token.objects.valid().filter(client_id=OuterRef("client_id"), user_id=OuterRef("account_id"))
    is_over = Q(ended_at__lt=now - dt.timedelta(days=OVER_DAYS))
    is_idle = Q(ended_at=None, started_at__lt=now - dt.timedelta(days=OPEN_DAYS)) & ~Exists(live)
    with acting(SYSTEM):
        progress.step(0, 2)
        tokens, _each = Token.objects.expired().delete()
        progress.step(1, 2)
        over = SiteSession.objects.filter(is_over | is_idle)
        SpentToken.objects.filter(session__in=over).delete()
        _rows, each = over.delete()
        sessions = each.get("signon.SiteSession", 0)
        record("signon.old_forgotten", note=f"{tokens} + {sessions}")
    return {"tokens": tokens, "sessions": sessions}
