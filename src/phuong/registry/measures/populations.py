"""The sets of records that the registry's measures speak of: one wide table each, read once a snapshot.

Learners and records are a million rows: their tables carry columns of the record itself only, nothing worked out.
"""

import ibis
import ibis.expr.types as ir

from phuong.kernel.expressions import table_of, this_school_year
from phuong.kernel.measures import Population
from phuong.registry.models import (
    ClassGroup,
    Enrolment,
    FocalPoint,
    Organisation,
    Person,
    Qualification,
    School,
    StaffPosition,
)

PRESCHOOL_LEVELS = ("preschool", "nursery", "kindergarten")  # a class names its age band, a school its level
GENERAL_LEVELS = ("primary", "lower_secondary", "upper_secondary")
SECONDARY_LEVELS = ("lower_secondary", "upper_secondary")
NO: ir.BooleanValue = ibis.literal(value=False)
COMMUNE_KINDS = ("commune", "ward", "special_zone")
_PRESENT = ("studying", "transferred_in", "repeating")  # code list enrolment_status, present

_organisations = table_of(Organisation)
_open = _organisations.filter(_organisations.closed_on.isnull())
_schools = table_of(School)
school_facts: ir.Table = _schools.select(
    "organisation_id",
    "level",
    "levels",
    "type",
    "ownership",
    "standard_level",
    "standard_until",
    "connection",
    "connection_mbps",
    "connection_checked_on",
    "managed_here_since",
    "inventory_confirmed_on",
    "is_international",
)
schools_table: ir.Table = _open.join(school_facts, _open.id == school_facts.organisation_id).select(
    id=_open.id,
    label=_open.name,
    territory_id=_open.territory_id,
    **{name: school_facts[name] for name in school_facts.columns},
)
SCHOOLS = Population("registry.schools", "Cơ sở giáo dục", schools_table, url="/truong/{id}/")

CORE_DUTIES = ("leader", "it", "statistics")  # code list focal_duty, core
UNIT_KINDS = ("department", "division", *COMMUNE_KINDS, "school")
_focal = table_of(FocalPoint)
_in_force = (_focal.starts_on.isnull() | (_focal.starts_on <= ibis.today())) & (
    _focal.ends_on.isnull() | (_focal.ends_on > ibis.today())
)
_named = (
    _focal.filter(_in_force)
    .group_by("organisation_id")
    .agg(**{f"has_{duty}": (_focal.duty == duty).any() for duty in CORE_DUTIES})
)
_units = _open.filter(_open.kind.isin(UNIT_KINDS))
units_table: ir.Table = _units.left_join(_named, _units.id == _named.organisation_id).select(
    id=_units.id,
    label=_units.name,
    organisation_id=_units.id,
    **{f"has_{duty}": _named[f"has_{duty}"].fill_null(NO) for duty in CORE_DUTIES},
)
UNITS = Population("registry.units", "Sở, phòng, xã, phường, trường", units_table, url="/mang-luoi/?unit={id}")

_communes = _open.filter(_open.kind.isin(COMMUNE_KINDS))
communes_table: ir.Table = _communes.select(id=_communes.id, label=_communes.name, organisation_id=_communes.id)

_enrolments = table_of(Enrolment)
_current = _enrolments.filter(_enrolments.ends_on.isnull() & _enrolments.status.isin(_PRESENT))
_classes = table_of(ClassGroup)
_people = table_of(Person)
learners_table: ir.Table = (
    _current.join(_people, _current.learner_id == _people.id)
    .join(_classes, _current.class_group_id == _classes.id)
    .join(school_facts, _current.organisation_id == school_facts.organisation_id)
    .select(
        id=_people.id,
        label=_people.full_name,
        organisation_id=_current.organisation_id,
        grade=_classes.grade,
        class_level=_classes.level,
        two_sessions=_classes.two_sessions,
        school_level=school_facts.level,
        ownership=school_facts.ownership,
        number_check=_people.number_check,
        identity_state=_people.identity_state,
        citizen_identity_level=_people.citizen_identity_level,
        birth_date=_people.birth_date,
        ethnicity=_people.ethnicity,
        address=_people.address,
        code=_people.code,
        plays_art=_people.plays_art,
        plays_sport=_people.plays_sport,
    )
)
LEARNERS = Population("registry.learners", "Học sinh đang học", learners_table, url="/nguoi/{id}/", personal=True)

_enrolled = _current.group_by("class_group_id").agg(enrolled=_current.count())
_this_year = _classes.filter(_classes.school_year == this_school_year())
classes_table: ir.Table = _this_year.left_join(_enrolled, _this_year.id == _enrolled.class_group_id).select(
    id=_this_year.id,
    label=_this_year.name,
    organisation_id=_this_year.organisation_id,
    level=_this_year.level,
    grade=_this_year.grade,
    age_group=_this_year.age_group,
    enrolled=_enrolled.enrolled.fill_null(0),
)
CLASSES = Population("registry.classes", "Lớp học của năm học", classes_table, url="/lop/{id}/")

_positions = table_of(StaffPosition)
_posts = _positions.filter(_positions.is_main & _positions.ends_on.isnull())
_degrees = table_of(Qualification)
_highest = _degrees.group_by("person_id").agg(rank=_degrees["rank"].max())
staff_table: ir.Table = (
    _posts.join(_people, _posts.person_id == _people.id)
    .left_join(_highest, _posts.person_id == _highest.person_id)
    .left_join(school_facts, _posts.organisation_id == school_facts.organisation_id)
    .select(
        id=_people.id,
        label=_people.full_name,
        organisation_id=_posts.organisation_id,
        staff_group=_posts["group"],
        subject=_posts.subject,
        school_level=school_facts.level.fill_null(""),
        rank=_highest["rank"].fill_null(0),
        number_check=_people.number_check,
    )
)
STAFF = Population(
    "registry.staff",
    "Cán bộ quản lí, giáo viên, nhân viên đang làm việc",
    staff_table,
    url="/nguoi/{id}/",
    personal=True,
)

_FIELDS = (
    "full_name",
    "birth_date",
    "sex",
    "ethnicity",
    "address",
    "code",
    "number_check",
    "identity_state",
    "citizen_identity_level",
    "updated_on",
)


def _records(holders: ir.Table, person: str, kind: ir.StringValue) -> ir.Table:
    return holders.join(_people, holders[person] == _people.id).select(
        id=_people.id,
        label=_people.full_name,
        organisation_id=holders.organisation_id,
        kind=kind,
        **{name: _people[name] for name in _FIELDS},
    )


records_table: ir.Table = ibis.union(
    _records(_current, "learner_id", ibis.literal("learner")), _records(_posts, "person_id", _posts["group"])
)
RECORDS = Population(
    "registry.records", "Hồ sơ người học và nhà giáo", records_table, url="/nguoi/{id}/", personal=True
)
