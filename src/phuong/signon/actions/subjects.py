"""Under which name a site knows a person."""

import uuid

from django.conf import settings

from phuong.identity.api import Account
from phuong.signon.models import Subject
from phuong.signon.queries import party_of
from phuong.signon.rules import pairwise_subject


def subject_for(account: Account, client_id: str) -> str:
    """Name a person to a site: by a name of its own (pairwise) to a vendor, by the key to the sector's own sites."""
    party = party_of(client_id)
    if party is not None and not party.is_outside:
        return str(account.pk)
    sector = party.sector if party else client_id
    known = Subject.objects.filter(account=account, sector=sector).first()
    if known is None:
        sub = pairwise_subject(str(account.pk), sector, settings.PHUONG_FIELD_KEY.encode())
        known, _is_new = Subject.objects.get_or_create(account=account, sector=sector, defaults={"sub": sub})
    return str(known.sub)


def account_by_subject(sub: str, client_id: str) -> Account | None:
    """Find the active person a site knows by ``sub``."""
    party = party_of(client_id)
    if party is not None and not party.is_outside:
        found = Account.objects.filter(pk=sub).first() if _is_key(sub) else None
    else:
        rows = Subject.objects.select_related("account")
        subject = rows.filter(sector=party.sector if party else client_id, sub=sub).first()
        found = subject.account if subject else None
    return found if found and found.is_active else None


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
