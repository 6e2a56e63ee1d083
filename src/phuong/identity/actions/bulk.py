"""Accounts of a whole province: made from the registry in sets, their roles kept in step with its facts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from phuong.kernel.codelists import read_yaml
from phuong.kernel.keys import uuid7
from phuong.kernel.scope import ROOT, acting, current_actor
from phuong.kernel.today import today
from phuong.registry.api import Person

_CATALOG = Path(__file__).resolve().parents[1] / "catalog" / "roles_of_facts.yaml"
MOST_ROUNDS = 20  # of a batch whose numbered names somebody had taken by hand


@dataclass(frozen=True)
class AccountKind:
    """Whom accounts are made for; ``flag``: the column that says so; ``by_code``: named by the official code."""

    code: str
    flag: str
    by_code: bool = False


ACCOUNT_KINDS = {
    kind.code: kind
    for kind in (
        AccountKind("staff", "is_staff"),
        AccountKind("learners", "is_learner", by_code=True),
        AccountKind("guardians", "is_guardian"),
    )
}
# Given name and the first letters of the rest: «Nguyễn Thị Lan» is lannt, the second of that name lannt2.
_OPEN = r"""
with missing as materialized (
  select p.id, p.path, p.full_name,
    regexp_replace(regexp_replace(p.search_key, '[^a-z0-9 ]', '', 'g'), '^ +| +$', '', 'g') as words,
    case when %(by_code)s then lower(regexp_replace(p.code, '[^A-Za-z0-9]', '', 'g')) else '' end as code
  from registry_person p
  where p.id = any(%(people)s) and not exists (select from identity_account a where a.person_id = p.id)
), coded as (
  select m.*, m.code <> '' and row_number() over (partition by m.code order by m.id) = 1
    and not exists (select from identity_account a where a.username = m.code) as is_coded,
    coalesce(nullif(substring(m.words from '[^ ]+$')
      || regexp_replace(regexp_replace(m.words, ' *[^ ]+$', ''), '([^ ])[^ ]* *', '\1', 'g'), ''), 'taikhoan') as stem
  from missing m
), counted as (
  insert into identity_namestem as s (stem, used)
  select stem, count(*) from coded where not is_coded group by stem order by stem
  on conflict (stem) do update set used = s.used + excluded.used returning s.stem, s.used
), named as (
  select c.id, c.path, c.full_name, case when c.is_coded then c.code else c.stem || coalesce(nullif(
    s.used - count(*) over (partition by c.is_coded, c.stem)
    + row_number() over (partition by c.is_coded, c.stem order by c.id), 1)::text, '') end as username
  from coded c left join counted s on s.stem = c.stem and not c.is_coded
)
insert into identity_account (id, path, username, display_name, email, person_id, is_active, password, created_at)
select k.key, n.path, n.username, n.full_name, '', n.id, true, '!' || replace(gen_random_uuid()::text, '-', ''), now()
from named n join unnest(%(people)s, %(keys)s) as k(person, key) on k.person = n.id
on conflict do nothing
"""
_DESIRED = """
with facts as (
  select p.person_id, p.organisation_id, m.role, p.during
  from registry_staffposition p join unnest(%(posts)s::text[], %(roles)s::text[]) as m(post, role)
    on m.post = p.position
  where p.person_id = any(%(people)s)
  union all
  select g.homeroom_id, g.organisation_id, 'homeroom_teacher',
    daterange(make_date(g.school_year, 8, 1), make_date(g.school_year + 1, 8, 1)) * p.during
  from registry_classgroup g join registry_staffposition p
    on p.person_id = g.homeroom_id and p.organisation_id = g.organisation_id
  where g.homeroom_id = any(%(people)s)
  union all
  select e.learner_id, e.organisation_id, 'learner', daterange(lower(e.during), upper(e.during) + %(days)s)
  from registry_enrolment e where e.learner_id = any(%(people)s)
  union all
  select g.guardian_id, l.place_id, 'guardian', daterange(g.starts_on,
    case when g.ends_on < g.starts_on then g.starts_on else g.ends_on end)
  from registry_guardianship g join registry_person l on l.id = g.learner_id
  where g.guardian_id = any(%(people)s) and g.custody <> all(%(closed)s)
), periods as (
  select a.id as account_id, f.organisation_id, o.path, f.role, unnest(range_agg(f.during)) as during
  from facts f join identity_account a on a.person_id = f.person_id
    join registry_organisation o on o.id = f.organisation_id
  where not isempty(f.during) group by 1, 2, 3, 4
), latest as (
  select distinct on (account_id, organisation_id, role) * from periods
  order by account_id, organisation_id, role, upper(during) desc nulls first
)
"""
_SAME = "r.account_id = l.account_id and r.organisation_id = l.organisation_id and r.role = l.role"
_DOUBLE = f"""{_DESIRED}
delete from identity_roleassignment r using latest l, identity_roleassignment first
where {_SAME} and r.kind = 'own' and first.kind = 'own'
  and first.account_id = r.account_id and first.organisation_id = r.organisation_id
  and first.role = r.role and lower(first.during) is not distinct from lower(r.during) and first.id < r.id
