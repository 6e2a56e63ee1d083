"""Users, their demographics, and who is in which class, as SQL over the registry."""

from phuong.roster.queries.projections import DAY, KEY, LIST, TRUTH, Field, Projection

_SID = Field("x.k1", KEY, "x.k2")
_STATUS = Field("x.status")
_IS_OVER = "{end} is not null and {end} <= %(today)s"
_ENROLMENTS = (
    f"""
select e.id as k1, '' as k2, e.learner_id as person, e.class_group_id as class_1, '' as class_2,
  e.organisation_id as school, 'student' as role, false as is_first, e.starts_on, e.ends_on,
  case when {_IS_OVER.format(end="e.ends_on")} then 'tobedeleted' else 'active' end as status
from registry_enrolment e
where e.school_year = %(year)s and e.organisation_id in ({{units}}) and e.learner_id in ({{people}})
""",
    f"""
select e.id as k1, s.subject as k2, e.learner_id as person, e.class_group_id as class_1, s.subject as class_2,
  e.organisation_id as school, 'student' as role, false as is_first, e.starts_on, e.ends_on,
  case when not s.is_held or {_IS_OVER.format(end="e.ends_on")} then 'tobedeleted' else 'active' end as status
from registry_enrolment e join lateral (
  select a.subject, bool_or(a.ends_on is null or a.ends_on > %(today)s) as is_held
  from registry_teachingassignment a where a.class_group_id = e.class_group_id group by a.subject
) s on true
where e.class_group_id = any(array(select a.class_group_id from registry_teachingassignment a)) and
  e.school_year = %(year)s and e.organisation_id in ({{units}}) and e.learner_id in ({{people}})
""",
    f"""
select a.id as k1, '' as k2, a.person_id as person, a.class_group_id as class_1, a.subject as class_2,
  a.organisation_id as school, 'teacher' as role, true as is_first, a.starts_on, a.ends_on,
  case when {_IS_OVER.format(end="a.ends_on")} then 'tobedeleted' else 'active' end as status
from registry_teachingassignment a join registry_classgroup g on g.id = a.class_group_id
where g.school_year = %(year)s and a.organisation_id in ({{units}}) and a.person_id in ({{people}})
""",
    """
select g.id as k1, 'homeroom' as k2, g.homeroom_id as person, g.id as class_1, '' as class_2,
  g.organisation_id as school, 'teacher' as role, true as is_first, null::date as starts_on, null::date as ends_on,
  'active' as status
from registry_classgroup g
where g.school_year = %(year)s and g.organisation_id in ({units}) and g.homeroom_id in ({people})
""",
)
ENROLLMENTS = Projection(
    "enrollments",
    "enrollment",
    _ENROLMENTS,
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "role": Field("x.role"),
        "primary": Field("x.is_first", TRUTH),
        "beginDate": Field("x.starts_on", DAY),
        "endDate": Field("x.ends_on", DAY),
        "user.sourcedId": Field("x.person", KEY),
        "class.sourcedId": Field("x.class_1", KEY, "x.class_2"),
        "school.sourcedId": Field("x.school", KEY),
    },
    "",
    (
        ("registry_enrolmentevent", "e.pgh_obj_id = x.k1"),
        ("registry_teachingassignmentevent", "e.pgh_obj_id = x.k1"),
        ("registry_classgroupevent", "x.k2 = 'homeroom' and e.pgh_obj_id = x.k1"),
    ),
    is_long=True,
    told=("user", "class", "school", "role", "primary", "beginDate", "endDate"),
)
_ALLOWED = "w.ends_on is null and w.custody <> 'none'"
_POST = "q.ends_on is null or q.ends_on > %(today)s"
_HAS_WARDS = f"exists (select 1 from registry_guardianship w where w.guardian_id = p.id and {_ALLOWED})"
_HAS_POST = f"exists (select 1 from registry_staffposition q where q.person_id = p.id and ({_POST}))"
_TEACHES = (
    f"(exists (select 1 from registry_staffposition q where q.person_id = p.id and ({_POST}) "
    "and q.\"group\" = 'teacher')"
    " or exists (select 1 from registry_teachingassignment a where a.person_id = p.id "
    "and (a.ends_on is null or a.ends_on > %(today)s)))"
)
_HAS_LEFT = (
    "(not exists (select 1 from registry_enrolment e where e.learner_id = p.id and e.ends_on is null) and exists ("
    "select 1 from registry_enrolment e where e.learner_id = p.id and e.status = any(%(away)s)))"
)
_PEOPLE = f"""
select p.id as k1, '' as k2, p.full_name, p.code, p.email, p.work_email, p.phone, p.place_id, p.is_learner,
  p.is_staff, p.birth_date, p.sex, p.birthplace,
  split_part(p.full_name, ' ', 1) as family,
  reverse(split_part(reverse(p.full_name), ' ', 1)) as given,
  coalesce(substring(p.full_name from '^\\S+\\s+(.*)\\s+\\S+$'), '') as middle,
  case when p.is_learner and not {_HAS_LEFT} or p.is_staff and {_HAS_POST} or p.is_guardian and {_HAS_WARDS}
    then 'active' else 'tobedeleted' end as status,
  p.is_guardian and {_HAS_WARDS} as is_agent,
  p.is_staff and {_TEACHES} as is_teacher
from registry_person p
where p.id in ({{people}}) and (p.is_learner or p.is_staff or p.is_guardian and {_HAS_WARDS})
"""
# a record that was found to be another's: who reads us deletes it, and keeps the one that stays
_MERGED = """
select f.id as k1, '' as k2, p.full_name, '' as code, '' as email, '' as work_email, '' as phone, p.place_id,
  p.is_learner, p.is_staff, p.birth_date, p.sex, p.birthplace,
  split_part(p.full_name, ' ', 1) as family,
  reverse(split_part(reverse(p.full_name), ' ', 1)) as given,
  coalesce(substring(p.full_name from '^\\S+\\s+(.*)\\s+\\S+$'), '') as middle,
  'tobedeleted' as status, false as is_agent, false as is_teacher
from registry_formerkey f join registry_person p on p.id = f.person_id
where p.id in ({people}) and (p.is_learner or p.is_staff)
"""
_AGENTS = f"""
(select array_agg(w.guardian_id::text order by w.contact_order, w.guardian_id) from registry_guardianship w
  where w.learner_id = t.k1 and {_ALLOWED} and w.guardian_id in ({{people}})) as guardians,
(select array_agg(w.learner_id::text order by w.learner_id) from registry_guardianship w
  where w.guardian_id = t.k1 and {_ALLOWED} and w.learner_id in ({{people}})) as wards,
(select string_agg(distinct w.relation, ',') from registry_guardianship w
  where w.guardian_id = t.k1 and {_ALLOWED}) as relations,
(select jsonb_agg(jsonb_build_array(q.position, q."group", q.organisation_id, q.is_main, q.starts_on, q.ends_on)
    order by q.is_main desc, q.starts_on, q.id) from registry_staffposition q
  where q.person_id = t.k1 and ({_POST}) and q.organisation_id in ({{units}})) as posts,
(select jsonb_agg(jsonb_build_array(g.grade, e.organisation_id, e.starts_on) order by e.starts_on desc, e.id)
  from registry_enrolment e join registry_classgroup g on g.id = e.class_group_id
  where e.learner_id = t.k1 and e.ends_on is null and e.organisation_id in ({{units}})) as sits
"""
_ROLES = """
array_remove(array[case when x.is_learner then 'student' end, case when x.is_teacher then 'teacher' end], null)
|| case when x.is_agent then (select array_agg(case when w.relation in ('father', 'mother') then 'parent'
     else 'guardian' end) from registry_guardianship w
     where w.guardian_id = x.k1 and w.ends_on is null and w.custody <> 'none') else '{}' end
|| case when x.is_staff then coalesce((select array_agg(case when q.position = 'principal' then 'principal'
     when q."group" = 'manager' then 'siteAdministrator' when q."group" = 'teacher' then 'teacher' else 'aide' end)
     from registry_staffposition q where q.person_id = x.k1 and (q.ends_on is null or q.ends_on > %(today)s)
     and q.organisation_id in ({units})), '{}') else '{}' end
"""
_EVENTS = (
    ("registry_personevent", "e.pgh_obj_id = x.k1"),
    (
        "registry_staffpositionevent",
        "e.pgh_obj_id in (select q.id from registry_staffposition q where q.person_id = x.k1)",
    ),
    (
        "registry_guardianshipevent",
        "e.pgh_obj_id in (select w.id from registry_guardianship w where w.learner_id = x.k1 or w.guardian_id = x.k1)",
    ),
    (
        "registry_enrolmentevent",
        "e.pgh_obj_id in (select n.id from registry_enrolment n where n.learner_id = x.k1)",
    ),
)
USERS = Projection(
    "users",
    "user",
    (_PEOPLE, _MERGED),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "username": Field("coalesce(nullif(x.work_email, ''), x.k1::text)"),
        "givenName": Field("x.given"),
        "familyName": Field("x.family"),
        "middleName": Field("x.middle"),
        "identifier": Field("x.code"),
        "email": Field("coalesce(nullif(x.work_email, ''), x.email)"),
        "phone": Field("x.phone"),
        "roles.role": Field(_ROLES, LIST),
        "primaryOrg.sourcedId": Field("x.place_id", KEY),
    },
    _AGENTS,
    _EVENTS,
    is_long=True,
    told=(
        "enabledUser",
        "username",
        "userIds",
        "givenName",
        "familyName",
        "middleName",
        "identifier",
        "email",
        "phone",
        "roles",
        "userProfiles",
        "primaryOrg",
        "agents",
        "grades",
    ),
)
DEMOGRAPHICS = Projection(
    "demographics",
    "demographics",
    (_PEOPLE,),
    {
        "sourcedId": _SID,
        "status": _STATUS,
        "birthDate": Field("x.birth_date", DAY),
        "sex": Field("x.sex"),
        "cityOfBirth": Field("x.birthplace"),
    },
    "",
    _EVENTS[:1],
    is_long=True,
    told=("birthDate", "sex", "cityOfBirth"),
)
