"""Posts and qualifications as kinds of record."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.calendar import school_year_of
from phuong.kernel.codelists import attributes_of, title_of
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.records.api import CODE, DATE, RECORD, WHOLE, YES_NO, Field, RecordKind
from phuong.registry.access import people_seen_by
from phuong.registry.actions.people import group_of
from phuong.registry.models import ClassGroup, Qualification, StaffPosition, TeachingAssignment


def _positions(actor: Actor) -> QuerySet[StaffPosition]:
    seen = people_seen_by(actor).filter(is_staff=True)
    return StaffPosition.objects.filter(person__in=seen).select_related("person", "organisation")


def _fill_position(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"group": group_of(values["position"]), "is_main": values.get("is_main") is not False}
    if row._state.adding:
        facts |= {"organisation": owner.place, "path": owner.place.path}
    return {**facts, "during": (values["since"], row.during.upper if row.during else None)}


def _check_position(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, str]:
    del owner
    ends = row.during.upper if row is not None and row.during else None
    return {"since": _("Phải trước ngày kết thúc.")} if ends and values["since"] >= ends else {}


def _person_url(row: Any) -> str:
    return reverse("registry:person", args=[row.person_id])


POSITION = RecordKind(
    "position",
    gettext_lazy("vị trí công tác"),
    StaffPosition,
    (
        Field("position", gettext_lazy("Chức vụ"), CODE, codes="staff_position", required=True),
        Field("subject", gettext_lazy("Môn dạy"), CODE, codes="subject"),
        Field("contract", gettext_lazy("Hình thức hợp đồng"), CODE, codes="contract_kind"),
        Field("is_main", gettext_lazy("Vị trí chính"), YES_NO),
        Field(
            "since",
            gettext_lazy("Từ ngày"),
            DATE,
            required=True,
            virtual=True,
            read=lambda row: row.during.lower if row.during else None,
        ),
    ),
    read=Permission.STAFF_READ,
    write=Permission.STAFF_EDIT,
    rows=_positions,
    about="person_id",
    url=_person_url,
    owner="person",
    owner_kind="staff",
    fill=_fill_position,
    check=_check_position,
    ending="during",
    also=(Field("organisation", gettext_lazy("Đơn vị"), RECORD, kind="unit"),),
    name_of=lambda row: str(row.position),
    conflicts={
        "registry_position_one_main_post": (
            "since",
            gettext_lazy("Đã có một vị trí chính trong thời gian này. Kết thúc vị trí đó trước."),
        )
    },
)


def _teaching(actor: Actor) -> QuerySet[TeachingAssignment]:
    seen = people_seen_by(actor).filter(is_staff=True)
    return TeachingAssignment.objects.filter(person__in=seen).select_related("person", "class_group", "organisation")


def _classes_there(person: Any) -> QuerySet[ClassGroup]:
    rows = ClassGroup.objects.filter(organisation=person.place_id, school_year=school_year_of(today()).start)
    return rows.order_by("grade", "name_key", "id")


def _fill_teaching(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    facts = {"organisation": owner.place, "path": owner.place.path} if row._state.adding else {}
    return {**facts, "during": (values["since"], row.during.upper if row.during else None)}


TEACHING = RecordKind(
    "teaching",
    gettext_lazy("phân công giảng dạy"),
    TeachingAssignment,
    (
        Field(
            "class_group",
            gettext_lazy("Lớp"),
            RECORD,
            kind="class",
            options=_classes_there,
            required=True,
            at_start_only=True,
        ),
        Field("subject", gettext_lazy("Môn"), CODE, codes="subject", required=True),
        Field("periods", gettext_lazy("Số tiết/tuần"), WHOLE, lowest=0, highest=60),
        Field(
            "since",
            gettext_lazy("Dạy từ ngày"),
            DATE,
            required=True,
            virtual=True,
            read=lambda row: row.during.lower if row.during else None,
        ),
    ),
    read=Permission.STAFF_READ,
    write=Permission.CLASSES_EDIT,
    rows=_teaching,
    about="person_id",
    url=_person_url,
    owner="person",
    owner_kind="staff",
    fill=_fill_teaching,
    check=_check_position,
    ending="during",
    also=(Field("organisation", gettext_lazy("Đơn vị"), RECORD, kind="unit"),),
    name_of=lambda row: title_of("subject", row.subject),
    conflicts={
        "registry_teaching_one_a_subject": (
            "subject",
            gettext_lazy("Môn này của lớp đã có người dạy trong thời gian này. Kết thúc phân công đó trước."),
        )
    },
)


def _qualifications(actor: Actor) -> QuerySet[Qualification]:
    seen = people_seen_by(actor).filter(is_staff=True)
    return Qualification.objects.filter(person__in=seen).select_related("person")


def _fill_qualification(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"rank": attributes_of("qualification_level", values["level"]).get("rank", 0)}
    return facts | ({"path": owner.path} if row._state.adding else {})


QUALIFICATION = RecordKind(
    "qualification",
    gettext_lazy("trình độ đào tạo"),
    Qualification,
    (
        Field("level", gettext_lazy("Trình độ"), CODE, codes="qualification_level", required=True),
        Field("field", gettext_lazy("Chuyên ngành")),
        Field("awarded_by", gettext_lazy("Nơi cấp")),
        Field("awarded_on", gettext_lazy("Ngày cấp"), DATE),
    ),
    read=Permission.STAFF_READ,
    write=Permission.STAFF_EDIT,
    rows=_qualifications,
    about="person_id",
    url=_person_url,
    owner="person",
    owner_kind="staff",
    fill=_fill_qualification,
    ending="remove",
    name_of=lambda row: str(row.level),
)
