"""Files of learners: who they are, and the class they sit in."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.intake.api import Sheet, Written
from phuong.intake.sheets import Draft, Stage
from phuong.kernel.permissions import Permission
from phuong.registry.models import Enrolment, Person
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
from phuong.registry.sheets.places import CLASS, SINCE, UNIT, find_classes, find_units
from phuong.registry.sheets.sitting import end_left_out, find_present_class, left_out, sit, sitting

_PLAIN = ("code", "ethnicity", "nationality", "birthplace", "address", "phone", "email")
_SHOWN = ("full_name", "birth_date", "sex", *_PLAIN)


def _resolve(draft: Draft) -> None:
    find_units(draft)
    derive(draft)
    refuse_twice(draft, ["number"], "number", _("Số định danh này có ở hai dòng của tệp."))
    refuse_twice(draft, ["unit", "code"], "code", _("Mã hồ sơ này có ở hai dòng của tệp."))
    unnumbered = ["unit", "search_key", "birth_date", "class_name"] if draft.has("class_name") else []
    if unnumbered and not draft.has("number") and not draft.has("code"):
        refuse_twice(draft, unnumbered, "full_name", _("Em này có ở hai dòng của tệp."))
    find_people(draft, "is_learner", moved=_("Em đang có hồ sơ ở trường khác. Làm chuyển trường thay cho nạp tệp."))
    find_classes(draft)
    find_present(draft, _SHOWN)
    find_present_class(draft)
    seal_numbers(draft)


def _write(stage: Stage) -> Written:
    made = make_people(stage, "is_learner", columns=_PLAIN)
    changed = change_people(stage, "is_learner", columns=_PLAIN)
    enrolled, moved = sit(stage)
    ended = end_left_out(stage)
    keys = {Person._meta.db_table: made, Enrolment._meta.db_table: enrolled}
    return Written(len(made), max(changed, moved), ended, keys)


_PRESENT = f"""
select o.id as unit, o.code as unit_code, g.name as class_name, {PRESENT_PERSON}
from registry_person p join registry_organisation o on o.id = p.place_id
left join registry_enrolment e on e.learner_id = p.id and e.ends_on is null and e.organisation_id = p.place_id
left join registry_classgroup g on g.id = e.class_group_id and g.school_year = %(year)s
where p.is_learner and p.path <@ %(scope)s::ltree
order by o.path, g.grade nulls last, g.name_key nulls last, p.name_key, p.id
"""
LEARNERS = Sheet(
    "learners",
    gettext_lazy("Học sinh"),
    Permission.PERSONS_EDIT,
    (UNIT, CODE_COLUMN, NAME, BIRTH, SEX, NUMBER_COLUMN, CLASS, SINCE, *ORIGIN, *CONTACT, RECORD),
    _resolve,
    _write,
    (Person, Enrolment),
    kind="learner",
    missing=left_out,
    sitting=sitting,
    types=TYPES,
    notes=(
        gettext_lazy("Ô trống giữ nguyên giá trị đang có, không xóa."),
        gettext_lazy("Hồ sơ được tìm theo số định danh, rồi mã hồ sơ, rồi họ tên và ngày sinh trong trường."),
    ),
    order=10,
    present=_PRESENT,
    is_apart=True,
)
