"""Files of rooms and of equipment."""

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.facilities.kinds import EQUIPMENT as EQUIPMENT_KIND
from phuong.facilities.kinds import ROOM as ROOM_KIND
from phuong.facilities.models import Equipment, Room
from phuong.intake.api import Column, Sheet, Written, column_of
from phuong.intake.sheets import Draft, Stage
from phuong.kernel.permissions import Permission
from phuong.kernel.text import nfc
from phuong.registry.sheets.people import refuse_twice
from phuong.registry.sheets.places import UNIT, find_units

_ROOM = {field.name: field for field in ROOM_KIND.fields}
_EQUIPMENT = {field.name: field for field in EQUIPMENT_KIND.fields}
_ROOM_FACTS = ("kind", "construction", "area_m2", "seats", "has_internet")
_PIECE_FACTS = ("quantity", "working", "acquired_on", "condition", "is_connected", "used_for")
_DTYPES = {
    **{f"was_{name}": pl.Int64 for name in ("area_m2", "seats", "quantity", "working")},
    **{f"was_{name}": pl.Boolean for name in ("has_internet", "is_connected")},
    "was_acquired_on": pl.Date,
}
_ROOMS = """
select s.row, r.id::text{columns}
from {rows} s join facilities_room r on r.organisation_id = s.unit and lower(r.name) = s.compared
"""
_PIECES = """
select s.row, (array_agg(e.id::text order by e.id))[1]{columns}
from {rows} s join facilities_equipment e on e.organisation_id = s.unit and e.kind = s.kind
and (s.asset_code <> '' and e.asset_code = s.asset_code
  or coalesce(s.asset_code, '') = '' and e.asset_code = '' and e.room_id is not distinct from s.room_id)
group by s.row
"""


def _compared(name: str | None) -> str | None:
    return nfc(name).lower() if name else None


def _resolve_rooms(draft: Draft) -> None:
    find_units(draft)
    names = draft.frame.get_column("name").to_list()
    draft.frame = draft.frame.with_columns(pl.Series("compared", [_compared(name) for name in names], dtype=pl.String))
    refuse_twice(draft, ["unit", "compared"], "name", _("Phòng này có ở hai dòng của tệp."))
    there = [name for name in _ROOM_FACTS if draft.has(name)]
    query = _ROOMS.replace("{columns}", "".join(f", r.{name}" for name in there))
    draft.join(draft.ask(("unit", "compared"), query), ["target", *(f"was_{name}" for name in there)], _DTYPES)


def _write_rooms(stage: Stage) -> Written:
    facts = {name: f"s.{name}" for name in _ROOM_FACTS if stage.has(name)}
    new = {"id": "s.key", "organisation_id": "%(unit)s", "name": "s.name"}
    made = stage.insert(Room, facts | new, where="s.target is null")
    kept = {name: f"coalesce(s.{name}, t.{name})" for name in facts}
    return Written(len(made), stage.update(Room, kept), 0, {Room._meta.db_table: made})


_PRESENT_ROOMS = f"""
select o.id as unit, o.code as unit_code, r.name, {", ".join(f"r.{name}" for name in _ROOM_FACTS)}
from facilities_room r join registry_organisation o on o.id = r.organisation_id
where o.path <@ %(scope)s::ltree
order by o.path, r.name, r.id
"""
_PRESENT_PIECES = f"""
select o.id as unit, o.code as unit_code, e.kind, r.name as room, e.asset_code,
  {", ".join(f"e.{name}" for name in _PIECE_FACTS)}
from facilities_equipment e join registry_organisation o on o.id = e.organisation_id
left join facilities_room r on r.id = e.room_id
where o.path <@ %(scope)s::ltree
order by o.path, e.kind, e.id
"""
ROOMS = Sheet(
    "rooms",
    gettext_lazy("Phòng"),
    Permission.FACILITIES_EDIT,
    (
        UNIT,
        column_of(_ROOM["name"], "phong", "ma phong", "room"),
        column_of(_ROOM["kind"], "loai", "room kind"),
        column_of(_ROOM["construction"], "ket cau", "construction"),
        column_of(_ROOM["area_m2"], "dien tich", "area"),
        column_of(_ROOM["seats"], "so cho ngoi", "seats"),
        column_of(_ROOM["has_internet"], "internet"),
    ),
    _resolve_rooms,
    _write_rooms,
    (Room,),
    kind="room",
    types={"key": "uuid"},
    order=60,
    present=_PRESENT_ROOMS,
)


