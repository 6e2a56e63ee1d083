"""Files of staff: who they are, the post they hold, what they are qualified for."""

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.intake.api import Column, Sheet, Written
from phuong.intake.sheets import Draft, Stage
from phuong.kernel.codelists import attributes_of, entries_of
from phuong.kernel.permissions import Permission
from phuong.records.api import CODE, DATE
from phuong.registry.models import Person, Qualification, StaffPosition
from phuong.registry.sheets.people import (
    BIRTH,
    CODE_COLUMN,
    CONTACT,
    NAME,
    NUMBER_COLUMN,
    ORIGIN,
    PRESENT_PERSON,
    RECORD,
    SEX,
    TYPES,
    change_people,
    derive,
    find_people,
    find_present,
    make_people,
    refuse_twice,
    seal_numbers,
)
from phuong.registry.sheets.places import UNIT, find_units

_POST = (
    Column(
        "position", gettext_lazy("Chức vụ"), CODE, True, ("vi tri viec lam", "chuc danh", "position"), "staff_position"
    ),
    Column("subject", gettext_lazy("Môn dạy"), CODE, False, ("mon", "mon day chinh", "subject"), "subject"),
    Column("contract", gettext_lazy("Hình thức hợp đồng"), CODE, False, ("loai hop dong", "contract"), "contract_kind"),
    Column(
        "since",
        gettext_lazy("Giữ chức vụ từ ngày"),
        DATE,
        headings=("tu ngay", "ngay vao truong", "ngay tuyen dung", "since"),
        hint=gettext_lazy("Để trống thì lấy ngày có hiệu lực của lần nạp."),
    ),
    Column(
        "qualification",
        gettext_lazy("Trình độ"),
        CODE,
        headings=("trinh do dao tao", "trinh do chuyen mon", "qualification"),
        codes="qualification_level",
    ),
    Column("field", gettext_lazy("Chuyên ngành"), headings=("nganh dao tao", "chuyen nganh dao tao", "field of study")),
)
_WORK_EMAIL = Column(
    "work_email", gettext_lazy("Thư công vụ"), headings=("email cong vu", "thu dien tu cong vu"), most=120
)
_PLAIN = ("code", "ethnicity", "nationality", "birthplace", "address", "phone", "email", "work_email")
_SHOWN = ("full_name", "birth_date", "sex", *_PLAIN)
_PRESENT = """
select s.row, q.position, q.subject, q.contract
from {rows} s join registry_staffposition q on q.person_id = s.target and q.ends_on is null and q.is_main
"""
_SINCE, _ON = "coalesce(s.since, %(on)s)", "%(on)s::date"
_HERE = "q.person_id = s.target and q.ends_on is null and q.is_main and s.position is not null"
_OTHER = "(q.position <> s.position or q.organisation_id <> %(unit)s)"
_END = "update registry_staffposition q set during = daterange(lower(q.during), {since}) from {rows} s where " + (
    _HERE + " and " + _OTHER + " and lower(q.during) < {since}"
)
_CORRECT = "update registry_staffposition q set {values} from {rows} s where " + _HERE + " and {differs}"


def _resolve(draft: Draft) -> None:
    find_units(draft)
    derive(draft)
    refuse_twice(draft, ["number"], "number", _("Số định danh này có ở hai dòng của tệp."))
    refuse_twice(draft, ["unit", "code"], "code", _("Mã hồ sơ này có ở hai dòng của tệp."))
    find_people(draft, "is_staff", moved=_("Người này đang có hồ sơ ở đơn vị khác. Điều chuyển ở hồ sơ của họ."))
    find_present(draft, _SHOWN)
    draft.join(draft.ask(("target",), _PRESENT), ["was_position", "was_subject", "was_contract"])
    seal_numbers(draft)


def _write(stage: Stage) -> Written:
    made = make_people(stage, "is_staff", columns=_PLAIN)
    changed = change_people(stage, "is_staff", columns=_PLAIN)
    posts, moved = _hold_posts(stage)
    degrees = _hold_degrees(stage)
    keys = {
        Person._meta.db_table: made,
        StaffPosition._meta.db_table: posts,
        Qualification._meta.db_table: degrees,
    }
    return Written(len(made), max(changed, moved), 0, keys)


