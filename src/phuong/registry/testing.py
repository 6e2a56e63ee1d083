"""Ready-made rows of the registry for any app's tests."""

import datetime as dt
from itertools import count
from typing import Any

from phuong.kernel.text import name_sort_key, search_key, vi_key
from phuong.registry.models import (
    ClassGroup,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    School,
    StaffPosition,
    TeachingAssignment,
)

SCHOOL_YEAR = 2026
FIRST_DAY = dt.date(2026, 9, 5)
_numbers = count(1)


def an_organisation(*, kind: str, path: str, parent: Organisation | None = None, **facts: Any) -> Organisation:
    """Make an organisation at ``path``."""
    name = facts.pop("name", None) or f"{kind} {path.rsplit('.', 1)[-1]}"
    facts.setdefault("code", path.rsplit(".", 1)[-1])
    return Organisation.objects.create(
        kind=kind,
        path=path,
        parent=parent,
        name=name,
        short_name=facts.pop("short_name", name),
        name_key=vi_key(name),
        search_key=search_key(name),
        **facts,
    )


def a_province() -> Organisation:
    """Make the country, the province of Hải Phòng and its department; gives the province."""
    existing = Organisation.objects.filter(path="vn.p31").first()
    if existing:
        return existing
    country = an_organisation(kind="country", path="vn", name="Việt Nam")
    province = an_organisation(kind="province", path="vn.p31", parent=country, code="31", name="Thành phố Hải Phòng")
    an_organisation(kind="department", path="vn.p31.sgd", parent=province, name="Sở GD&ĐT Hải Phòng")
    return province


def a_commune(code: str = "11311", **facts: Any) -> Organisation:
    """Make a ward of Hải Phòng."""
    province = a_province()
    return an_organisation(
        kind="ward",
        path=f"vn.p31.c{code}",
        parent=province,
        code=code,
        name=facts.pop("name", f"Phường {code}"),
        **facts,
    )


def a_school(commune: Organisation | None = None, **facts: Any) -> Organisation:
    """Make a school in a commune; upper secondary schools stand under the department."""
    commune = commune or a_commune()
    number = f"31{next(_numbers):06d}"
    level = facts.pop("level", "lower_secondary")
    department = Organisation.objects.get(path="vn.p31.sgd")
    is_departments = level in ("upper_secondary", "continuing")
    parent = department if is_departments else commune
    name = facts.pop("name", f"Trường {number}")
    organisation = an_organisation(
        kind="school", path=f"{parent.path}.s{number}", parent=parent, code=number, territory=commune, name=name
    )
    facts.setdefault("ownership", "public")
    facts.setdefault("type", level)
    School.objects.create(organisation=organisation, level=level, levels=[level], **facts)
    return organisation


def a_person(place: Organisation, *, name: str = "Nguyễn Văn An", **facts: Any) -> Person:
    """Make a person whose record the unit ``place`` keeps."""
    facts.setdefault("sex", "male")
    facts.setdefault("birth_date", dt.date(2013, 5, 1))
    return Person.objects.create(
        place=place, path=place.path, full_name=name, name_key=name_sort_key(name), search_key=search_key(name), **facts
    )


def a_class(school: Organisation, *, name: str = "8A3", grade: int = 8, **facts: Any) -> ClassGroup:
    """Make a class of this school year."""
    facts.setdefault("level", "lower_secondary")
    facts.setdefault("school_year", SCHOOL_YEAR)
    return ClassGroup.objects.create(organisation=school, name=name, name_key=vi_key(name), grade=grade, **facts)


def an_enrolment(learner: Person, group: ClassGroup, *, to: dt.date | None = None, **facts: Any) -> Enrolment:
    """Put a learner into a class from the first school day (or ``since``) on."""
    since = facts.pop("since", FIRST_DAY)
    return Enrolment.objects.create(
        learner=learner,
        class_group=group,
        organisation=group.organisation,
        path=group.organisation.path,
        school_year=group.school_year,
        during=(since, to),
        **facts,
    )


def a_learner(school: Organisation, group: ClassGroup | None = None, **facts: Any) -> Person:
    """Make a learner, in a class when one is given."""
    learner = a_person(school, is_learner=True, **facts)
    if group is not None:
        an_enrolment(learner, group)
    return learner


def a_teacher(school: Organisation, *, name: str = "Nguyễn Thị Lan", group: str = "teacher", **facts: Any) -> Person:
    """Make a member of staff with a main post."""
    position = facts.pop("position", "teacher")
    facts.setdefault("birth_date", dt.date(1985, 3, 2))
    teacher = a_person(school, name=name, sex="female", is_staff=True, **facts)
    StaffPosition.objects.create(
        person=teacher,
        organisation=school,
        path=school.path,
        position=position,
        group=group,
        during=(dt.date(2020, 8, 1), None),
    )
    return teacher


def a_guardian(learner: Person, *, name: str = "Trần Thị Bình", custody: str = "full") -> Person:
    """Make the mother of a learner."""
    guardian = a_person(learner.place, name=name, sex="female", birth_date=dt.date(1988, 1, 1), is_guardian=True)
    Guardianship.objects.create(
        guardian=guardian, learner=learner, path=learner.path, relation="mother", custody=custody
    )
    return guardian


def a_teaching(group: ClassGroup, teacher: Person, *, subject: str = "TOAN") -> TeachingAssignment:
    """Let somebody teach a subject to a class."""
    school = group.organisation
    facts = {"class_group": group, "person": teacher, "subject": subject, "during": (dt.date(2026, 9, 5), None)}
    return TeachingAssignment.objects.create(organisation=school, path=school.path, periods=4, **facts)
