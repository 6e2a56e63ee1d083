"""All kinds, and the parts of them that have an address of their own."""

from phuong.roster.queries.gradebook import GRADEBOOK, GRADEBOOK_NESTED, STUDENT_IN_CLASS
from phuong.roster.queries.people import DEMOGRAPHICS, ENROLLMENTS, USERS
from phuong.roster.queries.projections import CLASSES, COURSES, ORGS, SESSIONS, Projection

PROJECTIONS: dict[str, Projection] = {
    each.name: each for each in (SESSIONS, ORGS, COURSES, CLASSES, USERS, ENROLLMENTS, DEMOGRAPHICS)
}
KINDS = {**PROJECTIONS, **GRADEBOOK}
PARTS: dict[str, tuple[str, str, str]] = {  # collection: kind, single name, which rows
    "schools": ("orgs", "org", "x.type = 'school'"),
    "terms": ("academicSessions", "academicSession", "x.type = 'term'"),
    "gradingPeriods": ("academicSessions", "academicSession", "x.type = 'gradingPeriod'"),
    "students": ("users", "user", "x.is_learner"),
    "teachers": ("users", "user", "x.is_teacher"),
}
_SITS = """x.k1 in (select e.learner_id from registry_enrolment e where e.class_group_id = %(of_1)s::uuid
and (e.ends_on is null or e.ends_on > %(today)s))"""
_TEACHES = """x.k1 in (
select a.person_id from registry_teachingassignment a where a.class_group_id = %(of_1)s::uuid and a.subject = %(of_2)s
and (a.ends_on is null or a.ends_on > %(today)s)
union all select g.homeroom_id from registry_classgroup g where g.id = %(of_1)s::uuid and %(of_2)s = '')"""
_CLASS_OF_LEARNER = """x.k1 in (select e.class_group_id from registry_enrolment e where e.learner_id = %(of_1)s::uuid
and (e.ends_on is null or e.ends_on > %(today)s))"""
_CLASS_OF_TEACHER = """(x.k2 = '' and x.k1 in (
  select g.id from registry_classgroup g where g.homeroom_id = %(of_1)s::uuid)
or (x.k1, x.k2) in (select a.class_group_id, a.subject from registry_teachingassignment a
where a.person_id = %(of_1)s::uuid and (a.ends_on is null or a.ends_on > %(today)s)))"""
_AT_SCHOOL = """(x.k1 in (select e.learner_id from registry_enrolment e where e.organisation_id = %(of_1)s::uuid
and (e.ends_on is null or e.ends_on > %(today)s)) or x.place_id = %(of_1)s::uuid)"""
_ON_STAFF = """(x.k1 in (select q.person_id from registry_staffposition q where q.organisation_id = %(of_1)s::uuid
and (q.ends_on is null or q.ends_on > %(today)s)) or x.place_id = %(of_1)s::uuid)"""
_COURSE_AT_SCHOOL = """(x.grade, x.subject) in (
select case when g.grade = 0 then 'PR' else lpad(g.grade::text, 2, '0') end, coalesce(a.subject, '')
from registry_classgroup g
left join lateral (select '' as subject union select b.subject from registry_teachingassignment b
  where b.class_group_id = g.id) a on true
where g.organisation_id = %(of_1)s::uuid and g.school_year = %(year)s)"""
NESTED: dict[tuple[str, ...], str] = {  # (collection, its parts): which rows of the parts
    ("schools", "classes"): "x.school = %(of_1)s::uuid",
    ("schools", "enrollments"): "x.school = %(of_1)s::uuid",
    ("schools", "courses"): _COURSE_AT_SCHOOL,
    ("schools", "students"): _AT_SCHOOL,
    ("schools", "teachers"): _ON_STAFF,
    ("schools", "terms"): "true",
    ("terms", "classes"): "true",
    ("terms", "gradingPeriods"): "x.k2 = 'g' || %(of_2)s",
    ("courses", "classes"): "x.grade = %(of_1)s and x.subject = %(of_2)s",
    ("classes", "students"): _SITS,
    ("classes", "teachers"): _TEACHES,
    ("classes", "enrollments"): "x.class_1 = %(of_1)s::uuid and x.class_2 = %(of_2)s",
    ("students", "classes"): _CLASS_OF_LEARNER,
    ("teachers", "classes"): _CLASS_OF_TEACHER,
    ("users", "classes"): f"({_CLASS_OF_LEARNER} or {_CLASS_OF_TEACHER})",
}
WITHIN: dict[tuple[str, ...], str] = {  # collections from the outside in, and the parts of the last: which rows
    ("schools", "classes", "students"): _SITS,
    ("schools", "classes", "teachers"): _TEACHES,
    ("schools", "classes", "enrollments"): NESTED["classes", "enrollments"],
    ("classes", "lineItems", "results"): GRADEBOOK_NESTED["lineItems", "results"],
    ("classes", "students", "results"): STUDENT_IN_CLASS,
}
ALL_NESTED: dict[tuple[str, ...], str] = {**NESTED, **GRADEBOOK_NESTED, **WITHIN}
