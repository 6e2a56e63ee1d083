"""Files of classes, of who sits in them, and of who teaches what."""

from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.intake.api import Column, Sheet, Written, column_of
from phuong.intake.sheets import Draft, Stage
from phuong.kernel.permissions import Permission
from phuong.kernel.text import vi_key
from phuong.records.api import CODE, WHOLE
from phuong.registry.kinds.classes import CLASS as CLASS_KIND
from phuong.registry.models import ClassGroup, Enrolment, TeachingAssignment
from phuong.registry.sheets.people import RECORD, TYPES, refuse_twice, tidy_records
from phuong.registry.sheets.places import (
    CLASS,
    SINCE,
    UNIT,
    class_key,
    classes_named,
    find_classes,
    find_units,
    year_of,
)
from phuong.registry.sheets.references import (
    LEARNER_REFERENCE,
    PRESENT_LEARNER,
    PRESENT_TEACHER,
    TEACHER,
    find_learners,
    find_teachers,
)
from phuong.registry.sheets.sitting import end_left_out, find_present_class, left_out, sit, sitting

_FIELDS = {field.name: field for field in CLASS_KIND.fields}
_PRESENT_CLASS = """
select s.row, case when s.record_id is null then s.name else g.name end,
  g.level, g.grade, g.kind, g.two_sessions, p.full_name, g.homeroom_id::text
from {rows} s join registry_classgroup g on g.id = s.target left join registry_person p on p.id = g.homeroom_id
"""
_PRESENT_TEACHING = """
select s.row, a.id::text, a.person_id::text, a.periods
from {rows} s join registry_teachingassignment a on a.class_group_id = s.class_id and a.subject = s.subject
and a.ends_on is null and (a.person_id = s.teacher_id or s.row is not null)
"""


def _resolve_classes(draft: Draft) -> None:
    find_units(draft)
    year = year_of(draft)
    records = tidy_records(draft)
    frame = draft.frame
    names, units = frame.get_column("name").to_list(), frame.get_column("unit").to_list()
    known = classes_named({unit for unit in units if unit}, year)
    targets = [
        known.get((unit, class_key(name))) if unit and name else None for unit, name in zip(units, names, strict=True)
    ]
    here: dict[Any, str] = {}
    here |= _classes_here(records, {unit for unit in units if unit}, year)
    targets = [here.get((unit, key)) or found for unit, key, found in zip(units, records, targets, strict=True)]
    draft.frame = frame.with_columns(
        pl.Series("target", targets, dtype=pl.String),
        pl.Series("name_key", [vi_key(name) if name else None for name in names], dtype=pl.String),
        pl.Series("compared", [class_key(name) for name in names], dtype=pl.String),
    )
    refuse_twice(draft, ["unit", "compared"], "name", _("Lớp này có ở hai dòng của tệp."))
    find_teachers(draft, "homeroom", "homeroom_id")
    found = draft.ask(("target", "record_id", "name"), _PRESENT_CLASS)
    named = ["was_name", "was_level", "was_grade", "was_kind", "was_two_sessions", "was_homeroom", "_homeroom_now"]
    draft.join(found, named, {"was_grade": pl.Int64, "was_two_sessions": pl.Boolean})
    if draft.has("homeroom_id"):
        same = pl.col("_homeroom_now").eq_missing(pl.col("homeroom_id")) & pl.col("homeroom_id").is_not_null()
        shown = pl.when(same).then(pl.col("homeroom")).otherwise(pl.col("was_homeroom")).alias("was_homeroom")
        draft.frame = draft.frame.with_columns(shown)
    draft.frame = draft.frame.drop("_homeroom_now")


def _classes_here(records: list[str | None], units: set[Any], year: int) -> dict[tuple[str, str], str]:
    """Find the classes of some units that keys name: ``{(unit, key): key}``."""
    rows = ClassGroup.objects.filter(pk__in={key for key in records if key}, organisation__in=units, school_year=year)
    return {(str(unit), str(key)): str(key) for unit, key in rows.values_list("organisation_id", "pk")}


