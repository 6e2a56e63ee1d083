"""Organisations as a tree, their codes, their lineage, and what is particular to a school."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7


class Kind(models.TextChoices):
    """What an organisation is."""

    COUNTRY = "country", _("quốc gia")
    PROVINCE = "province", _("tỉnh, thành phố")
    DEPARTMENT = "department", _("sở")
    DIVISION = "division", _("phòng thuộc sở")
    COMMUNE = "commune", _("xã")
    WARD = "ward", _("phường")
    SPECIAL_ZONE = "special_zone", _("đặc khu")
    SCHOOL = "school", _("trường")
    CAMPUS = "campus", _("điểm trường")


COMMUNE_KINDS = (Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)


class Level(models.TextChoices):
    """The level by which schools are counted: the highest a school teaches (cấp học)."""

    PRESCHOOL = "preschool", _("Mầm non")
    PRIMARY = "primary", _("Tiểu học")
    LOWER_SECONDARY = "lower_secondary", _("THCS")
    UPPER_SECONDARY = "upper_secondary", _("THPT")
    CONTINUING = "continuing", _("GDTX")


@keep_old_rows
class Organisation(models.Model):
    """A unit of the sector or of the state, once, for as long as it exists.

    ``path`` is its place under the unit that manages it; ``territory`` the commune it lies in. The two differ for an
    upper secondary school: the department manages it, the commune only hosts it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.TextField(choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    territory = models.ForeignKey("self", models.PROTECT, null=True, related_name="hosted")
    path = Path(unique=True)
    code = SortText()
    name = models.TextField()
    short_name = models.TextField()
    name_key = SortText()
    search_key = SortText()
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="registry_organisation_kind_known"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="registry_organisation_closes_after_opening",
            ),
            models.UniqueConstraint(
                fields=["kind", "code"], condition=Q(closed_on__isnull=True), name="registry_organisation_code_once"
            ),
        ]
        indexes: ClassVar = [
            GistIndex(fields=["path"], name="registry_organisation_path"),
            models.Index(fields=["search_key"], name="registry_organisation_search"),
            models.Index(fields=["kind", "name_key", "id"], name="registry_organisation_list"),
        ]

    def __str__(self) -> str:
        """Name the organisation."""
        return str(self.name)

    @property
    def is_commune(self) -> bool:
        """Say whether this is a commune, ward or special zone."""
        return self.kind in COMMUNE_KINDS


@keep_old_rows
class OrganisationAlias(models.Model):
    """Another code or name of an organisation, in some scheme and for some time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="aliases")
    scheme = SortText()  # moet, exam, tax, name …
    code = SortText()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "code", "organisation"], name="registry_alias_once")
        ]

    def __str__(self) -> str:
        """Name the alias."""
        return f"{self.scheme}:{self.code}"


@keep_old_rows
class Lineage(models.Model):
    """What an organisation became: a series is read through a merger by following these."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    before = models.ForeignKey(Organisation, models.PROTECT, related_name="became")
    after = models.ForeignKey(Organisation, models.PROTECT, related_name="came_from")
    kind = models.TextField()  # code list lineage_kind: merge, split, rename, move
    is_whole = models.BooleanField(default=True)
    on = models.DateField()
    decision = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["before", "after", "on"], name="registry_lineage_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="registry_lineage_between_two"),
        ]

    def __str__(self) -> str:
        """Name the step."""
        return f"{self.kind} {self.on}"


@keep_old_rows
class School(models.Model):
    """What is particular to a school (cơ sở giáo dục)."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="school")
    type = models.TextField()  # code list school_type
    level = models.TextField(choices=Level.choices)
    levels = ArrayField(models.TextField())
    ownership = models.TextField()  # code list ownership
    region = models.TextField(default="delta")
    is_international = models.BooleanField(default=False)
    address = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    website = models.TextField(blank=True)
    standard_level = models.PositiveSmallIntegerField(default=0)  # 0 none, 1, 2: TT 57/2026/TT-BGDĐT
    standard_until = models.DateField(null=True)
    connection = models.TextField(blank=True)  # code list connection_kind; blank: not declared
    connection_mbps = models.PositiveIntegerField(null=True)
    connection_checked_on = models.DateField(null=True)
    managed_here_since = models.DateField(null=True)
    inventory_confirmed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="registry_school_level_known"),
            models.CheckConstraint(condition=Q(standard_level__lte=2), name="registry_school_standard_0_to_2"),
        ]

    def __str__(self) -> str:
        """Name the school."""
        return str(self.organisation_id)
