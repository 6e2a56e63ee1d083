"""People, once each: learner, staff member and guardian are roles of a person."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from phuong.kernel.fields import Path, SortText
from phuong.kernel.history import keep_old_rows
from phuong.kernel.keys import uuid7
from phuong.registry.models.organisations import Organisation

_BRANCH = "ltree2text(subpath(%(expressions)s, 0, least(3, nlevel(%(expressions)s))))"


class NumberCheck(models.TextChoices):
    """What the structure of the personal number says; a warning, never a refusal."""

    MISSING = "missing", _("chưa có")
    MALFORMED = "malformed", _("sai cấu trúc")
    DISAGREES = "disagrees", _("không khớp giới tính hoặc năm sinh")
    AGREES = "agrees", _("đúng cấu trúc")


class IdentityState(models.TextChoices):
    """State of verification against the population database."""

    UNVERIFIED = "unverified", _("chưa xác thực")
    SENDING = "sending", _("đang gửi")
    MATCHED = "matched", _("khớp")
    MISMATCHED = "mismatched", _("không khớp")
    NOT_FOUND = "not_found", _("không tìm thấy")
    DUPLICATE = "duplicate", _("trùng")


@keep_old_rows
class Person(models.Model):
    """A human being known to the sector.

    ``place`` is the unit that keeps the record (a learner's school, a teacher's main post, a guardian's child's
    school); ``path`` its place in the tree; ``branch`` the first three labels of ``path``, by which a commune officer's
    list is read. The personal number is stored encrypted, with a keyed hash to search by.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    place = models.ForeignKey(Organisation, models.PROTECT, related_name="people", db_index=False)
    branch = models.GeneratedField(
        expression=Func(F("path"), template=_BRANCH, output_field=SortText()),
        output_field=SortText(),
        db_persist=True,
    )
    code = SortText(blank=True)
    full_name = models.TextField()
    name_key = SortText()
    search_key = SortText()
    birth_date = models.DateField(null=True)
    sex = models.TextField()  # male, female
    ethnicity = models.TextField(blank=True)
    nationality = models.TextField(default="VN")
    birthplace = models.TextField(blank=True)
    address = models.TextField(blank=True)
    phone = models.TextField(blank=True)
    email = models.TextField(blank=True)
    work_email = models.TextField(blank=True)
    number_cipher = models.BinaryField(null=True)
    number_hash = models.BinaryField(null=True)
    number_check = models.TextField(choices=NumberCheck.choices, default=NumberCheck.MISSING)
    identity_state = models.TextField(choices=IdentityState.choices, default=IdentityState.UNVERIFIED)
    identity_source = models.TextField(blank=True)
    identity_checked_on = models.DateField(null=True)
    citizen_identity_level = models.PositiveSmallIntegerField(null=True)  # VNeID: null unknown, 0, 1, 2
    plays_art = models.BooleanField(null=True)
    plays_sport = models.BooleanField(null=True)
    is_learner = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_guardian = models.BooleanField(default=False)
    updated_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset(
        {
            "code",
            "full_name",
            "name_key",
            "search_key",
            "birth_date",
            "sex",
            "ethnicity",
            "nationality",
            "birthplace",
            "address",
            "phone",
            "email",
            "work_email",
            "number_cipher",
            "number_hash",
            "identity_state",
            "identity_source",
            "identity_checked_on",
            "citizen_identity_level",
            "number_check",
            "plays_art",
            "plays_sport",
        }
    )
    IMPERSONAL: ClassVar = frozenset(
        {"id", "path", "place", "branch", "is_learner", "is_staff", "is_guardian", "updated_on"}
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(number_check__in=NumberCheck.values), name="registry_number_check_known"
            ),
            models.CheckConstraint(
                condition=Q(identity_state__in=IdentityState.values), name="registry_identity_state_known"
            ),
            models.CheckConstraint(
                condition=Q(number_hash__isnull=True, number_cipher__isnull=True, number_check="missing")
                | Q(number_hash__isnull=False, number_cipher__isnull=False) & ~Q(number_check="missing"),
                name="registry_number_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["place", "name_key", "id"], name="registry_person_of_place"),
            models.Index(
                fields=["branch", "name_key", "id"], condition=Q(is_learner=True), name="registry_learner_of_branch"
            ),
            models.Index(fields=["name_key", "id"], condition=Q(is_learner=True), name="registry_learner_by_name"),
            models.Index(
                fields=["branch", "name_key", "id"], condition=Q(is_staff=True), name="registry_staff_of_branch"
            ),
            models.Index(fields=["name_key", "id"], condition=Q(is_staff=True), name="registry_staff_by_name"),
            models.Index(fields=["search_key"], name="registry_person_search"),
            models.Index(fields=["number_hash"], name="registry_person_number"),
            models.Index(fields=["birth_date", "search_key"], name="registry_person_born"),  # who may be known already
            models.Index(
                fields=["id"],
                condition=Q(identity_state="unverified", number_check__in=["agrees", "disagrees"]),
                name="registry_person_unverified",
            ),
            models.Index(
                fields=["name_key", "id"],
                condition=Q(identity_state__in=["mismatched", "not_found", "duplicate"]),
                name="registry_person_unmatched",
            ),
        ]

    def __str__(self) -> str:
        """Show the key only: names do not belong in logs."""
        return str(self.id)


class FormerKey(models.Model):
    """A key under which a person was known until two records were found to be one's: old addresses lead on."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="former_keys")
    since = models.DateTimeField()

    def __str__(self) -> str:
        """Show the old key."""
        return str(self.id)


@keep_old_rows
class Guardianship(models.Model):
    """A guardian of a learner, with what custody allows."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    path = Path()
    guardian = models.ForeignKey(Person, models.CASCADE, related_name="wards")
    learner = models.ForeignKey(Person, models.CASCADE, related_name="guardians")
    relation = models.TextField()  # code list guardian_relation
    custody = models.TextField(default="full")  # code list custody
    contact_order = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    PERSONAL: ClassVar = frozenset({"guardian", "learner", "relation", "custody"})
    IMPERSONAL: ClassVar = frozenset({"id", "path", "contact_order", "starts_on", "ends_on"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["guardian", "learner"], condition=Q(ends_on__isnull=True), name="registry_guardian_once"
            ),
            models.CheckConstraint(condition=~Q(guardian=F("learner")), name="registry_guardian_is_another"),
        ]

    def __str__(self) -> str:
        """Show the key only."""
        return str(self.id)