def _write_classes(stage: Stage) -> Written:
    facts = {name: f"s.{name}" for name in ("name", "name_key", "level", "grade")}
    optional = {"kind": "'single'", "two_sessions": "false"}
    facts |= {name: f"coalesce(s.{name}, {empty})" for name, empty in optional.items() if stage.has(name)}
    if stage.has("homeroom_id"):
        facts["homeroom_id"] = "s.homeroom_id"
    new = {"id": "s.key", "organisation_id": "%(unit)s", "school_year": str(stage.params["year"])}
    made = stage.insert(ClassGroup, facts | new, where="s.target is null")
    kept = {name: f"coalesce(s.{name}, t.{name})" for name in facts if name not in ("name", "name_key")}
    renamed = "case when s.record_id is null then t.{0} else s.{0} end"
    kept |= {name: renamed.format(name) for name in ("name", "name_key")}
    return Written(len(made), stage.update(ClassGroup, kept), 0, {ClassGroup._meta.db_table: made})


_PRESENT_CLASSES = f"""
select o.id as unit, o.code as unit_code, g.name, g.level, g.grade, g.kind, g.two_sessions, g.id::text as record_id,
  {PRESENT_TEACHER.format("t")} as homeroom
from registry_classgroup g join registry_organisation o on o.id = g.organisation_id
left join registry_person t on t.id = g.homeroom_id
where g.school_year = %(year)s and o.path <@ %(scope)s::ltree
order by o.path, g.grade, g.name_key
"""
_PRESENT_SITTING = f"""
select o.id as unit, o.code as unit_code, {PRESENT_LEARNER}, g.name as class_name, e.status
from registry_enrolment e join registry_person p on p.id = e.learner_id
join registry_classgroup g on g.id = e.class_group_id join registry_organisation o on o.id = e.organisation_id
where e.school_year = %(year)s and e.ends_on is null and p.place_id = o.id and e.path <@ %(scope)s::ltree
order by o.path, g.grade, g.name_key, p.name_key, p.id
"""
_PRESENT_LESSONS = f"""
select o.id as unit, o.code as unit_code, g.name as class_name, a.subject, a.periods,
  {PRESENT_TEACHER.format("t")} as teacher
from registry_teachingassignment a join registry_classgroup g on g.id = a.class_group_id
join registry_organisation o on o.id = a.organisation_id join registry_person t on t.id = a.person_id
where g.school_year = %(year)s and a.ends_on is null and a.path <@ %(scope)s::ltree
order by o.path, g.grade, g.name_key, a.subject, a.id
"""
CLASSES = Sheet(
    "classes",
    gettext_lazy("Lớp"),
    Permission.CLASSES_EDIT,
    (
        UNIT,
        column_of(_FIELDS["name"], "lop", "ma lop", "class"),
        column_of(_FIELDS["level"], "cap", "level"),
        column_of(_FIELDS["grade"], "khoi lop", "grade"),
        column_of(_FIELDS["kind"], "hinh thuc lop", "class kind", required=False),
        column_of(_FIELDS["two_sessions"], "hoc 2 buoi", "2 buoi ngay"),
        Column(
            "homeroom",
            TEACHER.label,
            headings=("gvcn", "giao vien chu nhiem", "chu nhiem", "homeroom"),
            hint=TEACHER.hint,
        ),
        RECORD,
    ),
    _resolve_classes,
    _write_classes,
    (ClassGroup,),
    kind="class",
    types={**TYPES, "homeroom_id": "uuid"},
    order=5,
    present=_PRESENT_CLASSES,
)


def _resolve_enrolments(draft: Draft) -> None:
    find_units(draft)
    find_learners(draft)
    draft.frame = draft.frame.with_columns(pl.col("learner_id").alias("target"))
    refuse_twice(draft, ["target"], "learner_name", _("Em này có ở hai dòng của tệp."))
    find_classes(draft)
    find_present_class(draft)


