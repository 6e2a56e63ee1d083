"""The projections: which records there are, where each is counted, what of it may be sent, which changes touch it.

``rows`` gives a row for each key in ``chosen``, with at least ``id``, ``commune_code`` and ``unit_code``; a contract
takes of its columns what was agreed. Parameters: ``path``, ``day``, ``year``, ``units``, ``since_day``, ``snapshot``.
"""

from dataclasses import dataclass

_PLACE = "coalesce(t.code, case when u.kind in ('commune', 'ward', 'special_zone') then u.code end, '') as commune_code"
_HERE = "u.path <@ %(path)s::ltree"
_NOW = "{0}.starts_on <= %(day)s and ({0}.ends_on is null or {0}.ends_on > %(day)s)"
_TURNED = (
    "({0}.starts_on > %(since_day)s and {0}.starts_on <= %(day)s or "
    "{0}.ends_on > %(since_day)s and {0}.ends_on <= %(day)s)"
)
_OF_UNITS = "(select u.id from registry_organisation u where u.code = any(%(units)s))"
_UNITS_TOUCHED = (
    "(select u.id from log l join registry_organisation u on l.on_id in (u.id, u.territory_id) "
    "where l.on_kind = 'registry_organisation')"
)


@dataclass(frozen=True)
class Dataset:
    """One projection. ``touched``: keys that changes of the log, or days gone by, may have changed; empty: unknown.

    ``all_keys``: no record outside these is sent; ``of_units``: those counted at ``units``. ``tables``: those of the
    log that ``touched`` reads.
    """

    code: str
    rows: str
    all_keys: str
    of_units: str
    touched: str = ""
    tables: tuple[str, ...] = ()

    @property
    def is_followed(self) -> bool:
        """Say whether what changed can be told from the log."""
        return bool(self.touched)