"""
_FOLLOW = f"""{_DESIRED}
update identity_roleassignment r set during = daterange(lower(r.during), upper(l.during))
from latest l where {_SAME} and r.kind = 'own' and r.during && l.during
  and upper(r.during) is distinct from upper(l.during)
"""
_GIVE = f"""{_DESIRED}
insert into identity_roleassignment (id, path, account_id, organisation_id, role, during)
select identity_key(), l.path, l.account_id, l.organisation_id, l.role, l.during
from latest l where coalesce(upper(l.during) > %(today)s, true)
  and not exists (select from identity_roleassignment r where {_SAME} and r.during && l.during)
order by l.account_id on conflict do nothing
"""
_PLACE = """
update identity_account a set path = p.path, display_name = p.full_name from registry_person p
where p.id = a.person_id and p.id = any(%(people)s) and (a.path <> p.path or a.display_name <> p.full_name)
"""


@cache
def _catalog() -> dict[str, Any]:
    return dict(read_yaml(_CATALOG))


def people_of(kind: AccountKind, units: Sequence[UUID]) -> list[UUID]:
    """Give the people of one kind whose records some units keep."""
    rows = Person.objects.filter(place__in=list(units), **{kind.flag: True})
    return list(rows.order_by("id").values_list("id", flat=True))


@transaction.atomic
def open_missing(kind: AccountKind, people: Sequence[UUID]) -> int:
    """Open an account for each of ``people`` that has none, one statement; gives how many were opened.

    Sign-in names are unique; no password is hashed: none is set yet. Done twice, nothing is doubled. Roles follow.
    """
    made = 0
    for _round in range(MOST_ROUNDS):
        facts: dict[str, Any] = {"by_code": kind.by_code, "people": list(people), "keys": [uuid7() for _ in people]}
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, facts)
            made += cursor.rowcount
            if made == len(people):
                break
            query = "select count(*) from unnest(%s) p where p not in (select person_id from identity_account"
            cursor.execute(query + " where person_id = any(%s))", [list(people), list(people)])
            if cursor.fetchone()[0] == 0:
                break
    _run(_GIVE, people)
    return made


def _run(statement: str, people: Sequence[UUID], day: dt.date | None = None) -> int:
    catalog = _catalog()
    facts = {
        "people": list(people),
        "posts": list(catalog["roles_of_posts"]),
        "roles": list(catalog["roles_of_posts"].values()),
        "days": catalog["learner_days_after_leaving"],
        "closed": catalog["custody_without_access"],
        "today": day or today(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return int(cursor.rowcount)


@transaction.atomic
def follow_facts(people: Sequence[UUID], *, day: dt.date | None = None) -> tuple[int, int]:
    """Bring the roles of some people's accounts in step with posts, classes, enrolments and guardianships.

    A role ends the day its fact ends (a learner's some days later), goes on when the fact does, and is given where it
    lacks; roles that follow from no fact stay as they were given. Gives (ended or prolonged, given).
    """
    for statement in (_PLACE, _DOUBLE):
        _run(statement, people, day)
    return _run(_FOLLOW, people, day), _run(_GIVE, people, day)


def follow_record(kind: str, row: Any) -> None:
    """Follow one fact at once, inside the transaction that wrote it."""
    people = {
        "position": ("person_id",),
        "enrolment": ("learner_id",),
        "guardianship": ("guardian_id",),
        "class": ("homeroom_id",),
    }
    keys = [key for name in people[kind] if (key := getattr(row, name))]
    if keys:  # from the root: the account of a guardian or of somebody who moves may lie outside the actor's place
        with acting(replace(current_actor(), scope=ROOT)):
            follow_facts(keys)