def _resolve_equipment(draft: Draft) -> None:
    find_units(draft)
    if not draft.has("asset_code"):
        draft.frame = draft.frame.with_columns(pl.lit(None, dtype=pl.String).alias("asset_code"))
    _find_rooms(draft)
    frame = draft.frame
    pieces = zip(frame.get_column("quantity").to_list(), frame.get_column("working").to_list(), strict=True)
    over = [row for row, (all_of, working) in enumerate(pieces) if all_of is not None and working and working > all_of]
    draft.refuse(over, "working", "more_than_all", _("Số còn dùng được không quá số lượng."))
    refuse_twice(draft, ["unit", "asset_code"], "asset_code", _("Mã tài sản này có ở hai dòng của tệp."))
    there = [name for name in _PIECE_FACTS if draft.has(name)]
    query = _PIECES.replace("{columns}", "".join(f", (array_agg(e.{name} order by e.id))[1]" for name in there))
    found = draft.ask(("unit", "kind", "asset_code", "room_id"), query)
    draft.join(found, ["target", *(f"was_{name}" for name in there)], _DTYPES)
    twice = draft.frame.filter(pl.col("target").is_not_null() & pl.col("target").is_duplicated())
    words = _("Hai dòng trong tệp cùng nói về một mục thiết bị. Ghi mã tài sản để phân biệt.")
    draft.refuse(twice.get_column("row").to_list(), "kind", "twice_in_file", words)


def _find_rooms(draft: Draft) -> None:
    if not draft.has("room"):
        draft.frame = draft.frame.with_columns(pl.lit(None, dtype=pl.String).alias("room_id"))
        return
    names = draft.frame.get_column("room").to_list()
    draft.frame = draft.frame.with_columns(pl.Series("compared", [_compared(name) for name in names], dtype=pl.String))
    found = draft.ask(("unit", "compared"), _ROOMS.replace("{columns}", ""))
    draft.join(found, ["room_id"])
    missing = draft.frame.filter(
        pl.col("room").is_not_null() & pl.col("room_id").is_null() & pl.col("unit").is_not_null()
    )
    words = _("Trường chưa có phòng này. Nạp phòng trước, hoặc sửa tên phòng.")
    draft.refuse(missing.get_column("row").to_list(), "room", "unknown_room", words)


def _write_equipment(stage: Stage) -> Written:
    texts = ("condition", "used_for")
    facts = {
        name: f"coalesce(s.{name}, '')" if name in texts else f"s.{name}" for name in _PIECE_FACTS if stage.has(name)
    }
    new = {
        "id": "s.key",
        "organisation_id": "%(unit)s",
        "room_id": "s.room_id",
        "kind": "s.kind",
        "asset_code": "coalesce(s.asset_code, '')",
    }
    made = stage.insert(Equipment, facts | new, where="s.target is null")
    kept = {name: f"coalesce(s.{name}, t.{name})" for name in facts}
    kept["room_id"] = "coalesce(s.room_id, t.room_id)"
    return Written(len(made), stage.update(Equipment, kept), 0, {Equipment._meta.db_table: made})


EQUIPMENT = Sheet(
    "equipment",
    gettext_lazy("Thiết bị"),
    Permission.FACILITIES_EDIT,
    (
        UNIT,
        column_of(_EQUIPMENT["kind"], "loai", "ten thiet bi", "thiet bi", "equipment"),
        Column("room", gettext_lazy("Đặt tại phòng"), headings=("phong", "vi tri", "room"), most=80),
        column_of(_EQUIPMENT["quantity"], "sl", "so luong", "quantity"),
        column_of(_EQUIPMENT["working"], "dung duoc", "con tot", "working"),
        column_of(_EQUIPMENT["acquired_on"], "ngay mua", "acquired on"),
        column_of(_EQUIPMENT["asset_code"], "ma ts", "asset code", type="text"),
        column_of(_EQUIPMENT["condition"], "condition"),
        column_of(_EQUIPMENT["is_connected"], "ket noi mang", "connected"),
        column_of(_EQUIPMENT["used_for"], "muc dich", "used for"),
    ),
    _resolve_equipment,
    _write_equipment,
    (Equipment,),
    kind="equipment",
    types={"key": "uuid", "room_id": "uuid"},
    order=70,
    present=_PRESENT_PIECES,
)
SHEETS = (ROOMS, EQUIPMENT)
