"""The file of marks: a row a pupil, subject and term, as the software of schools writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.academics.actions.filing import COLUMNS, MOST_REGULAR, file_marks, take_back
from phuong.academics.models import Mark
from phuong.academics.queries.filed import (
    CLOSED,
    NO_SHEET,
    NOT_TAKEN,
    NOT_THEIRS,
    NOTHING,
    Books,
    Key,
    Standing,
    books_of,
    standing_in,
)
from phuong.academics.rules.cells import REMARK, shown_cell
from phuong.academics.rules.filed import EXEMPT, laid, marks_of
from phuong.intake.api import Column, Sheet
from phuong.intake.sheets import Draft
from phuong.kernel.permissions import Permission
from phuong.kernel.today import today
from phuong.records.api import CHOICE, CODE
from phuong.registry.sheets.people import BIRTH, NAME, NUMBER_COLUMN, refuse_twice
from phuong.registry.sheets.people import TYPES as PEOPLE_TYPES
from phuong.registry.sheets.places import CLASS, UNIT, find_classes, find_units
from phuong.registry.sheets.references import LEARNER_REFERENCE, PRESENT_LEARNER, find_seated

_LONGEST_REMARK = 500
_SUBJECT_WORDS = {
    "NGUVAN": ("van",),
    "NN1": ("tieng anh", "anh van", "anh", "ngoai ngu"),
    "LSDL": ("lich su va dia ly", "su dia"),
    "GDCD": ("gdcd",),
    "VATLI": ("vat ly", "ly", "li"),
    "HOAHOC": ("hoa",),
    "SINHHOC": ("sinh",),
    "LICHSU": ("su",),
    "DIALI": ("dia ly", "dia", "dia li"),
    "TINHOC": ("tin",),
    "GDTC": ("the duc",),
    "MITHUAT": ("my thuat",),
    "HDTN": ("hdtn hn", "hdtnhn", "hoat dong trai nghiem"),
    "GDDP": ("giao duc dia phuong",),
    "GDQPAN": ("gdqp an", "gdqp", "quoc phong an ninh"),
}
_TERM_WORDS = {
    str(term): tuple(
        f"{before}{number}".strip()
        for number in (str(term), "i" * term)
        for before in ("", "hk", "hk ", "ki ", "ky ", "hoc ki ", "hoc ky ", "term ", "semester ")
    )
    for term in (1, 2)
}


@dataclass
class _Found:
    """What became of the rows: the record each speaks of, its cells as they are written, and as they stand."""

    size: int
    targets: list[str | None] = field(init=False)
    cells: dict[str, list[str | None]] = field(init=False)
    was: dict[str, list[str | None]] = field(init=False)
    wrong: dict[tuple[str, str], list[int]] = field(default_factory=dict)  # rows by column and what is wrong

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.targets = [None] * self.size
        self.cells = {name: [None] * self.size for name in (*COLUMNS, REMARK)}
        self.was = {name: [None] * self.size for name in (*COLUMNS, REMARK)}

    def refuse(self, row: int, column: str, why: str) -> None:
        """Say what is wrong with a cell."""
        self.wrong.setdefault((column, why), []).append(row)


def _resolve(draft: Draft) -> None:
    find_units(draft)
    find_classes(draft)
    find_seated(draft)
    words = _("Em này có ở hai dòng của tệp, cùng môn và học kì.")
    refuse_twice(draft, ["class_id", "subject", "term", "learner_id"], "subject", words)
    keys = _keys(draft)
    books = books_of({key for key in keys if key}, draft.by, today())
    standing = standing_in(books.sheets.values())
    learners = draft.frame.get_column("learner_id").to_list()
    texts = {name: draft.frame.get_column(name).to_list() for name in (*COLUMNS, REMARK) if draft.has(name)}
    found = _Found(len(keys))
    for row, key in enumerate(keys):
        said = {name: cells[row] for name, cells in texts.items()}
        if key is None or learners[row] is None or books.wrong.get(key) in (NOT_THEIRS, NO_SHEET):
            _pass_over(found, row, said, books.wrong.get(key, "") if key else "")
        else:
            stood = standing.get((books.sheets[key].pk, UUID(learners[row])), NOTHING)
            _look(found, row, said, stood, books, key)
            found.targets[row] = found.targets[row] or (None if any(said.values()) else learners[row])
    _tell(draft, found, texts, books, keys)


def _keys(draft: Draft) -> list[Key | None]:
    """Name the sheet each row speaks of, where class, subject and term are known."""
    columns = (draft.frame.get_column(name).to_list() for name in ("class_id", "subject", "term"))
    return [
        (UUID(class_id), subject, int(term)) if class_id and subject and term else None
        for class_id, subject, term in zip(*columns, strict=True)
    ]


def _pass_over(found: _Found, row: int, said: Mapping[str, str | None], why: str) -> None:
    """Leave a row as it was written: nobody looks at what stands there."""
    for name, text in said.items():
        found.cells[name][row] = text
    if why:
        found.refuse(row, "subject", why)


def _look(found: _Found, row: int, said: Mapping[str, str | None], stood: Standing, books: Books, key: Key) -> None:
    """Lay the cells of a row over what stands, and say of each what is wrong with it."""
    sheet, opening, now, remark = books.sheets[key], books.openings[key], stood.row, stood.remark
    marks, bad = marks_of({name: said[name] for name in COLUMNS if name in said}, is_scored=sheet.is_scored)
    after, wrong = laid(now, marks, opening, is_exempt=stood.is_exempt)
    told = said.get(REMARK)
    if told and told != remark and (opening.states[REMARK] == "locked"):
        wrong[REMARK] = "locked"
    found.targets[row] = str(stood.mark) if stood.mark else None
    for name in COLUMNS:
        value, standing = marks.get(name), now.cell(name)
        found.cells[name][row] = _shown(value, is_scored=sheet.is_scored) if name in marks else said.get(name)
        shown = value if stood.is_exempt and value == EXEMPT else standing
        found.was[name][row] = _shown(shown, is_scored=sheet.is_scored) or None
    found.cells[REMARK][row], found.was[REMARK][row] = told, remark or None
    for column, why in (*bad.items(), *wrong.items()):
        found.refuse(row, column, why)
    if books.wrong.get(key) and (after != now or (told and told != remark)):
        found.refuse(row, "class_name" if books.wrong[key] == CLOSED else "subject", books.wrong[key])


def _shown(value: int | None, *, is_scored: bool) -> str:
    return "M" if value == EXEMPT else shown_cell(value, is_scored=is_scored)


def _tell(
    draft: Draft, found: _Found, texts: Mapping[str, Sequence[Any]], books: Books, keys: Sequence[Key | None]
) -> None:
    """Lay beside each row what was found, and refuse what is wrong."""
    columns = [pl.Series("target", found.targets, dtype=pl.String)]
    for name in texts:
        columns.append(pl.Series(name, found.cells[name], dtype=pl.String))
        columns.append(pl.Series(f"was_{name}", found.was[name], dtype=pl.String))
    draft.frame = draft.frame.with_columns(columns)
    words = _words()
    for (column, why), rows in found.wrong.items():
        if why != "no_column":
            draft.refuse(rows, column, why, words[why])
            continue
        counts = [(row, books.sheets[key].columns) for row in rows if (key := keys[row])]
        for row, count in counts:
            draft.refuse([row], column, why, words[why] % count)


def _words() -> dict[str, str]:
    """Say what is wrong with a cell, and what to do."""
    return {
        "number": _("Không phải điểm. Ghi số từ 0 đến 10, ví dụ 7,5; V nếu vắng."),
        "range": _("Điểm từ 0 đến 10, ví dụ 7,5."),
        "short": _("Điểm từ 0 đến 10. Trong tệp ghi đủ dấu phẩy: 7,5, không ghi tắt 75."),
        "scored": _("Môn này chấm điểm. Ghi số từ 0 đến 10, không ghi Đ, CĐ."),
        "remark": _("Môn này đánh giá bằng nhận xét. Ghi Đ hoặc CĐ, V nếu vắng."),
        "locked": _("Cột này của lớp đã khóa. Cần sửa thì gửi đề nghị sửa điểm ở sổ điểm."),
        "early": _("Chưa đến ngày nhập cột này."),
        "late": _("Đã hết ngày nhập cột này. Đề nghị hiệu trưởng mở lại, hoặc gửi đề nghị sửa điểm."),
        "no_column": _("Sổ của môn này chỉ có %d cột thường xuyên."),
        "exempt": _("Em được miễn môn này nên không ghi điểm. Để trống hoặc ghi M."),
        "not_exempt": _("Em chưa được miễn môn này. Hiệu trưởng ghi miễn học ở sổ điểm trước."),
        NO_SHEET: _("Môn này không có sổ điểm ở khối lớp của dòng này. Sửa lại môn hoặc lớp."),
        NOT_TAKEN: _("Lớp chưa học môn này. Phân công giáo viên dạy môn ở lớp trước."),
        NOT_THEIRS: _("Chỉ giáo viên được phân công dạy môn này ở lớp mới nạp điểm được."),
        CLOSED: _("Năm học này của trường đã kết thúc nên không ghi vào sổ điểm được."),
    }


def _known_as(column: Column, kept: Column, *headings: str) -> Column:
    """Give a column of the pupil that is also known by what a file of people calls it: here it can mean nobody else."""
    return replace(column, headings=(*column.headings, str(kept.label), *kept.headings, *headings))


_NUMBER, _CODE, _NAME, _BIRTH = LEARNER_REFERENCE
_PUPIL = (
    _known_as(_NUMBER, NUMBER_COLUMN),
    replace(
        _CODE, headings=(*_CODE.headings, "ma dinh danh bo gd dt", "ma dinh danh bo gddt", "ma dinh danh", "ma ho so")
    ),
    _known_as(_NAME, NAME),
    _known_as(_BIRTH, BIRTH),
)
_CELL = gettext_lazy("Từ 0 đến 10, ví dụ 7,5; Đ, CĐ nếu môn đánh giá bằng nhận xét; V vắng, M miễn.")


def _mark(name: str, label: Any, *headings: str, example: str = "") -> Column:
    hint = _CELL if name == COLUMNS[0] else ""  # once is enough: all of them are read alike
    return Column(name, label, headings=headings, most=20, hint=hint, example=example)


def _regular(place: int) -> Column:
    ways = (
        "ddgtx {}",
        "tx{}",
        "tx {}",
        "diem tx{}",
        "diem tx {}",
        "thuong xuyen {}",
        "diem thuong xuyen {}",
        "regular {}",
    )
    return _mark(f"r{place}", f"ĐĐGtx{place}", *(way.format(place) for way in ways), example="8" if place == 1 else "")


def _sql(value: str) -> str:
    return (
        f"case when {value} is null then null when {value} = -1 then 'V' "
        f"when not g.is_scored then case {value} when 1 then 'Đ' else 'CĐ' end "
        f"when {value} = 100 then '10' else {value} / 10 || ',' || {value} %% 10 end"
    )


_PRESENT = f"""
select o.id as unit, o.code as unit_code, {PRESENT_LEARNER}, c.name as class_name, g.subject, g.term,
  {
    ", ".join(
        f"case when m.is_exempt and g.columns >= {place} then 'M' else {_sql(f'm.regular[{place}]')} end as r{place}"
        for place in range(1, MOST_REGULAR + 1)
    )
},
  case when m.is_exempt then 'M' else {_sql("m.midterm")} end as midterm,
  case when m.is_exempt then 'M' else {_sql("m.final")} end as final, nullif(m.remark, '') as remark
