"""Sites that sign people in through this house, and what they were given."""

from typing import ClassVar

from allauth.idp.oidc.models import Client
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from phuong.identity.api import Account
from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


class SigningKey(models.Model):
    """A key that signs what sites are told; published before it signs, kept until the last token is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sealed = models.BinaryField()  # the private key as PEM, sealed by PHUONG_FIELD_KEY
    issued_at = models.DateTimeField()
    signs_from = models.DateTimeField()
    published_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


@keep_old_rows
class RelyingParty(models.Model):
    """A registered site with its owner, its review and its end. ``is_outside``: a vendor, told pairwise subjects."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    client = models.OneToOneField(Client, models.CASCADE, related_name="party")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    purpose = models.TextField()
    contact = models.TextField(blank=True)
    is_outside = models.BooleanField(default=True)
    sector = SortText()  # host of the redirect addresses; sites of one sector know a person by one subject
    logout_uri = models.TextField(blank=True)
    review_on = models.DateField()
    valid_until = models.DateField()
    is_active = models.BooleanField(default=True)
    made_by = models.TextField(blank=True)

    PERSONAL: ClassVar = frozenset({"contact", "made_by"})
    IMPERSONAL: ClassVar = frozenset(
        {
            "id",
            "path",
            "client",
            "organisation",
            "purpose",
            "is_outside",
            "sector",
            "logout_uri",
            "review_on",
            "valid_until",
            "is_active",
        }
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(review_on__lte=models.F("valid_until")), name="signon_review_before_end"
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="signon_purpose_told"),
        ]

    def __str__(self) -> str:
        """Name the site."""
        return str(self.client_id)


class Subject(models.Model):
    """The name under which sites of one sector know a person: nobody else can join the two."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    sector = SortText()
    sub = SortText()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "sector"], name="signon_subject_once"),
            models.UniqueConstraint(fields=["sub", "sector"], name="signon_subject_unique"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Consent(models.Model):
    """What a person agreed that a site may be told; asked again only for more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    scopes = ArrayField(models.TextField())
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "client"], name="signon_consent_once")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class SiteSession(models.Model):
    """One sign-in of a person at a site, out of one browser session here. Codes and tokens are kept as hashes.

    ``asked``: what the code was asked for: ``redirect_uri``, ``scopes``, ``challenge``, ``nonce``, ``resources``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    browser_hash = SortText()
    issuer = models.TextField()
    code_hash = SortText(unique=True)
    code_used = models.BooleanField(default=False)
    asked = models.JSONField(default=dict)
    refresh_hash = SortText(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["browser_hash"], name="signon_of_browser"),
            models.Index(fields=["refresh_hash"], condition=~Q(refresh_hash=""), name="signon_of_refresh"),
            models.Index(fields=["account", "client"], name="signon_of_account"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class SpentToken(models.Model):
    """A refresh token that was exchanged already; shown again, it was stolen: the whole sign-in ends."""

    hash = SortText(primary_key=True)
    session = models.ForeignKey(SiteSession, models.CASCADE, related_name="spent")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.hash)
