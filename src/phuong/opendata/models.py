"""What a province has opened, and the files as they stand: nothing here is about a person."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from phuong.kernel.fields import SortText
from phuong.kernel.keys import uuid7
from phuong.registry.api import Organisation


class Publication(models.Model):
    """A dataset of a province, open to everybody or not any more; who decided stands in the journal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    dataset = SortText()
    is_open = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["province", "dataset"], name="opendata_publication_once"),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(opened_at__isnull=False), name="opendata_open_since_a_moment"
            ),
        ]

    def __str__(self) -> str:
        """Name the dataset."""
        return str(self.dataset)


class Edition(models.Model):
    """The file of a publication as it stands: what it tells of, its bytes (CSV, UTF-8 without a byte order mark)."""

    publication = models.OneToOneField(Publication, models.CASCADE, primary_key=True, related_name="edition")
    as_of = models.DateField()
    made_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    hidden = models.PositiveIntegerField(default=0)  # rows whose count is not told
    size = models.PositiveIntegerField()
    digest = models.TextField()  # SHA-256 of the content, hexadecimal
    head = models.TextField()  # header and first rows of the content, for the page
    content = models.BinaryField()

    def __str__(self) -> str:
        """Name the day."""
        return str(self.as_of)
