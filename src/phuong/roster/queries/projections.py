"""Each kind of OneRoster as SQL over the registry; nothing is stored.

A row is named by ``k1`` and ``k2``: the key of a row of ours, and what part of it is meant (a subject, a term). Both
are looked up by index, and together, ``k1`` or ``k1.k2``, they are the sourcedId. ``{people}`` and ``{units}`` are the
keys of people and units the reader may see (`phuong.registry.access`), row security holds besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

TEXT, DAY, INSTANT, LIST, TRUTH, NUMBER, KEY = "text", "day", "instant", "list", "truth", "number", "key"


@dataclass(frozen=True)
class Field:
    """What may be filtered and sorted by: an expression over the row ``x``, and its type (``KEY``: a sourcedId).

    A ``KEY`` is two expressions, for ``k1`` and ``k2``; ``is_text``: the first is no UUID.
    """

    expression: str
    type: str = TEXT
    second: str = "''"
    is_text: bool = False


@dataclass(frozen=True)
class Projection:
    """One kind: its collection and single name, rows, what is added to the rows of a page (``details``).

    ``parts``: SQL of the rows, each part read in order by an index of its own; a row is in one of them. ``events``: the
    table that keeps the old rows, for the day of the last change; ``kind``: PostgreSQL type of ``k1``.
    """

    name: str
    single: str
    parts: tuple[str, ...]
    fields: Mapping[str, Field]
    details: str = ""
    events: tuple[tuple[str, str], ...] = ()
    kind: str = "uuid"
    is_long: bool = False  # as many rows as people
    told: tuple[str, ...] = field(default_factory=tuple)  # names of the fields that are given out
    changed: str = ""  # an expression of a later change, of rows that know it themselves
    is_counted: bool = True  # by who reads a school: costs nothing

    @property
    def sql(self) -> str:
        """Give the SQL of all rows."""
        return " union all ".join(self.parts)

    @property
    def modified(self) -> str:
        """Give the expression of the last change of ``x``: when it was made, or its old rows were kept."""
        made = "roster_made_at(x.k1)" if self.kind == "uuid" else "x.made_at"
        made += f", {self.changed}" if self.changed else ""
        kept = ", ".join(
            f"(select max(e.pgh_created_at) from {table} e where {condition})" for table, condition in self.events
        )
        return f"greatest({made}{', ' + kept if kept else ''})"


_SID = Field("x.k1", KEY, "x.k2")
_STATUS = Field("x.status")
_ORG_TYPE = (
    "case o.kind when 'province' then 'state' when 'department' then 'district' when 'division' then 'department' "
    "when 'school' then 'school' when 'campus' then 'school' else 'local' end"
)
_ORGS = f"""
select o.id as k1, '' as k2, case when o.closed_on is null then 'active' else 'tobedeleted' end as status,
  o.name, {_ORG_TYPE} as type, o.code as identifier, u.id as parent