def _write_enrolments(stage: Stage) -> Written:
    made, moved = sit(stage)
    ended = end_left_out(stage)
    return Written(len(made), moved, ended, {Enrolment._meta.db_table: made})


ENROLMENTS = Sheet(
    "enrolments",
    gettext_lazy("Xếp lớp"),
    Permission.PERSONS_EDIT,
    (
        UNIT,
        *LEARNER_REFERENCE,
        Column(**{**vars(CLASS), "required": True}),
        SINCE,
        Column("status", gettext_lazy("Tình trạng"), CODE, headings=("trang thai", "status"), codes="enrolment_status"),
    ),
    _resolve_enrolments,
    _write_enrolments,
    (Enrolment,),
    kind="enrolment",
    missing=left_out,
    sitting=sitting,
    types={**TYPES, "learner_id": "uuid"},
    order=40,
    present=_PRESENT_SITTING,
)


def _resolve_teaching(draft: Draft) -> None:
    find_units(draft)
    find_classes(draft)
    find_teachers(draft, "teacher", "teacher_id")
    refuse_twice(draft, ["class_id", "subject"], "subject", _("Môn này của lớp có ở hai dòng của tệp."))
    found = draft.ask(("class_id", "subject", "teacher_id"), _PRESENT_TEACHING)
    draft.join(found, ["target", "_teacher_now", "was_periods"], {"was_periods": pl.Int64})
    same = pl.col("_teacher_now").eq_missing(pl.col("teacher_id")) & pl.col("teacher_id").is_not_null()
    draft.frame = draft.frame.with_columns(
        pl.when(same)
        .then(pl.col("teacher"))
        .when(pl.col("target").is_not_null())
        .then(pl.lit(""))
        .alias("was_teacher"),
        same.alias("is_same_teacher"),
    ).drop("_teacher_now")


def _write_teaching(stage: Stage) -> Written:
    since = "coalesce(s.since, %(on)s)" if stage.has("since") else "%(on)s::date"
    ended = stage.update(
        TeachingAssignment,
        {"during": f"daterange(lower(t.during), greatest({since}, lower(t.during) + 1))"},
        where="not s.is_same_teacher",
    )
    facts = {
        "id": "s.key",
        "path": "%(path)s::ltree",
        "organisation_id": "%(unit)s",
        "class_group_id": "s.class_id",
        "person_id": "s.teacher_id",
        "subject": "s.subject",
        "during": f"daterange({since}, null)",
    }
    if stage.has("periods"):
        facts["periods"] = "s.periods"
    made = stage.insert(TeachingAssignment, facts, where="not coalesce(s.is_same_teacher, false)")
    kept = {"periods": "coalesce(s.periods, t.periods)"} if stage.has("periods") else {}
    changed = stage.update(TeachingAssignment, kept, where="s.is_same_teacher")
    return Written(len(made) - ended, changed + ended, 0, {TeachingAssignment._meta.db_table: made})


TEACHING = Sheet(
    "teaching",
    gettext_lazy("Phân công giảng dạy"),
    Permission.CLASSES_EDIT,
    (
        UNIT,
        Column(**{**vars(CLASS), "required": True}),
        Column("subject", gettext_lazy("Môn"), CODE, True, ("mon hoc", "ten mon", "subject"), "subject"),
        Column(**{**vars(TEACHER), "required": True}),
        Column(
            "periods",
            gettext_lazy("Số tiết/tuần"),
            WHOLE,
            headings=("so tiet", "tiet tuan", "periods"),
            lowest=0,
            highest=60,
        ),
        Column(**{**vars(SINCE), "label": gettext_lazy("Dạy từ ngày"), "headings": ("tu ngay", "since")}),
    ),
    _resolve_teaching,
    _write_teaching,
    (TeachingAssignment,),
    kind="teaching",
    types={**TYPES, "teacher_id": "uuid"},
    order=50,
    present=_PRESENT_LESSONS,
)
