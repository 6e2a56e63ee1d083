"""The sets of records that the measures of facilities speak of, one wide table each."""

import ibis
import ibis.expr.types as ir

from phuong.facilities.models import Equipment, Programme, Room
from phuong.kernel.expressions import table_of, this_school_year
from phuong.kernel.measures import Population
from phuong.registry.measures import (
    GENERAL_LEVELS,
    NO,
    PRESCHOOL_LEVELS,
    classes_table,
    communes_table,
    schools_table,
)

CLASSROOM_KINDS = ("classroom", "smart_classroom", "group_room")
COMPUTER_KINDS = ("computer", "laptop")
DEVICE_KINDS = (  # what makes a classroom a digital one: code list equipment_kind, digital_teaching
    "computer",
    "laptop",
    "tablet",
    "projector",
    "interactive_board",
    "television",
    "document_camera",
    "conference",
)
EVER_TRUE: ir.BooleanValue = ibis.literal(value=True)
REGULAR_MEETINGS = 4  # meetings a school year from which a club counts as regular (our reading; no plan says)
STABLE_MBPS = 50  # line speed from which broadband counts as stable (our reading; no plan says)
INFORMATICS_FROM_GRADE = 3


def _any(table: ir.Table, condition: ir.BooleanValue) -> ir.BooleanValue:
    return table.count(where=condition) > 0


_rooms = table_of(Room)
_used = _rooms.filter(_rooms.in_use)
_equipment = table_of(Equipment)
_in_rooms = _equipment.group_by("room_id").agg(
    computers=_equipment.working.sum(where=_equipment.kind.isin(COMPUTER_KINDS)).fill_null(0),
    devices=_equipment.working.sum(where=_equipment.kind.isin(DEVICE_KINDS)).fill_null(0),
)
_fitted = _used.left_join(_in_rooms, _used.id == _in_rooms.room_id).select(
    *(_used[name] for name in ("id", "name", "organisation_id", "kind", "construction", "level", "has_internet")),
    computers=_in_rooms.computers.fill_null(0),
    devices=_in_rooms.devices.fill_null(0),
)
rooms_table: ir.Table = _fitted.join(schools_table, _fitted.organisation_id == schools_table.id).select(
    id=_fitted.id,
    label=_fitted.name + " – " + schools_table.label,
    organisation_id=_fitted.organisation_id,
    kind=_fitted.kind,
    construction=_fitted.construction,
    has_internet=_fitted.has_internet,
    level=ibis.cases(
        (_fitted.level == "", schools_table.level),
        (_fitted.level.isin(PRESCHOOL_LEVELS), "preschool"),
        else_=_fitted.level,
    ),
    devices=_fitted.devices,
)
ROOMS = Population("facilities.rooms", "Phòng đang dùng", rooms_table, url="/truong/{organisation_id}/phong/")

_room_items = _rooms.join(schools_table, _rooms.organisation_id == schools_table.id).select(
    id=_rooms.id,
    label=_rooms.name + " – " + schools_table.label,
    organisation_id=_rooms.organisation_id,
    is_room=EVER_TRUE,
    has_code=EVER_TRUE,
    has_facts=_rooms.area_m2.notnull() & (_rooms.construction != ""),
)
_equipment_items = _equipment.join(schools_table, _equipment.organisation_id == schools_table.id).select(
    id=_equipment.id,
    label=_equipment.kind + " – " + schools_table.label,
    organisation_id=_equipment.organisation_id,
    is_room=~EVER_TRUE,
    has_code=_equipment.asset_code != "",
    has_facts=_equipment.acquired_on.notnull(),
)
items_table: ir.Table = ibis.union(_room_items, _equipment_items)
ITEMS = Population("facilities.items", "Phòng và thiết bị", items_table, url="/truong/{organisation_id}/phong/")

