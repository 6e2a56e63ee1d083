"""Registering sites, reviewing them, ending them; the keys that sign what they are told."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from allauth.idp.oidc.models import Client, Token
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from phuong.kernel.audit import record
from phuong.kernel.keys import uuid7
from phuong.kernel.refusals import NotThere
from phuong.kernel.scope import Actor, is_under
from phuong.kernel.vault import seal
from phuong.registry.api import Organisation
from phuong.signon.access import party_for
from phuong.signon.errors import BadAddress
from phuong.signon.models import RelyingParty, SigningKey
from phuong.signon.queries import forget_keys
from phuong.signon.rules import is_safe_address, sector_of

KEY_BITS = 2048
SIGNS_AFTER = dt.timedelta(hours=1)  # by then sites have fetched the new key
PUBLISHED_AFTER = dt.timedelta(days=1)  # until every token of the old key is over
REVIEWED_EVERY = dt.timedelta(days=365)
SCOPES = ("openid", "profile", "roles")


@dataclass(frozen=True)
class Site:
    """What is registered of a site."""

    name: str
    purpose: str
    redirect_uris: tuple[str, ...]
    valid_until: dt.date
    contact: str = ""
    scopes: tuple[str, ...] = SCOPES
    logout_uri: str = ""
    after_logout: tuple[str, ...] = ()
    is_outside: bool = True
    has_secret: bool = False
    secret: str = ""


@transaction.atomic
def register_site(site: Site, *, unit: Organisation, by: Actor) -> RelyingParty:
    """Register a site for a unit; a confidential one is given ``site.secret``, kept as a hash.

    :raises NotThere: the unit lies outside the actor's place
    :raises BadAddress: an address is not https, or has a wildcard; pairwise sites need one host
    """
    if not is_under(unit.path, by.scope):
        raise NotThere
    sector = sector_of(list(site.redirect_uris))
    addresses = [*site.redirect_uris, *site.after_logout, *([site.logout_uri] if site.logout_uri else [])]
    if not sector or not all(is_safe_address(address) for address in addresses):
        raise BadAddress
    client = Client(
        name=site.name,
        type=Client.Type.CONFIDENTIAL if site.has_secret else Client.Type.PUBLIC,
        secret=make_password(site.secret, hasher="random_secret") if site.has_secret else "",
        skip_consent=not site.is_outside,
    )
    client.set_scopes(list(site.scopes))
    client.set_default_scopes(["openid"])
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_redirect_uris(list(site.redirect_uris))
    client.set_post_logout_redirect_uris(list(site.after_logout))
    client.save()
    party = RelyingParty.objects.create(
        path=unit.path,
        client=client,
        organisation=unit,
        purpose=site.purpose,
        contact=site.contact,
        is_outside=site.is_outside,
        sector=sector,
        logout_uri=site.logout_uri,
        review_on=min(timezone.localdate() + REVIEWED_EVERY, site.valid_until),
        valid_until=site.valid_until,
        made_by=by.name,
    )
    record("signon.site_registered", on_kind="site", on_id=party.pk, note=site.name, path=unit.path)
    forget_keys()
    return party


@transaction.atomic
def review_site(party_id: UUID, *, valid_until: dt.date, by: Actor) -> RelyingParty:
    """Keep a site for another year at most: it was looked at and is still needed.

    :raises NotThere: unknown, or outside the actor's place
    """
    party = party_for(by, party_id, writing=True)
    party.valid_until, party.is_active = valid_until, True
    party.review_on = min(timezone.localdate() + REVIEWED_EVERY, valid_until)
    party.save(update_fields=["valid_until", "is_active", "review_on"])
    record("signon.site_reviewed", on_kind="site", on_id=party.pk, path=party.path)
    forget_keys()
    return party


@transaction.atomic
def end_site(party_id: UUID, *, by: Actor) -> RelyingParty:
    """Switch a site off: its tokens are over at once.

    :raises NotThere: unknown, or outside the actor's place
    """
    party = party_for(by, party_id, writing=True)
    party.is_active = False
    party.save(update_fields=["is_active"])
    Token.objects.filter(client_id=party.client_id).delete()
    record("signon.site_ended", on_kind="site", on_id=party.pk, path=party.path)
    forget_keys()
    return party


def ensure_signing_key() -> None:
    """Make the first signing key of an installation."""
    if not SigningKey.objects.exists():
        _new_key(timezone.now())


@transaction.atomic
def rotate_key(*, at_once: bool = False) -> SigningKey:
    """Make a new signing key: published now, signing in an hour, so that no site meets a key it cannot know.

    The old one is published for another day. ``at_once``: after a theft.
    """
    signs_from = timezone.now() + (dt.timedelta() if at_once else SIGNS_AFTER)
    SigningKey.objects.filter(published_until=None).update(published_until=signs_from + PUBLISHED_AFTER)
    key = _new_key(signs_from)
    record("signon.key_rotated", on_kind="key", on_id=key.pk)
    return key


def _new_key(signs_from: dt.datetime) -> SigningKey:
    pem = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    forget_keys()
    now = timezone.now()
    return SigningKey.objects.create(id=uuid7(), sealed=seal(pem.decode()), issued_at=now, signs_from=signs_from)
