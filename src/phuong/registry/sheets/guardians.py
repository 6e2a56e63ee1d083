"""Files of guardians: whose they are, and what custody allows."""

import polars as pl
from django.db import connection
from django.utils.translation import gettext_lazy

from phuong.intake.api import Sheet, Written, column_of
from phuong.intake.sheets import Draft, Stage
from phuong.kernel.permissions import Permission
from phuong.registry.kinds.people import GUARDIANSHIP
from phuong.registry.models import Guardianship, Person
from phuong.registry.sheets.people import BIRTH, NAME, NUMBER_COLUMN, SEX, TYPES, derive, seal_numbers
from phuong.registry.sheets.places import UNIT, find_units
from phuong.registry.sheets.references import LEARNER_REFERENCE, PRESENT_LEARNER, find_learners

_FIELDS = {field.name: field for field in GUARDIANSHIP.fields}
_COLUMNS = (
    UNIT,
    *LEARNER_REFERENCE,
    column_of(
        _FIELDS["full_name"], "ho ten phu huynh", "ho va ten phu huynh", "nguoi giam ho", "guardian", check=NAME.check
    ),
    column_of(_FIELDS["relation"], "moi quan he", "la", "relation"),
    column_of(_FIELDS["custody"], "custody", required=False),
    column_of(_FIELDS["contact_order"], "uu tien lien he", "contact order"),
    column_of(_FIELDS["birth_date"], "ngay sinh phu huynh", check=BIRTH.check),
    column_of(_FIELDS["sex"], "gioi", required=False, codes=SEX.codes),
    column_of(_FIELDS["number"], "so dinh danh phu huynh", "cccd phu huynh", digits=12, check=NUMBER_COLUMN.check),
    column_of(_FIELDS["phone"], "so dien thoai phu huynh", "sdt", "dien thoai phu huynh", digits=10),
    column_of(_FIELDS["email"], "email phu huynh"),
)
_FOUND = """
select s.row, w.id::text, w.guardian_id::text, w.relation, w.custody, p.full_name, p.phone, p.email
from {rows} s join registry_guardianship w on w.learner_id = s.learner_id and w.ends_on is null
join registry_person p on p.id = w.guardian_id
where p.number_hash = s.number_hash or p.search_key = s.search_key
"""
_KNOWN = """
select s.row, min(p.id::text) from {rows} s join registry_person p on p.number_hash = s.number_hash group by s.row
"""
_PERSON = "coalesce(s.guardian_id, (select f.key from {rows} f where f.row = s.first_row))"


def _resolve(draft: Draft) -> None:
    find_units(draft)
    find_learners(draft)
    derive(draft)
    if not draft.has("number_hash"):
        draft.frame = draft.frame.with_columns(pl.lit(None, dtype=pl.String).alias("number_hash"))
    found = draft.ask(("learner_id", "number_hash", "search_key"), _FOUND)
    named = ["target", "guardian_id", "was_relation", "was_custody", "was_full_name", "was_phone", "was_email"]
    once = {row: facts for row, *facts in sorted(found, reverse=True)}
    draft.join([(row, *facts) for row, facts in once.items()], named)
    known = dict(draft.ask(("number_hash",), _KNOWN))
    rows = draft.frame.get_column("row").to_list()
    there = pl.Series("known", [known.get(row) for row in rows], dtype=pl.String)
    same = pl.coalesce(
        "number_hash", pl.concat_str("search_key", pl.coalesce(pl.col("phone"), pl.lit("")), separator="|")
    )
    if not draft.has("phone"):
        same = pl.coalesce("number_hash", pl.concat_str("search_key", "learner_id", separator="|"))
    draft.frame = draft.frame.with_columns(
        pl.coalesce("guardian_id", there).alias("guardian_id"), pl.col("row").min().over(same).alias("first_row")
    )
    seal_numbers(draft)


def _write(stage: Stage) -> Written:
    made = stage.insert(Person, _new_person(stage), where="s.guardian_id is null and s.row = s.first_row")
    _mark_guardians(stage)
    changed = _change_people(stage)
    facts = {
        "id": "s.key_guardianship",
        "path": "%(path)s::ltree",
        "guardian_id": _PERSON.replace("{rows}", stage.table),
        "learner_id": "s.learner_id",
        "relation": "s.relation",
        "custody": "coalesce(s.custody, 'full')" if stage.has("custody") else "'full'",
        "contact_order": "coalesce(s.contact_order, 1)" if stage.has("contact_order") else "1",
        "starts_on": "%(on)s",
    }
    linked = stage.insert(Guardianship, facts, where="s.target is null")
    kept = {
        name: f"coalesce(s.{name}, t.{name})" for name in ("relation", "custody", "contact_order") if stage.has(name)
    }
    changed = max(changed, stage.update(Guardianship, kept))
    return Written(len(linked), changed, 0, {Person._meta.db_table: made, Guardianship._meta.db_table: linked})


def _new_person(stage: Stage) -> dict[str, str]:
    facts = {name: f"coalesce(s.{name}, '')" for name in ("phone", "email", "sex") if stage.has(name)}
    facts |= {name: f"s.{name}" for name in ("full_name", "name_key", "search_key", "birth_date") if stage.has(name)}
    facts.setdefault("sex", "''")
    if stage.has("number_cipher"):
        facts |= {"number_cipher": "s.number_cipher", "number_hash": "s.number_hash"}
        facts["number_check"] = "coalesce(s.number_check, 'missing')"
    return facts | {
        "id": "s.key",
        "path": "%(path)s::ltree",
        "place_id": "%(unit)s",
        "is_guardian": "true",
        "updated_on": "%(today)s",
    }


def _mark_guardians(stage: Stage) -> None:
    statement = (
        f"update registry_person p set is_guardian = true from {stage.table} s "
        "where p.id = s.guardian_id and not p.is_guardian"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _change_people(stage: Stage) -> int:
    names = [name for name in ("phone", "email") if stage.has(name)]
    values = {name: f"coalesce(s.{name}, t.{name})" for name in names}
    where = "s.target is not null and t.is_guardian and not t.is_staff"
    return stage.update(Person, values, key="s.guardian_id", where=where, also={"updated_on": "%(today)s::date"})


_PRESENT = f"""
select o.id as unit, o.code as unit_code, {PRESENT_LEARNER}, g.full_name, w.relation, w.custody, w.contact_order,
  g.birth_date, g.sex, g.phone, g.email
from registry_guardianship w join registry_person p on p.id = w.learner_id
join registry_organisation o on o.id = p.place_id join registry_person g on g.id = w.guardian_id
where w.ends_on is null and w.path <@ %(scope)s::ltree
order by o.path, p.name_key, p.id, w.contact_order, w.id
"""
GUARDIANS = Sheet(
    "guardians",
    gettext_lazy("Phụ huynh"),
    Permission.PERSONS_EDIT,
    _COLUMNS,
    _resolve,
    _write,
    (Person, Guardianship),
    kind="guardian",
    types={**TYPES, "learner_id": "uuid", "guardian_id": "uuid", "key_guardianship": "uuid"},
    notes=(gettext_lazy("Một phụ huynh có nhiều con: mỗi con một dòng, cùng số định danh của phụ huynh."),),
    order=30,
    present=_PRESENT,
)
