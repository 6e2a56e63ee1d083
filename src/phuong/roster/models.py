"""What a vendor calls our records, and bundles made to be downloaded."""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models

from phuong.kernel.fields import Path, SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


class SourcedId(models.Model):
    """The identifier under which a vendor's bundles speak of a record of a school: renames are followed by it."""

    class Kind(models.TextChoices):
        """What the record is."""

        USER = "user"
        CLASS = "class"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    source = SortText()  # the vendor's name or code, from the manifest
    kind = models.TextField(choices=Kind.choices)
    sourced_id = SortText()
    record = models.UUIDField()

    PERSONAL: ClassVar = frozenset({"sourced_id", "record"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "source", "kind"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "source", "kind", "sourced_id"], name="roster_sourced_id_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["user", "class"]), name="roster_sourced_kind_known"),
        ]
        indexes: ClassVar = [GistIndex(fields=["path"], name="roster_sourced_id_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)


class Bundle(models.Model):
    """A zip of OneRoster files as one job wrote it: sealed, and gone after some days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    with_demographics = models.BooleanField(default=False)
    content = models.BinaryField()  # sealed
    size = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    units = models.PositiveIntegerField(default=1)
    made_by = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    PERSONAL: ClassVar = frozenset({"content", "made_by"})
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "organisation", "with_demographics", "size", "people", "units", "made_at"}
    )

    class Meta:
        indexes: ClassVar = [GistIndex(fields=["path"], name="roster_bundle_path")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
