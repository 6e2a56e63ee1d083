"""Who wrote what when on a sheet of a primary class: of the whole sheet, and of one pupil."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from phuong.academics.models import PERIODS
from phuong.academics.queries.primary import primary_profile
from phuong.academics.queries.primarystories import SaidSheet, changes_said, pupil_of, said_sheet_for
from phuong.academics.views.primaryreading import shown_rating
from phuong.kernel.audit import LIST_SEEN, seen
from phuong.kernel.codelists import title_of
from phuong.kernel.gates import needs
from phuong.kernel.permissions import Permission
from phuong.ui.api import keyset_page

MARKS = (Permission.MARKS_WRITE, Permission.MARKS_MANAGE)


@needs(*MARKS)
@require_safe
def story(request: Any, class_id: UUID, subject: str, period: int) -> HttpResponse:
    """Show every change of a sheet, newest first: who, when, before, after, why."""
    sheet = said_sheet_for(request.actor, class_id, subject, period)
    seen(LIST_SEEN, on_kind="class", on_id=sheet.group.pk, path=sheet.group.organisation.path)
    return _page(request, sheet, None, {"learner": None})


@needs(*MARKS)
@require_safe
def pupil(request: Any, class_id: UUID, subject: str, period: int, learner_id: UUID) -> HttpResponse:
    """Show every change of one pupil's row in a sheet."""
    sheet = said_sheet_for(request.actor, class_id, subject, period)
    return _page(request, sheet, learner_id, {"learner": pupil_of(sheet.group, learner_id)})


def _page(request: Any, sheet: SaidSheet, learner: UUID | None, page: dict[str, Any]) -> HttpResponse:
    changes, names = changes_said(sheet, learner)
    place = keyset_page(changes, by=("id",), query=request.GET, newest_first=True)
    titles = titles_in(sheet)
    steps = [
        ({"pupil": names[each.mark], "name": each.name, "at": each.at, "reason": each.reason}, _told(each, titles))
        for each in place.rows
    ]
    page |= {"group": sheet.group, "title": sheet_title(sheet), "up": sheet_address(sheet), "steps": steps}
    page |= {"when": dict(PERIODS)[sheet.period], "place": place}
    return render(request, "academics/primary_story.html", page)


def sheet_title(sheet: SaidSheet) -> str:
    """Name a sheet: its subject, or qualities and competences."""
    return title_of("subject", sheet.subject) if sheet.is_of_subject else _("Phẩm chất, năng lực")


def sheet_address(sheet: SaidSheet) -> str:
    """Give the address of a sheet."""
    if sheet.is_of_subject:
        return reverse("academics:primary", args=[sheet.group.pk, sheet.subject, sheet.period])
    return reverse("academics:primary_records", args=[sheet.group.pk, sheet.period])


def titles_in(sheet: SaidSheet) -> dict[str, str]:
    """Name what may change on a sheet, by code: its columns, and of qualities and competences each of them."""
    own = {"remark": _("Nhận xét")}
    if sheet.is_of_subject:
        return {"level": _("Mức đạt được"), "test": _("Điểm kiểm tra"), **own}
    profile = primary_profile(sheet.group)
    own |= {"again": _("Đánh giá bổ sung"), "decided": _("Hiệu trưởng quyết định")}
    return {**profile.qualities, **profile.competences, "is_outstanding": _("Tiêu biểu, lớp đồng ý"), **own}


def shown_said(column: str, value: Any) -> str:
    """Show what stood or stands in a column; ``∅``: nothing."""
    if column == "decided" and value is not None:
        return _("Cho lên lớp") if value else _("Ở lại lớp")
    if column == "again" and value:
        return _("Hoàn thành") if value == "hoan_thanh" else _("Chưa hoàn thành")
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if value in (None, ""):
        return "∅"
    return str(value) if column in ("remark", "level") else shown_rating(str(value))


def _told(change: Any, titles: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Lay out a change: column, before, after; ratings one by one."""
    lines = []
    for name, (was, now) in change.what.items():
        if name == "ratings":
            before, after = was or {}, now or {}
            changed = [code for code in {**before, **after} if before.get(code) != after.get(code)]
            lines += [(code, before.get(code), after.get(code)) for code in changed]
        else:
            lines.append((name, was, now))
    return [(titles.get(name, name), shown_said(name, was), shown_said(name, now)) for name, was, now in lines]


STORY = "so-diem/lop/<uuid:class_id>/<slug:subject>/dot/<int:period>/"
PRIMARY_STORY_ROUTES = (
    path(f"{STORY}lich-su/", story, name="primary_story"),
    path(f"{STORY}em/<uuid:learner_id>/", pupil, name="primary_pupil"),
)
