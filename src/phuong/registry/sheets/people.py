"""People in a file: the columns they share, what follows from them, and whom a row speaks of."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.intake.api import Column
from phuong.intake.sheets import Draft, Stage, asked
from phuong.kernel.scope import SYSTEM, acting
from phuong.kernel.text import name_sort_key, search_key
from phuong.kernel.today import today
from phuong.kernel.vault import fingerprint_many, seal_many
from phuong.records.api import CODE, DATE, NUMBER
from phuong.registry.models import Person
from phuong.registry.rules import birth_problem, check_number, name_problem, number_problem

NAME = Column(
    "full_name",
    gettext_lazy("Họ và tên"),
    required=True,
    headings=(
        "ho ten",
        "ho va ten hoc sinh",
        "ho ten hoc sinh",
        "ten hoc sinh",
        "ho va ten khai sinh",
        "full name",
        "name",
    ),
    most=100,
    check=lambda name: _name_words(name),
    example="Đỗ Khánh An",
)
BIRTH = Column(
    "birth_date",
    gettext_lazy("Ngày sinh"),
    DATE,
    required=True,
    headings=(
        "ngay thang nam sinh",
        "ngay thang nam sinh dd mm yyyy",
        "sinh ngay",
        "birth date",
        "date of birth",
        "dob",
    ),
    check=lambda day: _birth_words(day),
    example="05/09/2013",
)
SEX = Column(
    "sex", gettext_lazy("Giới tính"), CODE, True, ("gioi", "sex", "gender", "nam nu"), codes="sex", example="Nam"
)
NUMBER_COLUMN = Column(
    "number",
    gettext_lazy("Số định danh cá nhân"),
    NUMBER,
    headings=(
        "so dinh danh",
        "so cccd",
        "cccd",
        "so can cuoc",
        "cmnd cccd",
        "so cmnd",
        "ma dinh danh ca nhan",
        "personal number",
    ),
    digits=12,
    most=20,
    secret=True,
    check=lambda number: _number_words(number),
    hint=gettext_lazy("12 chữ số, ô kiểu Text để không mất số 0 ở đầu."),
    example="031213001234",
)
CODE_COLUMN = Column(
    "code",
    gettext_lazy("Mã hồ sơ"),
    headings=(
        "ma hoc sinh",
        "ma dinh danh hoc sinh",
        "ma dinh danh bo gddt",
        "ma so",
        "ma giao vien",
        "ma can bo",
        "code",
        "id",
    ),
    most=40,
    example="3100012345",
)
RECORD = Column(
    "record_id",
    gettext_lazy("Khóa hồ sơ"),
    headings=("khoa ho so", "record id"),
    most=36,
    check=lambda key: _record_words(key),
    is_inner=True,
)
ORIGIN = (
    Column(
        "ethnicity",
        gettext_lazy("Dân tộc"),
        CODE,
        headings=("ethnic group", "ethnicity"),
        codes="ethnicity",
        example="Kinh",
    ),
    Column(
        "nationality",
        gettext_lazy("Quốc tịch"),
        CODE,
        headings=("nationality",),
        codes="nationality",
        example="Việt Nam",
    ),
    Column(
        "birthplace", gettext_lazy("Nơi sinh"), headings=("noi sinh tinh thanh pho", "birthplace", "place of birth")
    ),
)
CONTACT = (
    Column(
        "address",
        gettext_lazy("Địa chỉ"),
        headings=("cho o hien nay", "dia chi thuong tru", "noi o", "address"),
        most=300,
    ),
    Column(
        "phone",
        gettext_lazy("Điện thoại"),
        NUMBER,
        headings=("so dien thoai", "dien thoai lien he", "sdt", "phone", "mobile"),
        digits=10,
        most=20,
        example="0912345678",
    ),
    Column("email", gettext_lazy("Thư điện tử"), headings=("email", "e mail", "thu dien tu ca nhan"), most=120),
)
TEXTS = ("ethnicity", "birthplace", "address", "phone", "email", "code", "work_email")
TYPES = {"number_cipher": "bytea", "number_hash": "bytea", "class_id": "uuid", "key": "uuid", "key_enrolment": "uuid"}
TYPES |= {"record_id": "uuid"}


PRESENT_PERSON = """p.code, p.full_name, p.birth_date, p.sex, p.ethnicity, p.nationality, p.birthplace, p.address,
  p.phone, p.email, p.id::text as record_id"""


def _name_words(name: str) -> str:
    problem = name_problem(name)
    if not problem:
        return ""
    return _("Ghi đủ họ và tên.") if problem == "one_word" else _("Họ và tên không có chữ số.")


def _birth_words(day: Any) -> str:
    problem = birth_problem(day, today())
    if not problem:
        return ""
    return _("Ngày sinh ở tương lai.") if problem == "future" else _("Năm sinh quá xa. Kiểm tra lại năm.")


def _number_words(number: str) -> str:
    return _("Số định danh có 12 chữ số; đang có %d kí tự.") % len(number) if number_problem(number) else ""


def _record_words(key: str) -> str:
    return "" if _key(key) else _("Khóa hồ sơ không đúng dạng. Bỏ cột này nếu điền tay.")


def _key(text: str | None) -> str | None:
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None


def tidy_records(draft: Draft) -> list[str | None]:
    """Bring the keys of records that the file names to their one form, and add the column when it is not there."""
    written = draft.frame.get_column("record_id").to_list() if draft.has("record_id") else [None] * len(draft.frame)
    keys = [_key(each) for each in written]
    draft.frame = draft.frame.with_columns(pl.Series("record_id", keys, dtype=pl.String))
    return keys


def derive(draft: Draft) -> None:
    """Add what follows from the cells: sort and search keys, the hash and the structure of the number."""
    frame = draft.frame
    names = frame.get_column("full_name").to_list()
    keys = {name: (name_sort_key(name), search_key(name)) for name in set(names) if name}
    columns = [
        pl.Series("name_key", [keys[name][0] if name else None for name in names], dtype=pl.String),
        pl.Series("search_key", [keys[name][1] if name else None for name in names], dtype=pl.String),
    ]
    if draft.has("number"):
        numbers = frame.get_column("number").to_list()
        given = [number for number in numbers if number]
        hashes = dict(zip(given, fingerprint_many(given), strict=True))
        columns.append(
            pl.Series("number_hash", [f"\\x{hashes[n].hex()}" if n else None for n in numbers], dtype=pl.String)
        )
    draft.frame = frame.with_columns(columns)


def seal_numbers(draft: Draft) -> None:
    """Add the sealed numbers and what their structure says."""
    if not draft.has("number"):
        return
    frame = draft.frame
    numbers = frame.get_column("number").to_list()
    sexes = frame.get_column("sex").to_list() if draft.has("sex") else [None] * len(numbers)
    births = frame.get_column("birth_date").to_list() if draft.has("birth_date") else [None] * len(numbers)
    sealed = iter(seal_many([number for number in numbers if number]))
    draft.frame = frame.with_columns(
        pl.Series("number_cipher", [f"\\x{next(sealed).hex()}" if n else None for n in numbers], dtype=pl.String),
        pl.Series(
            "number_check",
            [
                check_number(n, sex=s or "", birth_date=b) if n else None
                for n, s, b in zip(numbers, sexes, births, strict=True)
            ],
            dtype=pl.String,
        ),
    )


def refuse_twice(draft: Draft, columns: Sequence[str], at: str, words: str) -> None:
    """Refuse rows that say the same of ``columns`` as another row of the file."""
    if any(not draft.has(name) for name in columns):
        return
    present = pl.all_horizontal(*(pl.col(name).is_not_null() for name in columns))
    twice = draft.frame.filter(present & pl.struct(columns).is_duplicated())
    draft.refuse(twice.get_column("row").to_list(), at, "twice_in_file", words)


# The people of the units are read first: row security makes the planner think that they are few, and left to itself it
# compares every row of a unit with every person there.
_FOUND = """
with here as materialized (
  select p.id, p.place_id, p.code, p.search_key, p.birth_date, p.number_hash
  from registry_person p where p.place_id = any(%(units)s::uuid[]) and p.{flag}
)
select s.row, p.id::text, p.place_id::text, 0 as rank, false as is_other
from {rows} s join registry_person p on p.id = s.record_id and p.place_id = s.unit and p.{flag}
union all
select s.row, p.id::text, p.place_id::text, 1, false
from {rows} s join registry_person p on p.number_hash = s.number_hash
union all
select s.row, p.id::text, p.place_id::text, 2, false
from {rows} s join here p on p.place_id = s.unit and p.code = s.code and s.code <> ''
union all
select s.row, p.id::text, p.place_id::text, 3, coalesce(p.number_hash <> s.number_hash, false)
from {rows} s join here p
on p.place_id = s.unit and p.search_key = s.search_key and p.birth_date is not distinct from s.birth_date
"""


def find_people(draft: Draft, flag: str, *, moved: str) -> None:
    """Say of whom each row speaks: ``target``, the person found by number, else by code, else by name and birth date.

    ``flag``: the role looked for (is_learner, is_staff); ``moved``: words for somebody whose record another unit keeps.
    """
    tidy_records(draft)
    for name, kind in (("number_hash", pl.String), ("code", pl.String), ("birth_date", pl.Date)):
        if not draft.has(name):
            draft.frame = draft.frame.with_columns(pl.lit(None, dtype=kind).alias(name))
    columns = ("unit", "number_hash", "code", "search_key", "birth_date", "record_id")
    names = ("row", "key", "place", "rank", "is_other")
    found = pl.DataFrame(
        draft.ask(columns, _FOUND.replace("{flag}", flag), units=draft.units),
        schema=dict(zip(names, (pl.Int32, pl.String, pl.String, pl.Int32, pl.Boolean), strict=True)),
        orient="row",
    )
    best = found.filter(pl.col("rank") == pl.col("rank").min().over("row")).unique(["row", "key"])
    own = best.filter(~pl.col("is_other"))
    once = own.filter(pl.len().over("row") == 1)
    draft.frame = draft.frame.join(
        once.select("row", pl.col("key").alias("target"), "place"), on="row", how="left", maintain_order="left"
    )
    elsewhere = draft.frame.filter(pl.col("place").ne_missing(pl.col("unit")) & pl.col("target").is_not_null())
    several = own.filter(pl.len().over("row") > 1)
    others = best.filter(~pl.col("row").is_in(own.get_column("row").implode()))
    draft.frame = draft.frame.drop("place")
    draft.refuse(elsewhere.get_column("row").to_list(), "full_name", "kept_elsewhere", moved)
    words = _("Có nhiều hồ sơ giống dòng này. Ghi thêm mã hồ sơ hoặc số định danh.")
    draft.refuse(several.get_column("row").unique().to_list(), "full_name", "several_fit", words)
    words = _("Đã có hồ sơ cùng họ tên, ngày sinh nhưng khác số định danh. Kiểm tra lại số.")
    draft.refuse(others.get_column("row").unique().to_list(), "number", "other_number", words)
    _refuse_known_elsewhere(draft)
    _refuse_same_target(draft)


def _refuse_known_elsewhere(draft: Draft) -> None:
    """Refuse numbers that somebody outside the actor's place has; never who or where."""
    new = draft.frame.filter(pl.col("target").is_null() & pl.col("number_hash").is_not_null())
    if new.is_empty():
        return
    query = (
        "select s.row from {rows} s where exists (select 1 from registry_person p where p.number_hash = s.number_hash)"
    )
    with acting(SYSTEM):
        known = [row for (row,) in asked(new.select("row", "number_hash"), query, types={"number_hash": "bytea"})]
    words = _("Số định danh này đã có ở một đơn vị khác. Làm chuyển trường, hoặc hỏi Sở.")
    draft.refuse(known, "number", "known_elsewhere", words)


