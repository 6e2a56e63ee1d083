"""The phrase bank: sentences for remarks, a teacher's own and those the school shares (ngân hàng câu nhận xét)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


class Phrase(models.Model):
    """A sentence to put into remarks. ``account``: whose own it is, ``None``: the school's; ``subject`` blank: any."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    account = models.UUIDField(null=True)
    subject = SortText(blank=True)  # code list subject; HOMEROOM: of the homeroom teacher
    text = models.TextField()

    PERSONAL: ClassVar = frozenset({"account", "text"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "subject"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "account", "subject", "text"],
                nulls_distinct=False,
                name="academics_phrase_once",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="academics_phrase_said"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
