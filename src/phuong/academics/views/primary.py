"""Sheets of primary classes: a subject at one time of the year, qualities and competences by the homeroom teacher."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from phuong.academics.access import class_for, standing_in
from phuong.academics.actions.primary import Kept, Wanted, say_again, say_primary_records, say_ratings
from phuong.academics.models import PERIODS
from phuong.academics.queries.cards import enrolments_in
from phuong.academics.queries.homeroom import own_class_for
from phuong.academics.queries.primary import primary_profile
from phuong.academics.queries.primarysheets import Time, helped_in, rating_sheet, records_of, time_of
from phuong.academics.queries.primarystories import QUALITIES
from phuong.academics.views.primaryreading import (
    read_again,
    read_rated,
    read_recorded,
    typed_again,
    typed_rated,
    typed_recorded,
)
from phuong.academics.views.primaryrows import Field
from phuong.academics.views.wholesheets import Sheet, sheet_page, sheet_taken
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.kernel.refusals import NotThere
from phuong.registry.api import ClassGroup, Enrolment

MARKS = (Permission.MARKS_WRITE, Permission.MARKS_MANAGE)
YEAR_END = 4
_NOBODY = UUID(int=0)


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def ratings(request: Any, class_id: UUID, subject: str, period: int) -> HttpResponse:
    """Show a primary class in a subject at a time of the year, and take its form; to a script it answers in JSON."""
    group = class_for(request.actor, class_id)
    standing = standing_in(request.actor, group, subject)
    if not standing.sees or period not in dict(PERIODS):
        raise NotThere
    found = rating_sheet(group, subject, period)
    fields = [Field("level", _("Mức đạt được"), "level")]
    if found.has_test:
        fields.append(Field("test", _("Điểm kiểm tra"), "test"))
    fields.append(Field("remark", _("Nhận xét"), "remark"))
    links = pupil_links(group, subject, period, found.pupils)
    sheet = Sheet(group, found.time, found.pupils, fields, found.rows, typed_rated, links=links)
    page = {"title": title_of("subject", subject), "subject": subject, "has_test": found.has_test}
    page |= {"story": reverse("academics:primary_story", args=[group.pk, subject, period])}
    page |= {"tabs": _tabs(period, lambda each: reverse("academics:primary", args=[group.pk, subject, each]))}

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_ratings(group, subject, period, wanted, by=request.actor)

    if request.method == "POST":
        return sheet_taken(request, sheet, read_rated, say, page)
    return sheet_page(request, sheet, page, may_write=standing.teaches)


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def records(request: Any, class_id: UUID, period: int) -> HttpResponse:
    """Show qualities and competences of a primary class at a time of the year; its homeroom teacher writes them."""
    group, standing = own_class_for(request.actor, class_id)
    if period not in dict(PERIODS):
        raise NotThere
    profile = primary_profile(group)
    named = {**profile.qualities, **profile.competences}
    fields = [Field(code, title, "rating") for code, title in named.items()]
    if period == YEAR_END:
        fields.append(Field("outstanding", _("Tiêu biểu, lớp đồng ý"), "choice", (("1", _("có")),)))
    fields.append(Field("remark", _("Nhận xét"), "remark"))
    pupils = enrolments_in(group)
    links = pupil_links(group, QUALITIES, period, pupils)
    rows, time = records_of(pupils, period), time_of(group, period)
    sheet = Sheet(group, time, pupils, fields, rows, typed_recorded([*named]), links=links)
    page: dict[str, Any] = {"title": _("Phẩm chất, năng lực"), "qualities": len(profile.qualities)}
    page |= {"competences": len(profile.competences), "is_last": period == YEAR_END}
    page |= {"story": reverse("academics:primary_story", args=[group.pk, QUALITIES, period])}
    page |= {"tabs": _tabs(period, lambda each: reverse("academics:primary_records", args=[group.pk, each]))}

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_primary_records(group, period, wanted, by=request.actor)

    if request.method == "POST":
        return sheet_taken(request, sheet, read_recorded([*named]), say, page)
    return sheet_page(request, sheet, page, may_write=standing.is_homeroom)


@needs(*MARKS)
@never_cache
@require_http_methods(["GET", "POST"])
def again(request: Any, class_id: UUID) -> HttpResponse:
    """Show who did not complete the year, and take what came of help and what the principal decides."""
    group, standing = own_class_for(request.actor, class_id)
    pupils = helped_in(group)
    results = (("hoan_thanh", _("Hoàn thành")), ("chua_hoan_thanh", _("Chưa hoàn thành")))
    decisions = (("1", _("Cho lên lớp")), ("0", _("Ở lại lớp")))
    fields = [
        Field("again", _("Đánh giá bổ sung"), "choice", results, standing.is_homeroom),
        Field("decided", _("Hiệu trưởng quyết định"), "choice", decisions, standing.manages),
    ]
    sheet = Sheet(group, Time(YEAR_END, "open", None), pupils, fields, records_of(pupils, YEAR_END), typed_again)

    def say(wanted: Mapping[UUID, Wanted]) -> Kept:
        return say_again(group, wanted, by=request.actor)

    page = {"title": _("Đánh giá bổ sung"), "is_again": True}
    if request.method == "POST":
        return sheet_taken(request, sheet, read_again, say, page)
    return sheet_page(request, sheet, page, may_write=True)


def pupil_links(group: ClassGroup, subject: str, period: int, pupils: Sequence[Enrolment]) -> dict[UUID, str]:
    """Say where the names on a sheet lead to: what was written of each pupil, and by whom."""
    address = reverse("academics:primary_pupil", args=[group.pk, subject, period, _NOBODY])
    return {each.learner_id: address.replace(str(_NOBODY), str(each.learner_id)) for each in pupils}


def _tabs(period: int, address: Callable[[int], str]) -> list[tuple[str, str, bool, str]]:
    return [(str(title), address(each), each == period, "") for each, title in PERIODS]
