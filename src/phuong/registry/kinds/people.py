"""People as kinds of record: learner, member of staff, guardian, and who is whose guardian."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.permissions import Permission
from phuong.kernel.scope import Actor
from phuong.kernel.today import today
from phuong.kernel.vault import unseal
from phuong.records.api import (
    CODE,
    DATE,
    NUMBER,
    RECORD,
    WHOLE,
    YES_NO,
    Alike,
    Field,
    RecordKind,
)
from phuong.registry.access import former_keys, key_today, people_seen_by
from phuong.registry.actions.people import derived, is_number_known, make_guardianship, make_staff
from phuong.registry.forms import LearnerFilter, StaffFilter
from phuong.registry.models import Guardianship, Person
from phuong.registry.queries import alike_keys, learners_matching, present_places, staff_matching
from phuong.registry.rules import NUMBER_LENGTH, OLDEST_YEARS, birth_problem, name_problem, number_problem

MOST_ALIKE = 5

_NAME = Field("full_name", gettext_lazy("Họ và tên"), required=True, most=100)
_BIRTH = Field("birth_date", gettext_lazy("Ngày sinh"), DATE)
_BIRTH_ASKED = Field("birth_date", gettext_lazy("Ngày sinh"), DATE, required=True)
_SEX = Field("sex", gettext_lazy("Giới tính"), CODE, codes="sex", required=True)
_NUMBER = Field(
    "number",
    gettext_lazy("Số định danh cá nhân"),
    NUMBER,
    most=20,
    hint=gettext_lazy("12 chữ số, cách hay chấm đều được."),
    virtual=True,
    secret=True,
    read=lambda row: unseal(bytes(row.number_cipher)) if row.number_cipher else "",
)
_CODE = (Field("code", gettext_lazy("Mã hồ sơ")),)
_CONTACT = (
    Field("address", gettext_lazy("Địa chỉ"), most=300),
    Field("phone", gettext_lazy("Điện thoại"), NUMBER, most=20),
    Field("email", gettext_lazy("Thư điện tử"), most=120),
)
_ORIGIN = (
    Field("ethnicity", gettext_lazy("Dân tộc"), CODE, codes="ethnicity", in_bulk=True),
    Field("nationality", gettext_lazy("Quốc tịch"), CODE, codes="nationality", in_bulk=True, required=True),
    Field("birthplace", gettext_lazy("Nơi sinh"), most=200),
)


def _url(row: Any) -> str:
    return reverse("registry:person", args=[row.pk])


def _check_person(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, str]:
    """Refuse what no person can have; what only looks odd is a warning of the measures."""
    del owner
    errors = {}
    born, number, name = values.get("birth_date"), values.get("number") or "", values.get("full_name") or ""
    if born and (problem := birth_problem(born, today())):
        years = {"first": today().year - OLDEST_YEARS, "last": today().year}
        range_words = _("Năm sinh phải từ %(first)d đến %(last)d.") % years
        is_this_year = problem == "future" and born.year == today().year
        errors["birth_date"] = _("Ngày sinh ở tương lai.") if is_this_year else range_words
    if number and number_problem(number):
        errors["number"] = _("Số định danh có 12 chữ số; đang có %d kí tự.") % len(number)
    if problem := name_problem(name):
        errors["full_name"] = _("Ghi đủ họ và tên.") if problem == "one_word" else _("Họ và tên không có chữ số.")
    if row is not None and not row.search_key and not values.get("full_name"):
        errors["full_name"] = _("Chưa có họ và tên.")
    return errors


def alike_people(actor: Actor, values: Mapping[str, Any], owner: Any) -> list[Alike]:
    """Find people who may be the one being entered: same number, or a near name with a near birth date.

    Marks dropped, words in another order, a letter or a middle name wrong, day and month exchanged, a digit wrong. Each
    question is one that an index answers, whatever the number of people. Of people outside the actor's place only this
    is said: the number is known already.
    """
    del owner
    number = values.get("number") or ""
    found = alike_keys(actor, values)
    seen = people_seen_by(actor).select_related("place").in_bulk(list(found)[:MOST_ALIKE])
    places = present_places(seen)
    warnings = [
        Alike(row.full_name, places[key].class_name if key in places else row.place.name, _url(row), found[key])
        for key in found
        if (row := seen.get(key)) is not None
    ]
    if len(number) == NUMBER_LENGTH and not warnings and is_number_known(number):
        warnings.append(Alike(_("Số định danh này đã có ở một đơn vị khác"), _("Hỏi Sở để chuyển hồ sơ về."), "", True))
    return warnings


def _fill(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    return derived(values, row, owner)


def _fill_learner(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    return {**derived(values, row, owner), "is_learner": True}


def _fill_guardian(values: Mapping[str, Any], row: Any, owner: Any) -> dict[str, Any]:
    return {**derived(values, row, owner), "is_guardian": True}


def _rows(**which: bool) -> Any:
    def rows(actor: Actor) -> QuerySet[Person]:
        return people_seen_by(actor).filter(**which).select_related("place")

    return rows


def _name(row: Any) -> str:
    return str(row.full_name)


LEARNER = RecordKind(
    "learner",
    gettext_lazy("hồ sơ học sinh"),
    Person,
    (
        _NAME,
        _BIRTH_ASKED,
        _SEX,
        _NUMBER,
        *_ORIGIN,
        *_CONTACT,
        Field("plays_art", gettext_lazy("Chơi một môn nghệ thuật"), YES_NO, in_bulk=True),
        Field("plays_sport", gettext_lazy("Chơi một môn thể thao"), YES_NO, in_bulk=True),
    ),
    read=Permission.PERSONS_READ,
    write=Permission.PERSONS_EDIT,
    rows=_rows(is_learner=True),
    about="id",
    url=_url,
    owner="place",
    owner_kind="unit",
    fill=_fill_learner,
    check=_check_person,
    alike=alike_people,
    name_of=_name,
    find=lambda actor, query: learners_matching(actor, LearnerFilter(query).chosen()),
    parts=(("enrolment", "learner"), ("guardianship", "learner")),
    key_today=key_today,
    former_keys=former_keys,
    also=_CODE,
)
STAFF = RecordKind(
    "staff",
    gettext_lazy("hồ sơ cán bộ, giáo viên, nhân viên"),
    Person,
    (
        _NAME,
        _BIRTH_ASKED,
        _SEX,
        _NUMBER,
        *_ORIGIN,
        *_CONTACT,
        Field("work_email", gettext_lazy("Thư công vụ"), most=120),
        Field(
            "position",
            gettext_lazy("Chức vụ"),
            CODE,
            codes="staff_position",
            required=True,
            virtual=True,
            at_start_only=True,
            read=lambda row: "",
        ),
        Field(
            "subject",
            gettext_lazy("Môn dạy"),
            CODE,
            codes="subject",
            virtual=True,
            at_start_only=True,
            read=lambda row: "",
        ),
        Field(
            "contract",
            gettext_lazy("Hình thức hợp đồng"),
            CODE,
            codes="contract_kind",
            virtual=True,
            at_start_only=True,
            read=lambda row: "",
        ),
        Field(
            "since",
            gettext_lazy("Giữ chức vụ từ ngày"),
            DATE,
            required=True,
            virtual=True,
            at_start_only=True,
            read=lambda row: None,
        ),
    ),
    read=Permission.STAFF_READ,
    write=Permission.STAFF_EDIT,
    rows=_rows(is_staff=True),
    about="id",
    url=_url,
    owner="place",
    owner_kind="unit",
    fill=_fill,
    check=_check_person,
    alike=alike_people,
    make=make_staff,
    name_of=_name,
    find=lambda actor, query: staff_matching(actor, StaffFilter(query).chosen()),
    parts=(("position", "person"), ("qualification", "person"), ("teaching", "person")),
    key_today=key_today,
    former_keys=former_keys,
    also=_CODE,
)
GUARDIAN = RecordKind(
    "guardian",
    gettext_lazy("hồ sơ phụ huynh"),
    Person,
    (_NAME, _BIRTH, _SEX, _NUMBER, *_CONTACT),
    read=Permission.PERSONS_READ,
    write=Permission.PERSONS_EDIT,
    rows=_rows(is_guardian=True),
    about="id",
    url=_url,
    owner="place",
    owner_kind="unit",
    fill=_fill_guardian,
    check=_check_person,
    alike=alike_people,
    name_of=_name,
    parts=(("guardianship", "guardian"),),
    key_today=key_today,
    former_keys=former_keys,
    also=_CODE,
)


def _guardianships(actor: Actor) -> QuerySet[Guardianship]:
    seen = people_seen_by(actor).filter(Q(is_learner=True))
    return Guardianship.objects.filter(learner__in=seen).select_related("learner", "guardian")


def _new_guardian_fields() -> tuple[Field, ...]:
    first = (_NAME, _BIRTH, Field("sex", gettext_lazy("Giới tính"), CODE, codes="sex"), _NUMBER, *_CONTACT[1:])
    return tuple(
        Field(
            each.name,
            each.label,
            each.type,
            required=each.required,
            codes=each.codes,
            most=each.most,
            hint=each.hint,
            virtual=True,
            at_start_only=True,
            secret=each.secret,
            read=lambda row: "",
        )
        for each in first
    )


GUARDIANSHIP = RecordKind(
    "guardianship",
    gettext_lazy("phụ huynh của học sinh"),
    Guardianship,
    (
        *_new_guardian_fields(),
        Field("relation", gettext_lazy("Quan hệ"), CODE, codes="guardian_relation", required=True),
        Field("custody", gettext_lazy("Quyền nuôi dưỡng"), CODE, codes="custody", required=True),
        Field("contact_order", gettext_lazy("Thứ tự liên hệ"), WHOLE, lowest=1, highest=9),
    ),
    read=Permission.PERSONS_READ,
    write=Permission.PERSONS_EDIT,
    rows=_guardianships,
    about="learner_id",
    url=lambda row: _url(row.learner),
    owner="learner",
    owner_kind="learner",
    fill=lambda values, row, owner: {"contact_order": values.get("contact_order") or 1},
    check=lambda values, row, owner: _check_person(values, None, None) if row is None else {},
    alike=alike_people,
    make=make_guardianship,
    ending="ends_on",
    name_of=lambda row: str(row.guardian.full_name) if hasattr(row, "guardian") else "",
    also=(Field("guardian", gettext_lazy("Hồ sơ phụ huynh"), RECORD, kind="guardian"),),
    conflicts={"registry_guardian_once": ("full_name", gettext_lazy("Người này đã là phụ huynh của em."))},
)
