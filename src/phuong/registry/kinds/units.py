"""Units, what is particular to a school, and focal points as kinds of record."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.codelists import title_of
from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.kernel.text import search_key
from phuong.records.api import CHOICE, CODE, CODES, DATE, NUMBER, REAL, RECORD, WHOLE, Field, RecordKind
from phuong.registry.access import organisations_seen_by
from phuong.registry.forms import SchoolFilter
from phuong.registry.models import FocalPoint, Organisation, Person, School
from phuong.registry.queries import organisation_url, schools_matching


def _units(actor: Actor) -> QuerySet[Organisation]:
    return organisations_seen_by(actor)


UNIT = RecordKind(
    "unit",
    gettext_lazy("đơn vị"),
    Organisation,
    (
        Field("short_name", gettext_lazy("Tên ngắn"), required=True, most=120),
        Field("opened_on", gettext_lazy("Ngày thành lập"), DATE),
        Field("latitude", gettext_lazy("Vĩ độ"), REAL, lowest=8, highest=24),
        Field("longitude", gettext_lazy("Kinh độ"), REAL, lowest=102, highest=118),
    ),
    read=Permission.NETWORK_READ,
    write=Permission.SCHOOL_EDIT,
    rows=_units,
    url=organisation_url,
    name_of=lambda row: str(row.name),
    also=(
        Field("code", gettext_lazy("Mã đơn vị")),
        Field("name", gettext_lazy("Tên đơn vị")),
        Field("kind", gettext_lazy("Loại đơn vị"), CODE, codes="organisation_kind"),
        Field("parent", gettext_lazy("Đơn vị quản lí"), RECORD, kind="unit"),
        Field("territory", gettext_lazy("Xã, phường, đặc khu"), RECORD, kind="unit"),
        Field("closed_on", gettext_lazy("Ngày đóng"), DATE),
    ),
)


def _schools(actor: Actor) -> QuerySet[School]:
    return School.objects.filter(organisation__in=organisations_seen_by(actor)).select_related("organisation")


def _check_school(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, str]:
    del row, owner
    level, until = values.get("standard_level"), values.get("standard_until")
    if until and not int(level or 0):
        return {"standard_level": _("Có ngày hết hạn thì phải có mức đạt chuẩn.")}
    return {}


SCHOOL = RecordKind(
    "school",
    gettext_lazy("thông tin trường"),
    School,
    (
        Field("address", gettext_lazy("Địa chỉ"), most=300),
        Field("phone", gettext_lazy("Điện thoại"), NUMBER, most=20),
        Field("email", gettext_lazy("Thư điện tử"), most=120),
        Field("website", gettext_lazy("Trang tin"), most=200),
        Field("region", gettext_lazy("Vùng"), CODE, codes="region", required=True, in_bulk=True),
        Field(
            "standard_level",
            gettext_lazy("Chuẩn quốc gia"),
            CHOICE,
            choices=(("0", gettext_lazy("Chưa đạt")), ("1", gettext_lazy("Mức 1")), ("2", gettext_lazy("Mức 2"))),
            required=True,
            read=lambda row: str(row.standard_level),
        ),
        Field("standard_until", gettext_lazy("Chuẩn quốc gia đến ngày"), DATE),
        Field("connection", gettext_lazy("Kết nối Internet"), CODE, codes="connection_kind", in_bulk=True),
        Field("connection_mbps", gettext_lazy("Tốc độ, Mbps"), WHOLE, lowest=0, highest=100_000),
        Field("connection_checked_on", gettext_lazy("Ngày kiểm tra kết nối"), DATE, in_bulk=True),
        Field("managed_here_since", gettext_lazy("Quản lí trên nền tảng từ ngày"), DATE, in_bulk=True),
        Field("inventory_confirmed_on", gettext_lazy("Ngày xác nhận kiểm kê"), DATE, in_bulk=True),
    ),
    read=Permission.NETWORK_READ,
    write=Permission.SCHOOL_EDIT,
    rows=_schools,
    url=lambda row: reverse("registry:school", args=[row.organisation_id]),
    fill=lambda values, row, owner: {"standard_level": int(values["standard_level"])},
    check=_check_school,
    name_of=lambda row: str(row.organisation.name) if hasattr(row, "organisation") else "",
    find=lambda actor, query: schools_matching(actor, SchoolFilter(query).chosen()),
    also=(
        Field("type", gettext_lazy("Loại hình trường"), CODE, codes="school_type"),
        Field("level", gettext_lazy("Cấp học"), CODE, codes="school_level"),
        Field("levels", gettext_lazy("Các cấp học"), CODES, codes="school_level"),
        Field("ownership", gettext_lazy("Loại hình sở hữu"), CODE, codes="ownership"),
    ),
)


def _focal_points(actor: Actor) -> QuerySet[FocalPoint]:
    rows = FocalPoint.objects.select_related("organisation")
    return rows.filter(path__under=actor.scope) if actor.scope else rows.none()


def _fill_focal(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"search_key": search_key(values["full_name"])}
    return facts | ({"path": owner.path} if row._state.adding else {})


def _staff_of(owner: Any) -> QuerySet[Person]:
    return Person.objects.filter(place=owner, is_staff=True).order_by("name_key", "id")


FOCAL_POINT = RecordKind(
    "focal",
    gettext_lazy("đầu mối"),
    FocalPoint,
    (
        Field("duty", gettext_lazy("Đầu mối về"), CODE, codes="focal_duty", required=True),
        Field("full_name", gettext_lazy("Họ và tên"), required=True, most=100),
        Field("person", gettext_lazy("Hồ sơ trong đơn vị"), RECORD, kind="staff", options=_staff_of),
        Field("post", gettext_lazy("Chức vụ"), most=120),
        Field("phone", gettext_lazy("Điện thoại"), NUMBER, most=20, required=True),
        Field("email", gettext_lazy("Thư điện tử"), most=120),
        Field("starts_on", gettext_lazy("Từ ngày"), DATE),
    ),
    read=Permission.NETWORK_READ,
    write=Permission.NETWORK_EDIT,
    rows=_focal_points,
    url=lambda row: reverse("registry:network") + f"?unit={row.organisation_id}",
    owner="organisation",
    owner_kind="unit",
    fill=_fill_focal,
    ending="ends_on",
    name_of=lambda row: f"{title_of('focal_duty', row.duty)}: {row.full_name}",
    conflicts={"registry_focal_once": ("full_name", gettext_lazy("Người này đã là đầu mối này của đơn vị."))},
)