def _refuse_same_target(draft: Draft) -> None:
    twice = draft.frame.filter(pl.col("target").is_not_null() & pl.col("target").is_duplicated())
    words = _("Hai dòng trong tệp cùng nói về một hồ sơ. Bỏ bớt một dòng.")
    draft.refuse(twice.get_column("row").to_list(), "full_name", "twice_in_file", words)


def find_present(draft: Draft, columns: Sequence[str], dtypes: Mapping[str, Any] | None = None) -> None:
    """Lay beside each row what its person's record has at present, for the preview."""
    there = [name for name in columns if draft.has(name)]
    listed = "".join(f", p.{name}" for name in there)
    number = ", case when p.number_hash is not distinct from s.number_hash then s.number_hash end"
    query = "select s.row" + listed + number + " from {rows} s join registry_person p on p.id = s.target"
    facts = draft.ask(("target", "number_hash"), query)
    draft.join([each[:-1] for each in facts], [f"was_{name}" for name in there], _was_types(there, dtypes))
    if draft.has("number"):
        draft.join([(each[0], each[-1] and f"\\x{bytes(each[-1]).hex()}") for each in facts], ["_same_number"])
        same = pl.col("_same_number").is_not_null()
        shown = pl.when(same).then(pl.col("number")).when(pl.col("target").is_not_null()).then(pl.lit("•••"))
        draft.frame = draft.frame.with_columns(shown.alias("was_number")).drop("_same_number")


