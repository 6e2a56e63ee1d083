"""What a school has and offers, as kinds of record."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.facilities.access import rows_asked, rows_of
from phuong.facilities.models import Building, Equipment, Programme, Room
from phuong.kernel.codelists import title_of
from phuong.kernel.permissions import Permission
from phuong.records.api import CHOICE, CODE, DATE, NUMBER, RECORD, WHOLE, YES_NO, Field, RecordKind


def _url(row: Any) -> str:
    return reverse("facilities:rooms", args=[row.organisation_id])


def _of_unit(model: Any) -> Any:
    return lambda owner: model.objects.filter(organisation=owner).order_by("name", "id")


_SHARED: dict[str, Any] = {
    "read": Permission.FACILITIES_READ,
    "write": Permission.FACILITIES_EDIT,
    "url": _url,
    "owner": "organisation",
    "owner_kind": "unit",
    "ending": "remove",
}
BUILDING = RecordKind(
    "building",
    gettext_lazy("dãy nhà"),
    Building,
    (
        Field("name", gettext_lazy("Tên dãy nhà"), required=True, most=80),
        Field(
            "construction",
            gettext_lazy("Loại công trình"),
            CODE,
            codes="construction_kind",
            required=True,
            in_bulk=True,
        ),
        Field("built_in", gettext_lazy("Năm xây"), WHOLE, lowest=1900, highest=2100),
    ),
    rows=partial(rows_of, Building),
    name_of=lambda row: str(row.name),
    **_SHARED,
)
ROOM = RecordKind(
    "room",
    gettext_lazy("phòng"),
    Room,
    (
        Field("name", gettext_lazy("Tên phòng"), required=True, most=80),
        Field("building", gettext_lazy("Dãy nhà"), RECORD, kind="building", options=_of_unit(Building)),
        Field("kind", gettext_lazy("Loại phòng"), CODE, codes="room_kind", required=True),
        Field(
            "construction",
            gettext_lazy("Loại công trình"),
            CODE,
            codes="construction_kind",
            required=True,
            in_bulk=True,
        ),
        Field("area_m2", gettext_lazy("Diện tích, m²"), WHOLE, lowest=1, highest=10_000),
        Field("seats", gettext_lazy("Chỗ ngồi"), WHOLE, lowest=0, highest=2_000),
        Field("has_internet", gettext_lazy("Có Internet"), YES_NO, in_bulk=True),
        Field("in_use", gettext_lazy("Đang dùng"), YES_NO),
    ),
    rows=partial(rows_of, Room),
    find=partial(rows_asked, Room),
    fill=lambda values, row, owner: {"in_use": values.get("in_use") is not False},
    name_of=lambda row: str(row.name),
    conflicts={"facilities_room_once": ("name", gettext_lazy("Trường đã có phòng tên này."))},
    **_SHARED,
)


_USES = (
    ("teaching", gettext_lazy("Dạy học")),
    ("learning", gettext_lazy("Học sinh tự học")),
    ("managing", gettext_lazy("Quản lí, văn phòng")),
)


def _check_pieces(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, str]:
    del row, owner
    if (values.get("working") or 0) > (values.get("quantity") or 0):
        return {"working": _("Số còn dùng được không quá số lượng.")}
    return {}


EQUIPMENT = RecordKind(
    "equipment",
    gettext_lazy("thiết bị"),
    Equipment,
    (
        Field("kind", gettext_lazy("Loại thiết bị"), CODE, codes="equipment_kind", required=True),
        Field("room", gettext_lazy("Đặt tại phòng"), RECORD, kind="room", options=_of_unit(Room)),
        Field("quantity", gettext_lazy("Số lượng"), WHOLE, required=True, lowest=0, highest=30_000),
        Field("working", gettext_lazy("Còn dùng được"), WHOLE, required=True, lowest=0, highest=30_000),
        Field("acquired_on", gettext_lazy("Ngày nhận"), DATE, in_bulk=True),
        Field("asset_code", gettext_lazy("Mã tài sản"), NUMBER, most=40),
        Field("condition", gettext_lazy("Tình trạng"), CODE, codes="equipment_condition", in_bulk=True),
        Field("is_connected", gettext_lazy("Nối mạng"), YES_NO, in_bulk=True),
        Field("used_for", gettext_lazy("Dùng cho"), CHOICE, choices=_USES, in_bulk=True),
    ),
    rows=partial(rows_of, Equipment),
    find=partial(rows_asked, Equipment),
    check=_check_pieces,
    name_of=lambda row: title_of("equipment_kind", row.kind),
    **_SHARED,
)


def _check_programme(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, str]:
    del row, owner
    starts, ends = values.get("starts_on"), values.get("ends_on")
    return {"ends_on": _("Phải sau ngày bắt đầu.")} if starts and ends and ends < starts else {}


PROGRAMME = RecordKind(
    "programme",
    gettext_lazy("chương trình, câu lạc bộ"),
    Programme,
    (
        Field("title", gettext_lazy("Tên"), required=True, most=200),
        Field("school_year", gettext_lazy("Năm học bắt đầu từ năm"), WHOLE, required=True, lowest=2000, highest=2100),
        Field("kind", gettext_lazy("Loại"), CODE, codes="programme_kind", required=True),
        Field("is_club", gettext_lazy("Là câu lạc bộ"), YES_NO),
        Field("members", gettext_lazy("Số người tham gia"), WHOLE, lowest=0, highest=100_000),
        Field("meetings", gettext_lazy("Số buổi đã sinh hoạt"), WHOLE, lowest=0, highest=1_000),
        Field("starts_on", gettext_lazy("Từ ngày"), DATE),
        Field("ends_on", gettext_lazy("Đến ngày"), DATE),
        Field("evidence", gettext_lazy("Minh chứng"), most=500),
    ),
    rows=partial(rows_of, Programme),
    fill=lambda values, row, owner: {
        "is_club": bool(values.get("is_club")),
        "members": values.get("members") or 0,
        "meetings": values.get("meetings") or 0,
    },
    check=_check_programme,
    name_of=lambda row: str(row.title),
    has_files=True,
    conflicts={"facilities_programme_once": ("title", gettext_lazy("Đã khai chương trình này trong năm học đó."))},
    **_SHARED,
)
KINDS = (BUILDING, ROOM, EQUIPMENT, PROGRAMME)
