"""Who calls with which token, and what the scopes of OneRoster open."""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db.models import QuerySet

from phuong.gateway.api import Caller, UnknownClient, caller_again, caller_of, mark_of_secret
from phuong.intake.sheets import may_bring, sheet_named
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor
from phuong.registry.api import Organisation, organisations_seen_by
from phuong.roster.errors import BadToken, NoScope
from phuong.roster.models import Bundle

PREFIX = "https://purl.imsglobal.org/spec/or/v1p2/scope/"
CORE = PREFIX + "roster-core.readonly"
ROSTER = PREFIX + "roster.readonly"
DEMOGRAPHICS = PREFIX + "roster-demographics.readonly"
GRADEBOOK = PREFIX + "gradebook.readonly"
GRADEBOOK_CORE = PREFIX + "gradebook-core.readonly"
SCOPES = (ROSTER, CORE, DEMOGRAPHICS, GRADEBOOK, GRADEBOOK_CORE)  # a token names them by their places
OF_MARKS = frozenset({GRADEBOOK, GRADEBOOK_CORE})
SHEETS = ("staff", "classes", "learners", "guardians", "teaching")  # what a bundle becomes
TOKEN_SECONDS = 3600
_SALT = "phuong.roster.token"
_MOST_TOKEN = 1000


@dataclass(frozen=True)
class Bearer:
    """A client with the scopes of the token it shows."""

    caller: Caller
    scopes: frozenset[str]


def may_read(actor: Actor) -> bool:
    """Say whether a client may read rosters at all: it holds the right to read learners or staff."""
    return actor.may(Permission.PERSONS_READ) or actor.may(Permission.STAFF_READ)


def may_take(actor: Actor, scope: str) -> bool:
    """Say whether a client may have a scope: that of marks asks for the right to read marks too."""
    return may_read(actor) and (scope not in OF_MARKS or actor.may(Permission.MARKS_READ))


def may_fill(actor: Actor) -> bool:
    """Say whether the actor may take vendors' bundles into schools: bring in staff, classes, learners and teaching."""
    return all(may_bring(actor, sheet_named(each)) for each in SHEETS)


def schools_to_fill(actor: Actor) -> QuerySet[Organisation]:
    """Give the schools into which the actor may take a vendor's bundle.

    :raises NotThere: the actor may not bring in staff, classes and learners
    """
    if not may_fill(actor):
        raise NotThere
    return organisations_seen_by(actor).filter(kind__in=("school", "campus"), closed_on=None)


def shown_secret(header: str, client_id: str, client_secret: str) -> tuple[str, str]:
    """Read the client's id and secret: by HTTP Basic, else from the body; the whole key as the secret is taken too.

    :raises UnknownClient: nothing that could be a key of ours
    """
    scheme, _space, rest = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _colon, client_secret = base64.b64decode(rest, validate=True).decode().partition(":")
        except (binascii.Error, ValueError) as error:
            raise UnknownClient from error
    secret = client_secret.removeprefix(f"{client_id}.")
    if not client_id or not secret:
        raise UnknownClient
    return client_id, secret


def token_for(key_id: str, secret: str, wanted: list[str], address: str) -> tuple[str, list[str]]:
    """Make a bearer token, good for an hour, with the scopes asked for (none asked: rostering without demographics).

    It is signed, not stored; it dies with its client, and with its key.

    :raises UnknownClient: no such client, wrong secret, switched off, or over
    :raises NoScope: none of the scopes asked for is ours and the client's to have
    """
    caller = caller_of(f"Bearer {key_id}.{secret}", address)
    granted = [each for each in SCOPES if each in (wanted or (ROSTER, CORE)) and may_take(caller.actor, each)]
    if not granted:
        raise NoScope
    facts = [key_id, mark_of_secret(secret), [SCOPES.index(each) for each in granted]]
    return signing.dumps(facts, salt=_SALT), granted


def bearer_of(header: str, address: str) -> Bearer:
    """Find who shows a token.

    :raises BadToken: none, over, or none of ours; the client has ended or has another key
    """
    scheme, _space, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _MOST_TOKEN:
        raise BadToken
    try:
        key_id, mark, scopes = signing.loads(token, salt=_SALT, max_age=TOKEN_SECONDS)
        caller = caller_again(key_id, mark, address)
    except (signing.BadSignature, UnknownClient) as error:
        raise BadToken from error
    held = frozenset(SCOPES[place] for place in scopes if may_take(caller.actor, SCOPES[place]))
    if not held:
        raise NoScope
    return Bearer(caller, held)


def bundle_for(actor: Actor, bundle_id: UUID) -> Bundle:
    """Find a bundle made for the actor's place.

    :raises NotThere: unknown, elsewhere, or the actor may take no data away
    """
    rows = Bundle.objects.select_related("organisation").filter(pk=bundle_id, path__under=actor.scope or "none")
    found = rows.first()
    if found is None or not actor.may(Permission.EXPORT):
        raise NotThere
    return found
