"""Columns that speak of a person of the house: a learner or a teacher, by number, code or name."""

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.intake.api import Column
from phuong.intake.sheets import Draft
from phuong.kernel.text import search_key
from phuong.kernel.vault import fingerprint_many
from phuong.records.api import DATE, NUMBER

LEARNER_REFERENCE = (
    Column(
        "learner_number",
        gettext_lazy("Số định danh của học sinh"),
        NUMBER,
        headings=("so dinh danh hoc sinh", "cccd hoc sinh", "learner number"),
        digits=12,
        most=20,
        secret=True,
    ),
    Column(
        "learner_code",
        gettext_lazy("Mã học sinh"),
        headings=("ma dinh danh hoc sinh", "ma hs", "learner code"),
        most=40,
    ),
    Column(
        "learner_name",
        gettext_lazy("Họ tên học sinh"),
        headings=("ho va ten hoc sinh", "hoc sinh", "learner name"),
        most=100,
    ),
    Column(
        "learner_birth",
        gettext_lazy("Ngày sinh của học sinh"),
        DATE,
        headings=("ngay sinh hoc sinh", "learner birth date"),
    ),
)
TEACHER = Column(
    "teacher",
    gettext_lazy("Giáo viên"),
    headings=("ho ten giao vien", "ten giao vien", "ma giao vien", "gv", "teacher"),
    most=100,
    hint=gettext_lazy("Họ tên đủ hoặc mã hồ sơ của người đang công tác tại trường."),
)
_LEARNERS = """
with here as materialized (
  select p.id, p.place_id, p.code, p.search_key, p.birth_date
  from registry_person p where p.place_id = any(%(units)s::uuid[]) and p.is_learner
)
select s.row, p.id::text, 1 from {rows} s join registry_person p on p.place_id = s.unit
and p.number_hash = s.learner_hash where p.is_learner
union all
select s.row, p.id::text, 0 from {rows} s join here p on p.place_id = s.unit and p.id::text = s.learner_code
union all
select s.row, p.id::text, 2 from {rows} s join here p on p.place_id = s.unit and p.code = s.learner_code
where s.learner_code <> ''
union all
select s.row, p.id::text, 3 from {rows} s
join here p on p.place_id = s.unit and p.search_key = s.learner_key
and (s.learner_birth is null or p.birth_date = s.learner_birth)
"""
_SEATED = """
with here as materialized (
  select distinct e.class_group_id, p.id, p.code, p.search_key, p.birth_date, p.number_hash
  from registry_enrolment e join registry_person p on p.id = e.learner_id
  where e.class_group_id = any(%(classes)s::uuid[])
)
select s.row, p.id::text, 1, s.learner_key <> p.search_key
from {rows} s join here p on p.class_group_id = s.class_id and p.number_hash = s.learner_hash
union all
select s.row, p.id::text, 2, s.learner_key <> p.search_key
from {rows} s join here p on p.class_group_id = s.class_id and p.code = s.learner_code where s.learner_code <> ''
union all
select s.row, p.id::text, 3, false
from {rows} s join here p on p.class_group_id = s.class_id and p.search_key = s.learner_key
and (s.learner_birth is null or p.birth_date = s.learner_birth)
"""
_TEACHERS = """
select s.row, p.id::text,
  case when p.id::text = s.{column} then 0 when p.code <> '' and p.code = s.{column} then 1 else 2 end
from {rows} s join registry_person p on p.place_id = s.unit and p.is_staff
and (p.search_key = s.teacher_key or (p.code <> '' and p.code = s.{column}) or p.id::text = s.{column})
where p.place_id = any(%(units)s::uuid[])
"""


PRESENT_LEARNER = "p.code as learner_code, p.full_name as learner_name, p.birth_date as learner_birth"
# a teacher as a file names one: by name where no colleague is called alike, else by code or key
PRESENT_TEACHER = """case when (select count(*) from registry_person h
    where h.place_id = {0}.place_id and h.search_key = {0}.search_key and h.is_staff) = 1 then {0}.full_name
  else coalesce(nullif({0}.code, ''), {0}.id::text) end"""


def find_learners(draft: Draft) -> None:
    """Find the learner of each row: ``learner_id``; rows without one, or with several that fit, are refused."""
    describe_learners(draft)
    columns = ("unit", "learner_hash", "learner_code", "learner_key", "learner_birth")
    words = _("Không thấy học sinh này ở trường. Ghi số định danh, mã học sinh, hoặc họ tên kèm ngày sinh.")
    found = draft.ask(columns, _LEARNERS, units=draft.units)
    keep(draft, found, "learner_id", at=_told_at(draft), unknown=words, is_needed=True)