def _was_types(names: Sequence[str], dtypes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {f"was_{name}": {"birth_date": pl.Date, **(dtypes or {})}.get(name, pl.String) for name in names}


def make_people(stage: Stage, flag: str, *, columns: Sequence[str]) -> list[str]:
    """Make the people that rows without a target speak of."""
    values = {name: f"coalesce(s.{name}, '')" for name in columns if name in TEXTS and stage.has(name)}
    values |= {name: f"s.{name}" for name in ("birth_date", "full_name", "name_key", "search_key") if stage.has(name)}
    values |= {name: f"s.{name}" for name in columns if name not in TEXTS and stage.has(name)}
    values["sex"] = "coalesce(s.sex, '')" if stage.has("sex") else "''"
    if stage.has("nationality"):
        values["nationality"] = "coalesce(s.nationality, 'VN')"
    if stage.has("number_cipher"):
        values |= {
            "number_cipher": "s.number_cipher",
            "number_hash": "s.number_hash",
            "number_check": "coalesce(s.number_check, 'missing')",
        }
    values |= {
        "id": "s.key",
        "path": "%(path)s::ltree",
        "place_id": "%(unit)s",
        flag: "true",
        "updated_on": "%(today)s",
    }
    return stage.insert(Person, values, where="s.target is null")


def change_people(stage: Stage, flag: str, *, columns: Sequence[str]) -> int:
    """Change the people found; an empty cell leaves what stands. Other facts must be verified anew."""
    plain = [name for name in ("full_name", "name_key", "search_key", "birth_date", "sex", *columns) if stage.has(name)]
    values = {name: f"coalesce(s.{name}, t.{name})" for name in dict.fromkeys(plain)}
    another = " or ".join(
        f"(s.{name} is not null and s.{name} is distinct from t.{name})"
        for name in ("full_name", "birth_date", "sex", "number_hash")
        if stage.has(name)
    )
    if stage.has("number_cipher"):
        is_new = "s.number_hash is not null and s.number_hash is distinct from t.number_hash"
        for name in ("number_cipher", "number_hash", "number_check"):
            values[name] = f"case when {is_new} then s.{name} else t.{name} end"
    values[flag] = "true"
    values["identity_state"] = f"case when {another} then 'unverified' else t.identity_state end"
    values["identity_checked_on"] = f"case when {another} then null else t.identity_checked_on end"
    return stage.update(Person, values, also={"updated_on": "%(today)s::date"})
