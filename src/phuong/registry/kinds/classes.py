"""Classes and enrolments as kinds of record."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.calendar import school_year_of
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.kernel.text import vi_key
from phuong.kernel.today import today
from phuong.records.api import CODE, DATE, RECORD, WHOLE, YES_NO, Field, RecordKind
from phuong.registry.access import people_seen_by
from phuong.registry.actions.people import enrol
from phuong.registry.models import ClassGroup, Enrolment, Person


def _classes(actor: Actor) -> QuerySet[ClassGroup]:
    rows = ClassGroup.objects.select_related("organisation")
    return rows.filter(organisation__path__under=actor.scope) if actor.scope else rows.none()


def _teachers(owner: Any) -> QuerySet[Person]:
    return Person.objects.filter(place=owner, is_staff=True).order_by("name_key", "id")


def _classes_of_place(learner: Any) -> QuerySet[ClassGroup]:
    year = school_year_of(today()).start
    rows = ClassGroup.objects.filter(organisation=learner.place_id, school_year=year)
    return rows.order_by("grade", "name_key", "id")


CLASS = RecordKind(
    "class",
    gettext_lazy("lớp"),
    ClassGroup,
    (
        Field("name", gettext_lazy("Tên lớp"), required=True, most=30),
        Field("school_year", gettext_lazy("Năm học bắt đầu từ năm"), WHOLE, required=True, lowest=2000, highest=2100),
        Field("level", gettext_lazy("Cấp học"), CODE, codes="school_level", required=True),
        Field(
            "grade",
            gettext_lazy("Khối"),
            WHOLE,
            required=True,
            lowest=0,
            highest=12,
            hint=gettext_lazy("Mầm non ghi 0."),
        ),
        Field("kind", gettext_lazy("Loại lớp"), CODE, codes="class_kind", required=True, in_bulk=True),
        Field("two_sessions", gettext_lazy("Học 2 buổi/ngày"), YES_NO),
        Field(
            "homeroom",
            gettext_lazy("Giáo viên chủ nhiệm"),
            RECORD,
            kind="staff",
            options=_teachers,
        ),
    ),
    read=Permission.PERSONS_READ,
    write=Permission.CLASSES_EDIT,
    rows=_classes,
    url=lambda row: reverse("registry:class", args=[row.pk]),
    owner="organisation",
    owner_kind="unit",
    fill=lambda values, row, owner: {
        "name_key": vi_key(values["name"]),
        "two_sessions": bool(values.get("two_sessions")),
    },
    ending="remove",
    end_check=lambda row: _("Lớp còn học sinh. Chuyển lớp cho các em trước.") if row.enrolments.exists() else "",
    name_of=lambda row: str(row.name),
    conflicts={"registry_class_once": ("name", gettext_lazy("Trường đã có lớp tên này trong năm học đó."))},
)


def _enrolments(actor: Actor) -> QuerySet[Enrolment]:
    seen = people_seen_by(actor).filter(is_learner=True)
    return Enrolment.objects.filter(learner__in=seen).select_related("learner", "class_group", "organisation")


def _during(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    del owner
    return {"during": (values["since"], row.during.upper if row.during else None)}


def _check_days(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, str]:
    del owner
    ends = row.during.upper if row is not None and row.during else None
    if ends and values["since"] >= ends:
        return {"since": _("Phải trước ngày kết thúc %s.") % f"{ends:%d/%m/%Y}"}
    return {}


ENROLMENT = RecordKind(
    "enrolment",
    gettext_lazy("xếp lớp"),
    Enrolment,
    (
        Field(
            "class_group",
            gettext_lazy("Lớp"),
            RECORD,
            kind="class",
            options=_classes_of_place,
            required=True,
            at_start_only=True,
        ),
        Field(
            "since",
            gettext_lazy("Vào lớp từ ngày"),
            DATE,
            required=True,
            virtual=True,
            read=lambda row: row.during.lower if row.during else None,
        ),
        Field("status", gettext_lazy("Tình trạng"), CODE, codes="enrolment_status", required=True),
        Field("reason", gettext_lazy("Lí do chuyển, nghỉ"), CODE, codes="leaving_reason"),
    ),
    read=Permission.PERSONS_READ,
    write=Permission.PERSONS_EDIT,
    rows=_enrolments,
    about="learner_id",
    url=lambda row: reverse("registry:person", args=[row.learner_id]),
    owner="learner",
    owner_kind="learner",
    fill=_during,
    check=_check_days,
    make=enrol,
    ending="during",
    also=(Field("organisation", gettext_lazy("Trường"), RECORD, kind="unit"),),
    name_of=lambda row: str(row.class_group.name) if hasattr(row, "class_group") else "",
    conflicts={
        "registry_enrolment_one_place_a_day": ("since", gettext_lazy("Em đã ở một lớp khác trong thời gian này."))
    },
)