SCHOOLS = Dataset(
    "schools",
    rows=f"""
select u.id, {_PLACE}, u.code as unit_code, u.name, s.level, s.type, s.ownership, s.region, s.standard_level,
  u.opened_on
from chosen c join registry_organisation u on u.id = c.key and u.closed_on is null and {_HERE}
join registry_school s on s.organisation_id = u.id
left join registry_organisation t on t.id = u.territory_id""",
    all_keys=f"select u.id as key from registry_organisation u where u.kind in ('school', 'campus') and {_HERE}",
    of_units=f"select u.id as key from registry_organisation u where u.id in {_OF_UNITS}",
    touched=f"""
select l.on_id from log l where l.on_kind = 'registry_school'
union select u.id from registry_organisation u where u.kind in ('school', 'campus') and u.id in {_UNITS_TOUCHED}
union select l.on_id from log l left join registry_organisation u on u.id = l.on_id
where l.on_kind = 'registry_organisation' and u.id is null""",
    tables=("registry_school", "registry_organisation"),
)
CLASSES = Dataset(
    "classes",
    rows=f"""
select g.id, {_PLACE}, u.code as unit_code, g.school_year, g.level, g.grade, g.name, g.kind, g.two_sessions
from chosen c join registry_classgroup g on g.id = c.key and g.school_year = %(year)s
join registry_organisation u on u.id = g.organisation_id and {_HERE}
left join registry_organisation t on t.id = u.territory_id""",
    all_keys="select g.id as key from registry_classgroup g where g.school_year = %(year)s",
    of_units=f"select g.id as key from registry_classgroup g where g.organisation_id in {_OF_UNITS}",
    touched=f"""
select l.on_id from log l where l.on_kind = 'registry_classgroup'
union select g.id from registry_classgroup g where g.organisation_id in {_UNITS_TOUCHED}""",
    tables=("registry_classgroup", "registry_organisation"),
)
LEARNERS = Dataset(
    "learners",
    rows=f"""
select p.id, {_PLACE}, u.code as unit_code, nullif(p.code, '') as code, p.full_name, p.birth_date,
  extract(year from p.birth_date)::int as birth_year, nullif(p.sex, '') as sex, nullif(p.ethnicity, '') as ethnicity,
  p.nationality, g.school_year, g.level, g.grade, g.name as class_name, e.status,
  p.identity_state = 'matched' as is_identified
from chosen c join registry_person p on p.id = c.key
join registry_enrolment e on e.learner_id = p.id and {_NOW.format("e")}
join registry_classgroup g on g.id = e.class_group_id
join registry_organisation u on u.id = e.organisation_id and {_HERE}
left join registry_organisation t on t.id = u.territory_id""",
    all_keys="select p.id as key from registry_person p where p.is_learner",
    of_units=f"select e.learner_id as key from registry_enrolment e where e.organisation_id in {_OF_UNITS}",
    touched=f"""
select l.on_id from log l where l.on_kind = 'registry_person' and (
  exists (select from registry_enrolment e where e.learner_id = l.on_id)
  or exists (select from registry_enrolmentevent v where v.learner_id = l.on_id))
union select e.learner_id from log l join registry_enrolment e on e.id = l.on_id where l.on_kind = 'registry_enrolment'
union select v.learner_id from log l join registry_enrolmentevent v on v.pgh_obj_id = l.on_id
where l.on_kind = 'registry_enrolment'
union select e.learner_id from log l join registry_enrolment e on e.class_group_id = l.on_id
where l.on_kind = 'registry_classgroup'
union select e.learner_id from registry_enrolment e where e.organisation_id in {_UNITS_TOUCHED}
union select e.learner_id from registry_enrolment e where {_TURNED.format("e")}""",
    tables=("registry_person", "registry_enrolment", "registry_classgroup", "registry_organisation"),
)
STAFF = Dataset(
    "staff",
    rows=f"""
select p.id, {_PLACE}, u.code as unit_code, nullif(p.code, '') as code, p.full_name, p.birth_date,
  nullif(p.sex, '') as sex, q.position, q."group" as staff_group, nullif(q.subject, '') as subject,
  nullif(q.contract, '') as contract, p.identity_state = 'matched' as is_identified
from chosen c join registry_person p on p.id = c.key
join registry_staffposition q on q.person_id = p.id and q.is_main and {_NOW.format("q")}
join registry_organisation u on u.id = q.organisation_id and {_HERE}
left join registry_organisation t on t.id = u.territory_id""",
    all_keys="select p.id as key from registry_person p where p.is_staff",
    of_units=f"select q.person_id as key from registry_staffposition q where q.organisation_id in {_OF_UNITS}",
    touched=f"""
select l.on_id from log l where l.on_kind = 'registry_person' and (
  exists (select from registry_staffposition q where q.person_id = l.on_id)
  or exists (select from registry_staffpositionevent v where v.person_id = l.on_id))
union select q.person_id from log l join registry_staffposition q on q.id = l.on_id
where l.on_kind = 'registry_staffposition'
union select v.person_id from log l join registry_staffpositionevent v on v.pgh_obj_id = l.on_id
where l.on_kind = 'registry_staffposition'
union select q.person_id from registry_staffposition q where q.organisation_id in {_UNITS_TOUCHED}
union select q.person_id from registry_staffposition q where {_TURNED.format("q")}""",
    tables=("registry_person", "registry_staffposition", "registry_organisation"),
)
ROOMS = Dataset(
    "rooms",
    rows=f"""
select r.id, {_PLACE}, u.code as unit_code, r.kind, r.construction, r.area_m2, r.seats, r.has_internet, r.in_use
from chosen c join facilities_room r on r.id = c.key
join registry_organisation u on u.id = r.organisation_id and {_HERE}
left join registry_organisation t on t.id = u.territory_id""",
    all_keys="select r.id as key from facilities_room r",
    of_units=f"select r.id as key from facilities_room r where r.organisation_id in {_OF_UNITS}",
    touched=f"""
select l.on_id from log l where l.on_kind = 'facilities_room'
union select r.id from facilities_room r where r.organisation_id in {_UNITS_TOUCHED}""",
    tables=("facilities_room", "registry_organisation"),
)
_KEY = "md5(v.measure || ' ' || v.area_id::text)::uuid"
_SHOWN = """
from measures_total v join registry_organisation u on u.id = v.area_id and u.path <@ %(path)s::ltree
join unnest(%(measures)s::text[], %(titles)s::text[], %(personal)s::boolean[]) as m (code, title, is_personal)
  on m.code = v.measure
where v.snapshot_id = %(snapshot)s and not (m.is_personal and (
  v.denominator between 1 and 4 or v.numerator between 1 and 4 or v.denominator - v.numerator between 1 and 4))"""
INDICATORS = Dataset(
    "indicators",
    rows=f"""
select x.* from chosen c join (
  select {_KEY} as id, case when u.kind = 'province' then '' else u.code end as commune_code, u.code as unit_code,
    v.measure, m.title, %(as_of)s::date as as_of, v.numerator, v.denominator {_SHOWN}
) as x on x.id = c.key""",
    all_keys=f"select {_KEY} as key {_SHOWN}",
    of_units=f"select {_KEY} as key {_SHOWN} and u.code = any(%(units)s)",
)
DATASETS = {each.code: each for each in (SCHOOLS, CLASSES, LEARNERS, STAFF, ROOMS, INDICATORS)}