_programmes = table_of(Programme)
_now = _programmes.filter(_programmes.school_year == this_school_year())
_regular = _now.is_club & (_now.members > 0) & (_now.meetings >= REGULAR_MEETINGS)
_declared = _now.group_by(declared_at=_now.organisation_id).agg(
    stem=_any(_now, _now.kind == "stem"),
    research=_any(_now, _now.kind == "science_research"),
    startup=_any(_now, _now.kind == "startup"),
    ai=_any(_now, _now.kind == "ai"),
    digital_skills=_any(_now, _now.kind == "digital_skills"),
    cyber_safety=_any(_now, _now.kind == "cyber_safety"),
    startup_club=_any(_now, _now.is_club & (_now.kind == "startup")),
    startup_club_meets=_any(_now, _regular & (_now.kind == "startup")),
    stem_club=_any(_now, _now.is_club & _now.kind.isin(("stem", "robotics", "startup"))),
    stem_club_meets=_any(_now, _regular & _now.kind.isin(("stem", "robotics", "startup"))),
    in_digital_skills=_now.members.sum(where=_now.kind == "digital_skills").fill_null(0),
    in_ai=_now.members.sum(where=_now.kind.isin(("ai", "robotics"))).fill_null(0),
)
_special = _fitted.group_by(rooms_at=_fitted.organisation_id).agg(
    rooms=_fitted.count(),
    studio=_any(_fitted, _fitted.kind == "studio"),
    smart=_any(_fitted, _fitted.kind == "smart_classroom"),
    best_room=_fitted.computers.max(where=_fitted.kind == "computer_room"),
)
_devices = _equipment.filter(_equipment.kind.isin(DEVICE_KINDS) & (_equipment.working > 0))
_bought = _devices.group_by(bought_at=_devices.organisation_id).agg(
    new_devices=_any(_devices, (_devices.acquired_on >= ibis.today() - ibis.interval(years=5)).fill_null(NO)),
)
_learns_it = classes_table.grade >= INFORMATICS_FROM_GRADE
_sizes = classes_table.group_by(classes_at=classes_table.organisation_id).agg(
    learners=classes_table.enrolled.sum(),
    largest_class=classes_table.enrolled.max(where=_learns_it & classes_table.level.isin(GENERAL_LEVELS)),
    largest_upper=classes_table.enrolled.max(where=classes_table.level == "upper_secondary"),
)
_FLAGS = (
    "stem",
    "research",
    "startup",
    "ai",
    "digital_skills",
    "cyber_safety",
    "startup_club",
    "startup_club_meets",
    "stem_club",
    "stem_club_meets",
)
_joined = (
    schools_table.left_join(_declared, [("id", "declared_at")])
    .left_join(_special, [("id", "rooms_at")])
    .left_join(_bought, [("id", "bought_at")])
    .left_join(_sizes, [("id", "classes_at")])
)
equipped_table: ir.Table = _joined.select(
    "id",
    "label",
    "organisation_id",
    "level",
    "connection",
    "connection_mbps",
    "connection_checked_on",
    "inventory_confirmed_on",
    **{flag: _joined[flag].fill_null(NO) for flag in (*_FLAGS, "studio", "smart", "new_devices")},
    **{
        number: _joined[number].fill_null(0)
        for number in (
            "in_digital_skills",
            "in_ai",
            "rooms",
            "best_room",
            "learners",
            "largest_class",
            "largest_upper",
        )
    },
)
SCHOOLS = Population("facilities.schools", "Cơ sở giáo dục và điều kiện dạy học", equipped_table, url="/truong/{id}/")

_stem_rooms = _used.filter(_used.kind == "stem_room")
_hosted = _stem_rooms.join(schools_table, _stem_rooms.organisation_id == schools_table.id)
_stem_places = _hosted.group_by("territory_id").agg(stem_rooms=_hosted.count())
equipped_communes: ir.Table = communes_table.left_join(
    _stem_places, communes_table.id == _stem_places.territory_id
).select(
    id=communes_table.id,
    label=communes_table.label,
    organisation_id=communes_table.organisation_id,
    stem_rooms=_stem_places.stem_rooms.fill_null(0),
)
COMMUNES = Population("facilities.communes", "Xã, phường, đặc khu", equipped_communes, url="/xa/{id}/")
