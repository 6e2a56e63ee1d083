"""The registry's tables: what each column shows on the page and in a file."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.codelists import title_of
from phuong.registry.models import Organisation, Person, StaffPosition
from phuong.registry.queries import Place, organisation_url, present_places
from phuong.ui.api import Applied, Cell, Column, Export, Head, Page, Row, Table

CHUNK = 2000
LEARNER_COLUMNS = (
    Column(gettext_lazy("Họ và tên"), lambda row: row[0].full_name, 28),
    Column(gettext_lazy("Ngày sinh"), lambda row: row[0].birth_date),
    Column(gettext_lazy("Giới tính"), lambda row: title_of("sex", row[0].sex)),
    Column(gettext_lazy("Lớp"), lambda row: row[1].class_name if row[1] else ""),
    Column(gettext_lazy("Trường"), lambda row: row[0].place.name, 36),
    Column(gettext_lazy("Số định danh"), lambda row: row[0].get_number_check_display()),
    Column(gettext_lazy("Xác thực dân cư"), lambda row: row[0].get_identity_state_display()),
)
STAFF_COLUMNS = (
    Column(gettext_lazy("Họ và tên"), lambda row: row[0].full_name, 28),
    Column(gettext_lazy("Chức vụ"), lambda row: title_of("staff_position", row[1].position) if row[1] else ""),
    Column(gettext_lazy("Môn"), lambda row: title_of("subject", row[1].subject) if row[1] else ""),
    Column(gettext_lazy("Đơn vị"), lambda row: row[0].place.name, 36),
    Column(gettext_lazy("Thư công vụ"), lambda row: row[0].work_email, 30),
)
SCHOOL_COLUMNS = (
    Column(gettext_lazy("Mã"), lambda school: school.organisation.code),
    Column(gettext_lazy("Trường"), lambda school: school.organisation.name, 40),
    Column(gettext_lazy("Cấp học"), lambda school: school.get_level_display()),
    Column(gettext_lazy("Loại hình"), lambda school: title_of("ownership", school.ownership)),
    Column(gettext_lazy("Xã, phường"), lambda school: _territory(school), 28),
    Column(gettext_lazy("Mức chuẩn quốc gia"), lambda school: school.standard_level),
)


def _territory(school: Any) -> str:
    return school.organisation.territory.name if school.organisation.territory else ""


def with_places(people: Iterable[Person]) -> Iterator[tuple[Person, Place | None]]:
    """Pair people with their present class, a chunk of rows a statement."""
    for chunk in _chunks(people):
        places = present_places(person.pk for person in chunk)
        yield from ((person, places.get(person.pk)) for person in chunk)


def with_posts(people: Iterable[Person]) -> Iterator[tuple[Person, StaffPosition | None]]:
    """Pair people with their present main post, a chunk of rows a statement."""
    for chunk in _chunks(people):
        posts = main_posts(person.pk for person in chunk)
        yield from ((person, posts.get(person.pk)) for person in chunk)


def main_posts(people: Iterable[UUID]) -> dict[UUID, StaffPosition]:
    """Give the present main post of each person, in one statement."""
    rows = StaffPosition.objects.filter(person_id__in=list(people), ends_on__isnull=True, is_main=True)
    return {row.person_id: row for row in rows}


def _chunks(people: Iterable[Person]) -> Iterator[list[Person]]:
    chunk: list[Person] = []
    for person in people:
        chunk.append(person)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def learner_table(page: Page, places: dict[UUID, Place], request: Any) -> Table:
    """Lay out one page of learners."""
    rows = [
        Row(
            [
                Cell(person.full_name, reverse("registry:person", args=[person.pk])),
                _day(person.birth_date),
                title_of("sex", person.sex),
                *_seat(places.get(person.pk)),
                Cell(person.get_number_check_display(), state=_number_state(person)),
            ]
        )
        for person in page.rows
    ]
    heads = [
        Head(_("Họ và tên")),
        Head(_("Ngày sinh")),
        Head(_("Giới tính")),
        Head(_("Lớp")),
        Head(_("Trường")),
        Head(_("Số định danh")),
    ]
    return _table(_("Học sinh"), heads, rows, page, request)


def _seat(place: Place | None) -> tuple[Any, Any]:
    if place is None:
        return "", ""
    return (
        Cell(place.class_name, reverse("registry:class", args=[place.class_id])),
        Cell(place.school, reverse("registry:school", args=[place.school_id])),
    )


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _number_state(person: Person) -> str:
    return {"agrees": "", "missing": "attention", "malformed": "behind", "disagrees": "attention"}[person.number_check]


def staff_table(page: Page, request: Any) -> Table:
    """Lay out one page of staff."""
    posts = main_posts(person.pk for person in page.rows)
    units = Organisation.objects.in_bulk({person.place_id for person in page.rows})
    rows = []
    for person in page.rows:
        post = posts.get(person.pk)
        rows.append(
            Row(
                [
                    Cell(person.full_name, reverse("registry:person", args=[person.pk])),
                    title_of("staff_position", post.position) if post else "",
                    title_of("subject", post.subject) if post and post.subject else "",
                    units[person.place_id].name,
                    person.work_email,
                ]
            )
        )
    heads = [Head(_("Họ và tên")), Head(_("Chức vụ")), Head(_("Môn")), Head(_("Đơn vị")), Head(_("Thư công vụ"))]
    return _table(_("Đội ngũ"), heads, rows, page, request)


def school_table(page: Page, request: Any) -> Table:
    """Lay out one page of schools."""
    rows = [
        Row(
            [
                Cell(
                    school.organisation.name,
                    reverse("registry:school", args=[school.pk]),
                    detail=school.organisation.code,
                ),
                school.get_level_display(),
                title_of("ownership", school.ownership),
                _territory(school),
                _("Mức %d") % school.standard_level if school.standard_level else "",
            ]
        )
        for school in page.rows
    ]
    heads = [
        Head(_("Trường")),
        Head(_("Cấp học")),
        Head(_("Loại hình")),
        Head(_("Xã, phường")),
        Head(_("Chuẩn quốc gia")),
    ]
    return _table(_("Cơ sở giáo dục"), heads, rows, page, request)


def contact_table(page: Page, request: Any, *, may_edit: bool) -> Table:
    """Lay out one page of focal points."""
    rows = [
        Row(
            [
                Cell(point.full_name, detail=point.post),
                title_of("focal_duty", point.duty),
                Cell(point.organisation.name, organisation_url(point.organisation)),
                point.phone,
                point.email,
                *([Cell(_("Sửa"), reverse("records:change", args=["focal", point.pk]))] if may_edit else []),
            ]
        )
        for point in page.rows
    ]
    heads = [
        Head(_("Họ và tên")),
        Head(_("Đầu mối về")),
        Head(_("Đơn vị")),
        Head(_("Điện thoại")),
        Head(_("Thư điện tử")),
        *([Head(_("Sửa"))] if may_edit else []),
    ]
    return _table(_("Đầu mối"), heads, rows, page, request)


def _table(caption: str, heads: list[Head], rows: list[Row], page: Page, request: Any) -> Table:
    query = request.GET.copy()
    for name in ("after", "before", "as"):
        query.pop(name, None)
    applied = [Applied(value, "?" + _without(query, name)) for name, value in query.items() if value and name != "size"]
    exports = [Export(form.upper(), f"?{query.urlencode()}&as={form}") for form in ("xlsx", "csv")]
    return Table(
        caption,
        columns=heads,
        rows=rows,
        applied=applied,
        clear_url="?",
        pager=page,
        exports=exports if request.actor.may("registry:persons:export") else [],
        hide_caption=True,
        stacked=True,
    )


def _without(query: Any, name: str) -> str:
    rest = query.copy()
    rest.pop(name, None)
    return str(rest.urlencode())