def _hold_posts(stage: Stage) -> tuple[list[str], int]:
    """Give each person the post of the row: another post ends the one before; the same post is corrected in place."""
    since = _SINCE if stage.has("since") else _ON
    if not stage.known:
        return _new_posts(stage, since), 0
    moved = _run(stage, _END.format(rows="{rows}", since=since))
    kept = {name: f"coalesce(s.{name}, q.{name})" for name in ("subject", "contract") if stage.has(name)}
    kept |= {"position": "s.position", '"group"': _group("s.position")}
    values = ", ".join(f"{name} = {expression}" for name, expression in kept.items())
    differs = " or ".join(f"q.{name} is distinct from {expression}" for name, expression in kept.items())
    moved += _run(stage, _CORRECT.format(values=values, differs=f"({differs})", rows="{rows}"))
    return _new_posts(stage, since), moved


def _new_posts(stage: Stage, since: str) -> list[str]:
    without = (
        "s.position is not null and not exists (select 1 from registry_staffposition q where "
        "q.person_id = coalesce(s.target, s.key) and q.ends_on is null and q.is_main)"
    )
    facts = {
        "id": "s.key_staffposition",
        "path": "%(path)s::ltree",
        "person_id": "coalesce(s.target, s.key)",
        "organisation_id": "%(unit)s",
        "position": "s.position",
        "group": _group("s.position"),
        "during": f"daterange({since}, null)",
        **{name: f"coalesce(s.{name}, '')" for name in ("subject", "contract") if stage.has(name)},
    }
    return stage.insert(StaffPosition, facts, where=without)


def _group(expression: str) -> str:
    """Write the group of a post as SQL over the official list."""
    groups: dict[str, list[str]] = {}
    for code in entries_of("staff_position"):
        groups.setdefault(str(attributes_of("staff_position", code).get("group", "staff")), []).append(f"'{code}'")
    cases = " ".join(f"when {expression} in ({', '.join(codes)}) then '{group}'" for group, codes in groups.items())
    return f"case {cases} else 'staff' end"


def _hold_degrees(stage: Stage) -> list[str]:
    """Add the degree of each row, unless the person has one of this level already."""
    if not stage.has("qualification"):
        return []
    ranks = " ".join(
        f"when '{code}' then {int(attributes_of('qualification_level', code).get('rank', 0))}"
        for code in entries_of("qualification_level")
    )
    without = (
        "s.qualification is not null and not exists (select 1 from registry_qualification q "
        "where q.person_id = coalesce(s.target, s.key) and q.level = s.qualification)"
    )
    facts = {
        "id": "s.key_qualification",
        "path": "%(path)s::ltree",
        "person_id": "coalesce(s.target, s.key)",
        "level": "s.qualification",
        "rank": f"case s.qualification {ranks} else 0 end",
        "field": "coalesce(s.field, '')" if stage.has("field") else "''",
    }
    return stage.insert(Qualification, facts, where=without)


def _run(stage: Stage, statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{rows}", stage.table), stage.params)
        return int(cursor.rowcount)


_PRESENT_STAFF = f"""
select o.id as unit, o.code as unit_code, q.position, q.subject, q.contract, p.work_email, {PRESENT_PERSON}
from registry_person p join registry_organisation o on o.id = p.place_id
join registry_staffposition q on q.person_id = p.id and q.ends_on is null and q.is_main
  and q.organisation_id = p.place_id
where p.is_staff and p.path <@ %(scope)s::ltree
order by o.path, p.name_key, p.id
"""
STAFF = Sheet(
    "staff",
    gettext_lazy("Cán bộ, giáo viên, nhân viên"),
    Permission.STAFF_EDIT,
    (UNIT, CODE_COLUMN, NAME, BIRTH, SEX, NUMBER_COLUMN, *_POST, *ORIGIN, *CONTACT, _WORK_EMAIL, RECORD),
    _resolve,
    _write,
    (Person, StaffPosition, Qualification),
    kind="staff",
    types={**TYPES, "key_staffposition": "uuid", "key_qualification": "uuid"},
    notes=(gettext_lazy("Ô trống giữ nguyên giá trị đang có, không xóa."),),
    order=20,
    present=_PRESENT_STAFF,
)
