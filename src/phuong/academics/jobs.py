"""What results tell the floors below: their work, and what a family reads of its children."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.academics.actions.cards import print_school
from phuong.academics.actions.promotion import promote_all
from phuong.academics.actions.results import compute_all
from phuong.academics.models import Mark
from phuong.academics.profiles import preschool
from phuong.academics.queries.cards import decided_parts, shown_level
from phuong.academics.queries.growthwords import found_words, measured_words
from phuong.academics.queries.handover import handed_files
from phuong.academics.queries.preschool import recent_checks
from phuong.academics.queries.primarycards import shown_primary
from phuong.kernel.codelists import title_of
from phuong.kernel.contributions import ChildNews, LooseKey, NavigationEntry, NeverAside
from phuong.kernel.jobs import JobKind
from phuong.transfers.api import HandOver

_TITLES = {
    1: gettext_lazy("Kết quả học kì I, năm học %s"),
    2: gettext_lazy("Kết quả học kì II, năm học %s"),
    0: gettext_lazy("Kết quả cả năm học %s"),
}


def _news(children: Sequence[Any]) -> Iterable[tuple[Any, str, str, str]]:
    """Give the decided results of children, the card of each to take along."""
    for each in decided_parts(children):
        title = str(_TITLES[each.part]) % f"{each.school_year}–{each.school_year + 1}"
        if (young := shown_primary(each)) is not None:
            yield each.learner_id, title, _family_words(young), _card(each)
            continue
        told = {"level": shown_level(each.level), "conduct": shown_level(each.conduct) or _("chưa có")}
        detail = _("Học tập %(level)s, rèn luyện %(conduct)s. Tải phiếu (PDF)") % told
        yield each.learner_id, title, detail, _card(each)


def _measured(children: Sequence[Any]) -> Iterable[tuple[Any, str, str, str]]:
    """Give the last weighing and measuring of young children."""
    for each in recent_checks(children):
        title = _("Cân đo ngày %(day)s") % {"day": f"{each.day:%d/%m/%Y}"}
        words = [measured_words(each), found_words(preschool(), each)]
        yield (
            each.learner_id,
            title,
            ". ".join(filter(None, words)),
            reverse("academics:growth_of", args=[each.learner_id]),
        )


def _card(each: Any) -> str:
    return reverse("academics:card", args=[each.learner_id, each.school_year, each.part])


def _family_words(level: str) -> str:
    if not level:
        return _("Đã đánh giá cuối học kì I. Tải phiếu (PDF)")
    return _("Kết quả giáo dục: %(level)s. Tải phiếu (PDF)") % {"level": level}


def _sheets_of(marks: Sequence[Any]) -> str:
    """Name the sheets of some rows of marks."""
    rows = Mark.objects.filter(pk__in=marks).select_related("sheet__class_group").order_by("sheet__term", "id")[:3]
    told = [
        _("sổ điểm %(subject)s lớp %(group)s học kì %(term)s")
        % {
            "subject": title_of("subject", each.sheet.subject),
            "group": each.sheet.class_group.name,
            "term": each.sheet.term,
        }
        for each in rows
    ]
    return _("điểm trong %s") % ", ".join(told)


RESULTS = (
    NavigationEntry(
        "academics.classes",
        gettext_lazy("Kết quả các lớp"),
        gettext_lazy("Rèn luyện, chuyên cần, tổng hợp học kì và cả năm, phiếu báo kết quả"),
        "academics:classes",
        "clipboard-list",
        gettext_lazy("Dạy và học"),
        frozenset({"teacher", "homeroom_teacher", "principal"}),
    ),
    JobKind("academics.results", gettext_lazy("Tính kết quả học kì, cả năm"), compute_all),
    NavigationEntry(
        "academics.promote_all",
        gettext_lazy("Lên lớp toàn tỉnh"),
        gettext_lazy("Cuối năm học: tính thử, xếp học sinh các trường vào lớp của năm sau"),
        "academics:promote_all",
        "clipboard-list",
        gettext_lazy("Dạy và học"),
        frozenset({"department_leader", "division_officer"}),
    ),
    JobKind("academics.promote", gettext_lazy("Lên lớp, xếp lớp năm sau"), promote_all),
    JobKind("academics.cards", gettext_lazy("In phiếu báo kết quả cả trường"), print_school),
    ChildNews("academics", _news),
    ChildNews("academics.growth", _measured),
    HandOver("academics", gettext_lazy("Điểm, rèn luyện, kết quả"), handed_files),
    NeverAside("academics.marks", "academics.Mark", _sheets_of),
    LooseKey("academics.changes", "academics.MarkChange", "learner", {}),
)