def find_seated(draft: Draft) -> None:
    """Find the learner of each row among who sits or sat in the row's class (``class_id``): ``learner_id``.

    A row without one, with several that fit, or whose name is not that of the learner its code or number names, is
    refused.
    """
    describe_learners(draft)
    classes = [each for each in draft.frame.get_column("class_id").unique().to_list() if each]
    columns = ("class_id", "learner_hash", "learner_code", "learner_key", "learner_birth")
    told = draft.ask(columns, _SEATED, classes=classes)
    words = _(
        "Không thấy em này trong lớp. Xem lại lớp; ghi số định danh, mã học sinh, hoặc họ tên kèm ngày sinh. "
        "Em mới vào lớp thì xếp lớp trước."
    )
    at = _told_at(draft)
    rows = draft.frame.filter(pl.col("class_id").is_not_null()).get_column("row").to_list()
    keep(draft, [row[:3] for row in told], "learner_id", at=at, unknown=words, is_needed=True, rows=set(rows))
    named = {(row, key) for row, key, _rank, is_other in told if is_other}
    found = draft.frame.get_column("learner_id").to_list()
    others = {row for row, key in enumerate(found) if (row, key) in named}
    words = _("Mã hoặc số định danh này là của em mang tên khác. Sửa lại mã, số hoặc họ tên.")
    draft.refuse(sorted(others), at, "other_name", words)
    found = [None if row in others else key for row, key in enumerate(found)]
    draft.frame = draft.frame.with_columns(pl.Series("learner_id", found, dtype=pl.String))


def _told_at(draft: Draft) -> str:
    return "learner_name" if "learner_name" in draft.mapping.values() else "learner_code"


def describe_learners(draft: Draft) -> None:
    """Add what learners are looked for by: the hash of the number, the key of the name."""
    for column in LEARNER_REFERENCE:
        if not draft.has(column.name):
            kind = pl.Date if column.type == DATE else pl.String
            draft.frame = draft.frame.with_columns(pl.lit(None, dtype=kind).alias(column.name))
    frame = draft.frame
    numbers, names = frame.get_column("learner_number").to_list(), frame.get_column("learner_name").to_list()
    given = [number for number in numbers if number]
    hashes = dict(zip(given, fingerprint_many(given), strict=True))
    draft.frame = frame.with_columns(
        pl.Series("learner_hash", [f"\\x{hashes[n].hex()}" if n else None for n in numbers], dtype=pl.String),
        pl.Series("learner_key", [search_key(name) if name else None for name in names], dtype=pl.String),
    )


def find_teachers(draft: Draft, column: str, into: str) -> None:
    """Find the teacher that a column names, at the row's own school: ``into``."""
    if not draft.has(column):
        return
    names = draft.frame.get_column(column).to_list()
    keys = pl.Series("teacher_key", [search_key(name) if name else None for name in names], dtype=pl.String)
    draft.frame = draft.frame.with_columns(keys)
    found = draft.ask(("unit", column, "teacher_key"), _TEACHERS.replace("{column}", column), units=draft.units)
    words = _("Không thấy người này trong đội ngũ của trường. Ghi họ tên đủ hoặc mã hồ sơ.")
    keep(draft, found, into, at=column, unknown=words, is_needed=False)


def keep(  # noqa: PLR0913
    draft: Draft,
    found: Sequence[tuple[Any, ...]],
    into: str,
    *,
    at: str,
    unknown: str,
    is_needed: bool,
    rows: Collection[int] | None = None,
) -> None:
    """Keep the one record that fits each row best: tuples of (row, key, rank), the lowest rank first.

    ``rows``: in which a record may be missed; in all of them when not given.
    """
    best: dict[int, tuple[int, set[str]]] = {}
    for row, key, rank in found:
        present = best.get(row)
        if present is None or rank < present[0]:
            best[row] = (rank, {key})
        elif rank == present[0]:
            present[1].add(key)
    size = len(draft.frame)
    keys = [next(iter(best[row][1])) if row in best and len(best[row][1]) == 1 else None for row in range(size)]
    several = [row for row, (_rank, fitting) in best.items() if len(fitting) > 1]
    written = draft.frame.get_column(at).to_list() if draft.has(at) else [None] * size
    asked = range(size) if rows is None else sorted(rows)
    missing = [row for row in asked if row not in best and (is_needed or written[row])]
    draft.refuse(missing, at, "unknown_record", unknown)
    draft.refuse(several, at, "several_fit", _("Có nhiều hồ sơ giống dòng này. Ghi thêm mã hồ sơ hoặc số định danh."))
    draft.frame = draft.frame.with_columns(pl.Series(into, keys, dtype=pl.String))
