"""What goes along when a pupil changes schools: the marks of every sheet, what each term and year came to, growth."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import override

from phuong.academics.models import (
    DevelopmentRecord,
    GrowthCheck,
    Mark,
    PrimaryRating,
    PrimaryRecord,
    Result,
    TermRecord,
)
from phuong.academics.profiles import preschool
from phuong.academics.queries.growthwords import found_words, shown_height, shown_weight
from phuong.academics.queries.primarycards import shown_primary
from phuong.academics.rules.cells import shown_cell
from phuong.kernel.codelists import title_of
from phuong.kernel.text import neutral
from phuong.registry.api import Person
from phuong.transfers.api import PackedFile

_MARKS = ("năm học", "học kì", "trường", "lớp", "mã môn", "môn", "thường xuyên", "giữa kì", "cuối kì", "trung bình môn")
_RESULTS = ("năm học", "phần", "mức học tập", "rèn luyện", "danh hiệu", "kết thúc năm", "căn cứ", "dấu dữ liệu")
_RECORDS = ("năm học", "học kì", "rèn luyện", "nghỉ có phép", "nghỉ không phép", "nhận xét")
_RATINGS = ("năm học", "đợt", "trường", "lớp", "mã môn", "môn", "mức", "bài kiểm tra", "nhận xét")
_QUALITIES = ("năm học", "đợt", "mã phẩm chất, năng lực", "mức", "nhận xét")
_GROWTH = ("năm học", "ngày", "trường", "nhóm, lớp", "cân nặng (kg)", "chiều cao (cm)", "kết luận")
_DEVELOPMENT = ("năm học", "đợt", "trường", "nhóm, lớp", "mã lĩnh vực", "lĩnh vực", "kết quả", "nhận xét")
_LEVELS = ("Chưa đạt", "Đạt", "Khá", "Tốt")


def handed_files(learner: Person) -> Iterable[PackedFile]:
    """Give the files of a pupil's marks, conduct, results, growth; a file that would be empty is not given."""
    for name, title, heads, lines in (
        ("academics-diem.csv", "Điểm các môn", (*_MARKS, "miễn", "nhận xét"), _marks(learner)),
        ("academics-ren-luyen.csv", "Rèn luyện, chuyên cần", _RECORDS, _records(learner)),
        ("academics-tieu-hoc.csv", "Đánh giá các môn, tiểu học", _RATINGS, _ratings(learner)),
        ("academics-pham-chat.csv", "Phẩm chất, năng lực, tiểu học", _QUALITIES, _qualities(learner)),
        ("academics-can-do.csv", "Cân đo, mầm non", _GROWTH, _growth(learner)),
        ("academics-phat-trien.csv", "Sự phát triển, mầm non", _DEVELOPMENT, _development(learner)),
        ("academics-ket-qua.csv", "Kết quả học kì, cả năm", _RESULTS, _results(learner)),
    ):
        with override("vi"):
            rows = list(lines)
        if rows:
            yield PackedFile(name, title, _table(heads, rows))


def _table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\r\n").writerows([heads, *([neutral(str(cell)) for cell in row] for row in rows)])
    return kept.getvalue().encode("utf-8-sig")


def _marks(learner: Person) -> Iterator[Sequence[Any]]:
    rows = Mark.objects.filter(learner=learner).select_related("sheet__organisation", "sheet__class_group")
    for mark in rows.order_by("sheet__school_year", "sheet__term", "sheet__subject"):
        sheet = mark.sheet

        def shown(value: int | None, *, is_scored: bool = sheet.is_scored) -> str:
            return shown_cell(value, is_scored=is_scored)

        yield (
            *(sheet.school_year, sheet.term, sheet.organisation.name, sheet.class_group.name),
            *(sheet.subject, title_of("subject", sheet.subject), " ".join(map(shown, mark.regular)).strip()),
            *(shown(mark.midterm), shown(mark.final), shown(mark.average)),
            *("x" if mark.is_exempt else "", mark.remark),
        )


def _records(learner: Person) -> Iterator[Sequence[Any]]:
    rows = TermRecord.objects.filter(learner=learner).select_related("enrolment")
    for row in rows.order_by("enrolment__school_year", "term"):
        yield (
            *(row.enrolment.school_year, row.term, _level(row.conduct)),
            *(row.excused, row.unexcused, row.remark),
        )


def _ratings(learner: Person) -> Iterator[Sequence[Any]]:
    rows = PrimaryRating.objects.filter(learner=learner)
    rows = rows.select_related("enrolment__organisation", "enrolment__class_group")
    for row in rows.order_by("enrolment__school_year", "period", "subject"):
        sitting = row.enrolment
        yield (
            *(sitting.school_year, row.period, sitting.organisation.name, sitting.class_group.name),
            *(row.subject, title_of("subject", row.subject), row.level),
            *("" if row.test is None else row.test, row.remark),
        )


def _qualities(learner: Person) -> Iterator[Sequence[Any]]:
    rows = PrimaryRecord.objects.filter(learner=learner).select_related("enrolment")
    for row in rows.order_by("enrolment__school_year", "period"):
        for code, rating in sorted(row.ratings.items()):
            yield (row.enrolment.school_year, row.period, code, rating, row.remark)


def _growth(learner: Person) -> Iterator[Sequence[Any]]:
    profile = preschool()
    rows = GrowthCheck.objects.filter(learner=learner).exclude(weight=None, height=None)
    for row in rows.select_related("enrolment__organisation", "enrolment__class_group").order_by("day"):
        sitting = row.enrolment
        yield (
            *(sitting.school_year, row.day.isoformat(), sitting.organisation.name, sitting.class_group.name),
            *(shown_weight(row.weight), shown_height(row.height), found_words(profile, row)),
        )


def _development(learner: Person) -> Iterator[Sequence[Any]]:
    stages = preschool().stages
    titles = {code: title for stage in stages.values() for code, title in stage.domains.items()}
    rows = DevelopmentRecord.objects.filter(learner=learner)
    rows = rows.select_related("enrolment__organisation", "enrolment__class_group")
    for row in rows.order_by("enrolment__school_year", "period"):
        sitting = row.enrolment
        head = (sitting.school_year, row.period, sitting.organisation.name, sitting.class_group.name)
        for code, result in sorted(row.results.items()):
            yield (*head, code, titles.get(code, code), "Đạt" if result else "Chưa đạt", row.remark)
        if not row.results:
            yield (*head, "", "", "", row.remark)


def _results(learner: Person) -> Iterator[Sequence[Any]]:
    for row in Result.objects.filter(learner=learner).order_by("school_year", "part"):
        part = f"học kì {row.part}" if row.part else "cả năm"
        level = shown_primary(row)
        yield (
            *(row.school_year, part, _level(row.level) if level is None else level, _level(row.conduct)),
            *(row.honour, row.outcome, row.rule, row.inputs_hash),
        )


def _level(value: int | None) -> str:
    return "" if value is None else _LEVELS[value]
