"""Who answers for what in a unit: the network of focal points."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.models.organisations import Organisation
from phuong.registry.models.people import Person


@keep_old_rows
class FocalPoint(models.Model):
    """A contact of a unit for one duty (đầu mối); ``person`` when the registry knows them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="focal_points")
    duty = SortText()  # code list focal_duty
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="focal_duties")
    full_name = models.TextField()
    search_key = SortText()
    post = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset({"person", "full_name", "search_key", "post", "phone", "email"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "organisation", "duty", "starts_on", "ends_on"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "duty", "full_name"],
                condition=Q(ends_on__isnull=True),
                name="registry_focal_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["search_key"], name="registry_focal_search")]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
