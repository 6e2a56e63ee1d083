"""Signing in at sites: codes, refresh tokens and their theft, the end of a session."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import requests
import structlog
from allauth.core import context
from allauth.idp.oidc.models import Token
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from phuong.identity.api import Account
from phuong.kernel.audit import record
from phuong.kernel.jobs import Progress, later
from phuong.kernel.scope import SYSTEM, acting
from phuong.signon.actions.subjects import subject_for
from phuong.signon.models import Consent, SiteSession, SpentToken
from phuong.signon.queries import HeldRole, agreed_scopes, party_of, roles_today
from phuong.signon.rules import hash_of
from phuong.signon.tokens import SIGN_IN, SignIn, logout_token

log = structlog.get_logger()
TIMEOUT_SECONDS = 5
CODE, REFRESH = "authorization_code", "refresh_token"


def agree(account: Account, client_id: str, scopes: list[str]) -> None:
    """Keep what a person agreed that a site may be told, beside what was agreed before."""
    before = agreed_scopes(account, client_id)
    if not before or not before.issuperset(scopes):
        wanted = sorted(before.union(scopes))
        Consent.objects.update_or_create(account=account, client_id=client_id, defaults={"scopes": wanted})


def open_site_session(
    *, account: Account, client_id: str, code: str, browser: str, issuer: str, asked: Mapping[str, Any]
) -> SiteSession:
    """Keep a code with what it was asked for, and out of which browser session it was given.

    The site is told when that session is over.
    """
    made = SiteSession.objects.create(
        account=account,
        client_id=client_id,
        code_hash=hash_of(code),
        browser_hash=hash_of(browser),
        issuer=issuer,
        asked=dict(asked),
    )
    record("signon.signed_in", on_kind="site", on_id=client_id, path=account.path)
    return made


def exchange(asked: Mapping[str, Any], answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Exchange a code or a refresh token, each once; two at once wait for each other.

    A code or refresh token shown a second time was stolen: everything given out of that sign-in ends (RFC 9700, 4.14).
    """
    grant = asked.get("grant_type", "")
    if grant not in (CODE, REFRESH):
        return _refused("unsupported_grant_type")
    shown = hash_of(str(asked.get("code" if grant == CODE else "refresh_token", "")))
    session, is_stolen = _session_of(grant, shown)
    if session is not None and is_stolen:
        end_site_session(session, because="reused")
    roles = _roles_of(session) if session is not None and not is_stolen else []
    if session is None or not roles:
        return _refused("invalid_grant")
    setattr(context.request, SIGN_IN, SignIn(session, roles))
    given = answer()
    if given.status_code == 200:
        _keep(session, grant, shown, json.loads(given.content))
    return given


def _session_of(grant: str, shown: str) -> tuple[SiteSession | None, bool]:
    """Find and lock the sign-in of a code or refresh token; says too whether it was shown before.

    Who comes second waits for the lock, and then reads what the first one wrote.
    """
    rows = SiteSession.objects.select_related("account").select_for_update(of=("self",))
    if grant == CODE:
        session = rows.filter(code_hash=shown).first()
        return session, bool(session and session.code_used)
    if session := rows.filter(refresh_hash=shown).first():
        return session, False
    spent = SpentToken.objects.select_related("session__account").filter(hash=shown).first()
    return (spent.session, True) if spent else (None, False)


def _roles_of(session: SiteSession) -> list[HeldRole]:
    """Give the roles held today; none when the sign-in is over, the account closed or the site no longer in use."""
    is_open = session.ended_at is None and session.account.is_active and party_of(session.client_id) is not None
    return roles_today(session.account) if is_open else []


def _keep(session: SiteSession, grant: str, shown: str, tokens: Mapping[str, Any]) -> None:
    if grant == REFRESH:
        SpentToken.objects.create(hash=shown, session=session)
    session.code_used = True
    session.refresh_hash = hash_of(tokens["refresh_token"]) if tokens.get("refresh_token") else ""
    session.save(update_fields=["code_used", "refresh_hash"])


def _refused(code: str) -> HttpResponse:
    return JsonResponse({"error": code}, status=400)


def end_site_session(session: SiteSession, *, because: str) -> None:
    """End one sign-in at a site: its tokens are over, and the site is told."""
    SiteSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=timezone.now(), refresh_hash="")
    Token.objects.filter(client_id=session.client_id, user_id=session.account_id).delete()
    record("signon.signed_out", on_kind="site", on_id=session.client_id, note=because, path=session.account.path)
    party = party_of(session.client_id)
    if party is not None and party.logout_uri:
        later("signon.tell_site", session=str(session.pk))


def browser_session_over(session_key: str) -> None:
    """End every sign-in at a site that came out of one browser session."""
    rows = SiteSession.objects.select_related("account").filter(browser_hash=hash_of(session_key), ended_at=None)
    for session in rows.order_by("id"):
        end_site_session(session, because="session over")


def tell_site(progress: Progress, session: str) -> dict[str, Any]:
    """Tell a site that a session is over; tried again when the site does not answer. Safe to run twice.

    :raises requests.RequestException: the site did not take it
    """
    del progress
    with acting(SYSTEM), transaction.atomic():
        over = SiteSession.objects.select_related("account", "client").get(pk=UUID(session))
        party = party_of(over.client_id)
        if party is None or not party.logout_uri:
            return {"told": False}
        sub = subject_for(over.account, over.client_id)
    token = logout_token(issuer=over.issuer, client_id=over.client_id, sub=sub, sid=str(over.pk))
    answer = requests.post(
        party.logout_uri, data={"logout_token": token}, timeout=TIMEOUT_SECONDS, allow_redirects=False
    )
    answer.raise_for_status()
    return {"told": True}
