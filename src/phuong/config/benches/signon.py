"""The start of a lesson: people signed in here go on to another site, a code and a token each."""

import base64
import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from phuong.config.benches.figures import figure, p95_of, sizes
from phuong.config.benches.serving import CLIENTS, PASSWORD, WARM_UP, Client, asked, served, sign_in, under_load
from phuong.identity.api import open_account
from phuong.kernel.contributions import Bench
from phuong.kernel.scope import SYSTEM, acting
from phuong.registry.api import Organisation, largest_commune
from phuong.signon.actions.signing import agree
from phuong.signon.actions.sites import SCOPES, Site, end_site, ensure_signing_key, register_site

EXCHANGES = 100  # at each client
BACK = "http://127.0.0.1/bench"
SINCE = dt.date(2025, 8, 1)


def signon() -> Iterator[dict[str, Any]]:
    """Let eight teachers sign in at a public client over and over; the floor is ``/healthz`` at as many clients.

    One exchange is two requests: the authorization of somebody signed in who agreed before, and the token.
    """
    with _site() as client_id:
        if not client_id:
            return
        with served() as port:
            floor = asked(port, "/healthz", each=EXCHANGES)
            sessions = [sign_in(port, _name(place)) for place in range(CLIENTS)]
            took = under_load(port, partial(_exchange, client_id), sessions * (EXCHANGES + WARM_UP))
    what = f"at {CLIENTS} clients"
    yield figure(f"code and token of a public PKCE client {what}", took.per_second, "/s", floor.per_second)
    yield figure(f"code and token: p95 {what}", took.p95 * 1000, "ms", floor.p95 * 1000)
    for name, seconds in zip(("code", "token"), zip(*took.results, strict=True), strict=True):
        yield figure(f"{name} alone: p95 {what}", p95_of(seconds) * 1000, "ms", floor.p95 * 1000)


def _name(place: int) -> str:
    return f"bench.day{place}"


@contextmanager
def _site() -> Iterator[str]:
    """Register a site for the time of the measuring, with eight teachers who agreed to it; gives its client id."""
    with acting(SYSTEM):
        commune = largest_commune()
        school = Organisation.objects.filter(parent=commune, kind="school").order_by("id").first()
        if school is None:
            yield ""
            return
        ensure_signing_key()
        site = Site("Bench", "Đo tốc độ", (BACK,), dt.date.today() + dt.timedelta(days=1))  # noqa: DTZ011
        party = register_site(site, unit=school, by=SYSTEM)
        for place in range(CLIENTS):
            account = open_account(
                username=_name(place), name="Bench", role="teacher", place=school, password=PASSWORD, since=SINCE
            )
            agree(account, party.client_id, list(SCOPES))
    try:
        yield str(party.client_id)
    finally:
        with acting(SYSTEM):
            end_site(party.pk, by=SYSTEM)


def _exchange(client_id: str, client: Client, session: Mapping[str, str]) -> tuple[float, float]:
    """Get a code and change it for tokens; gives the seconds of both requests."""
    verifier = secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asking = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": BACK,
        "scope": " ".join(SCOPES),
        "state": secrets.token_urlsafe(8),
        "nonce": secrets.token_urlsafe(8),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    given = client.ask(f"/o/authorize?{urlencode(asking)}", session, status=302)
    (code,) = parse_qs(urlsplit(given.header("Location")[0]).query)["code"]
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": client_id,
        "code_verifier": verifier,
    }
    return given.seconds, client.ask("/o/token", sent=sent).seconds


SIGNON = Bench("signon", sizes, signon)