from academics_gradesheet g join academics_mark m on m.sheet_id = g.id
join registry_classgroup c on c.id = g.class_group_id join registry_organisation o on o.id = g.organisation_id
join registry_person p on p.id = m.learner_id
where g.school_year = %(year)s and g.path <@ %(scope)s::ltree
  and (m.is_exempt or m.remark <> '' or m.midterm is not null or m.final is not null
    or cardinality(array_remove(m.regular, null)) > 0)
order by o.path, c.grade, c.name_key, g.subject, g.term, p.name_key, p.id
"""
MARKS = Sheet(
    "marks",
    gettext_lazy("Điểm môn học"),
    Permission.MARKS_MANAGE,
    (
        UNIT,
        *_PUPIL,
        replace(CLASS, required=True),
        Column(
            "subject",
            gettext_lazy("Môn"),
            CODE,
            required=True,
            headings=("mon hoc", "ten mon", "subject"),
            codes="subject",
            also=_SUBJECT_WORDS,
            example="Toán",
        ),
        Column(
            "term",
            gettext_lazy("Học kì"),
            CHOICE,
            required=True,
            headings=("hoc ky", "hk", "ki", "ky", "term", "semester"),
            choices=(("1", gettext_lazy("Học kì I")), ("2", gettext_lazy("Học kì II"))),
            also=_TERM_WORDS,
            example="Học kì I",
        ),
        *(_regular(place) for place in range(1, MOST_REGULAR + 1)),
        _mark(
            "midterm",
            "ĐĐGgk",
            "ddggki",
            "gk",
            "giua ki",
            "giua ky",
            "diem giua ki",
            "diem giua ky",
            "midterm",
            example="7,5",
        ),
        _mark(
            "final", "ĐĐGck", "ddgcki", "ck", "cuoi ki", "cuoi ky", "diem cuoi ki", "diem cuoi ky", "final", example="8"
        ),
        Column(REMARK, gettext_lazy("Nhận xét"), headings=("nhan xet cua giao vien", "remark"), most=_LONGEST_REMARK),
    ),
    _resolve,
    file_marks,
    (Mark,),
    types={**PEOPLE_TYPES, "learner_id": "uuid", "term": "smallint"},
    notes=(
        gettext_lazy("Mỗi dòng là một em, một môn, một học kì. Ô trống giữ nguyên điểm đang có, không xóa."),
        gettext_lazy(
            "Ghi 7,5 hoặc 7.5; trong tệp không ghi tắt 75. Điểm lẻ hơn một chữ số được làm tròn: 6,25 thành 6,3."
        ),
        gettext_lazy("Cột đã khóa, ngoài hạn nhập, năm học đã kết thúc và em được miễn học: tệp không sửa được."),
        gettext_lazy(
            "Năm học theo ngày «Có hiệu lực từ» của lần nạp. Điểm trung bình được tính lại, không lấy từ tệp."
        ),
    ),
    order=80,
    present=_PRESENT,
    own=Permission.MARKS_WRITE,
    undo=take_back,
)
SHEETS = (MARKS,)