from registry_organisation o left join registry_organisation u on u.id = o.parent_id and u.kind <> 'country'
where o.kind <> 'country' and (o.id in ({{units}}) or o.path @> %(scope)s::ltree)
"""
ORGS = Projection(
    "orgs",
    "org",
    (_ORGS,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "name": Field("x.name"),
        "type": Field("x.type"),
        "identifier": Field("x.identifier"),
        "parent.sourcedId": Field("x.parent", KEY),
    },
    "(select array_agg(c.id::text order by c.id) from registry_organisation c where c.parent_id = t.k1 "
    "and c.closed_on is null and c.path <@ %(scope)s::ltree) as children",
    (("registry_organisationevent", "e.pgh_obj_id = x.k1"),),
    told=("name", "type", "identifier", "parent", "children"),
)
_SESSIONS = """
select s.k1, s.k2, 'active' as status, s.title, s.type, s.starts_on, s.ends_on, s.school_year, s.made_at
from (values
  (%(year_key)s, '', %(year_title)s, 'schoolYear', %(opens)s::date, %(closes)s::date, %(year_end)s,
   %(opened)s::timestamptz),
  (%(year_key)s, '1', %(term_1)s, 'term', %(opens)s, %(turns)s, %(year_end)s, %(opened)s),
  (%(year_key)s, '2', %(term_2)s, 'term', %(turns)s, %(closes)s, %(year_end)s, %(opened)s),
  (%(year_key)s, 'g1', %(term_1)s, 'gradingPeriod', %(opens)s, %(turns)s, %(year_end)s, %(opened)s),
  (%(year_key)s, 'g2', %(term_2)s, 'gradingPeriod', %(turns)s, %(closes)s, %(year_end)s, %(opened)s)
) as s(k1, k2, title, type, starts_on, ends_on, school_year, made_at)
"""
SESSIONS = Projection(
    "academicSessions",
    "academicSession",
    (_SESSIONS,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "title": Field("x.title"),
        "type": Field("x.type"),
        "startDate": Field("x.starts_on", DAY),
        "endDate": Field("x.ends_on", DAY),
        "schoolYear": Field("x.school_year"),
    },
    kind="text",
    told=("title", "type", "startDate", "endDate", "parent", "children", "schoolYear"),
)
_GRADE = "case when g.grade = 0 then 'PR' else lpad(g.grade::text, 2, '0') end"
_HELD = """
select g.id, g.grade, '' as subject, g.organisation_id, g.name, true as is_held
from registry_classgroup g where g.school_year = %(year)s and g.organisation_id in ({units})
union all
select g.id, g.grade, a.subject, g.organisation_id, g.name, bool_or(a.ends_on is null or a.ends_on > %(today)s)
from registry_classgroup g join registry_teachingassignment a on a.class_group_id = g.id
where g.school_year = %(year)s and g.organisation_id in ({units})
group by g.id, g.grade, a.subject, g.organisation_id, g.name
"""
_COURSES = f"""
select {_GRADE} as k1, g.subject as k2, 'active' as status,
  case when g.subject = '' then %(homeroom)s else coalesce(max(n.title), g.subject) end
    || ' ' || case when g.grade = 0 then %(preschool)s else g.grade::text end as title,
  {_GRADE} as grade, g.subject, max(n.title) as subject_title, %(opened)s::timestamptz as made_at, %(year)s as year,
  (select o.id from registry_organisation o where o.kind = 'province' and o.path @> %(scope)s::ltree) as org
from ({_HELD}) g left join kernel_codeentry n on n.list = 'subject' and n.code = g.subject
group by g.grade, g.subject
"""
COURSES = Projection(
    "courses",
    "course",
    (_COURSES,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "title": Field("x.title"),
        "courseCode": Field("x.grade || case when x.subject = '' then '' else '.' || x.subject end"),
        "grades": Field("array[x.grade]", LIST),
        "subjectCodes": Field("array_remove(array[x.subject], '')", LIST),
        "subjects": Field("array_remove(array[x.subject_title], null)", LIST),
    },
    kind="text",
    told=("title", "schoolYear", "courseCode", "grades", "subjects", "subjectCodes", "org"),
)
_CLASSES = f"""
select g.id as k1, g.subject as k2, case when g.is_held then 'active' else 'tobedeleted' end as status,
  case when g.subject = '' then g.name else coalesce(n.title, g.subject) || ' ' || g.name end as title,
  case when g.subject = '' then g.name else g.name || '.' || g.subject end as code,
  case when g.subject = '' then 'homeroom' else 'scheduled' end as type,
  {_GRADE} as grade, g.subject, n.title as subject_title, g.organisation_id as school, %(year)s as year
from ({_HELD}) g left join kernel_codeentry n on n.list = 'subject' and n.code = g.subject
"""
CLASSES = Projection(
    "classes",
    "class",
    (_CLASSES,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "title": Field("x.title"),
        "classCode": Field("x.code"),
        "classType": Field("x.type"),
        "grades": Field("array[x.grade]", LIST),
        "subjectCodes": Field("array_remove(array[x.subject], '')", LIST),
        "subjects": Field("array_remove(array[x.subject_title], null)", LIST),
        "course.sourcedId": Field("x.grade", KEY, "x.subject", is_text=True),
        "school.sourcedId": Field("x.school", KEY),
    },
    "",
    (
        ("registry_classgroupevent", "e.pgh_obj_id = x.k1"),
        ("registry_teachingassignmentevent", "x.k2 <> '' and e.class_group_id = x.k1 and e.subject = x.k2"),
    ),
    told=(
        "title",
        "classCode",
        "classType",
        "grades",
        "subjects",
        "subjectCodes",
        "course",
        "school",
        "terms",
    ),
)


def key_text(first: str, second: str) -> str:
    """Write the expression of a sourcedId."""
    return f"{first}::text || case when {second} = '' then '' else '.' || {second} end"
