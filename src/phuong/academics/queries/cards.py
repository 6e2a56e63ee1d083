"""Report cards (phiếu báo kết quả) of a class, and which of them there are."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import override

from phuong.academics.errors import NoProfile
from phuong.academics.models import Result, TermRecord
from phuong.academics.profiles import profile_named, programme_for
from phuong.academics.rules.levels import Level, shown
from phuong.academics.rules.parts import YEAR
from phuong.academics.rules.primaryparts import ASSESSED as ALL_SAID
from phuong.academics.rules.profiles import PrimaryProfile, SecondaryProfile
from phuong.kernel.calendar import SchoolYear
from phuong.kernel.codelists import title_of
from phuong.kernel.today import today
from phuong.paper.api import Card
from phuong.registry.api import ClassGroup, Enrolment, Person

PARTS = {1: "Học kì I", 2: "Học kì II", YEAR: "Cả năm"}
IS_DECIDED = Q(level__isnull=False) | Q(outcome=ALL_SAID)  # a half of a primary year has no level
OUTCOMES = {
    "promoted": "Được lên lớp",
    "completed": "Hoàn thành chương trình cấp học",
    "retest": "Kiểm tra, đánh giá lại trong hè",
    "summer_training": "Rèn luyện trong kì nghỉ hè",
    "retained": "Không được lên lớp",
    "support": "Hướng dẫn, giúp đỡ rồi đánh giá bổ sung",
    "principal": "Hiệu trưởng xét, quyết định",
}


@dataclass(frozen=True)
class Stack:
    """The cards of a class: how many pupils were asked for, the cards, who has none because nothing is computed."""

    group: ClassGroup
    asked: int
    cards: list[Card]
    lacking: list[str]


def shown_level(value: int | None) -> str:
    """Show a level; nothing while it is open."""
    return "" if value is None else Level(value).title


def shown_average(value: int | None) -> str:
    """Show an average; nothing while it is open."""
    return "" if value is None else shown(value)


def shown_remark(value: int | None) -> str:
    """Show the result of a subject assessed by remarks: Đ, CĐ."""
    return "" if value is None else "Đ" if value else "CĐ"


def honour_title(rule: str, code: str) -> str:
    """Name an honour as its profile does."""
    if not code:
        return ""
    try:
        profile = profile_named(rule)
    except NoProfile:
        return code
    if isinstance(profile, PrimaryProfile):
        return profile.honours.get(code, code)
    named = profile.honours if isinstance(profile, SecondaryProfile) else ()
    return next((each.title for each in named if each.honour == code), code)


def subjects_in_order(group: ClassGroup, codes: Iterable[str]) -> list[str]:
    """Order subjects as the programme of a class does; others come last."""
    try:
        known = [each.code for each in programme_for(group.level, group.grade, group.school_year).subjects]
    except NoProfile:
        known = []
    return sorted(codes, key=lambda code: (known.index(code) if code in known else len(known), code))


def enrolments_in(group: ClassGroup, learners: Collection[UUID] | None = None) -> list[Enrolment]:
    """Give the pupils of a class in the order of its list: who sits there, or sat there until the class ended.

    Who left for another class or school during the year is not of the class; ``learners``: these, whether they left.
    """
    rows = Enrolment.objects.filter(class_group=group).select_related("learner")
    if learners is not None:
        rows = rows.filter(learner__in=learners)
    last: dict[UUID, Enrolment] = {}
    for row in rows.order_by("starts_on"):
        last[row.learner_id] = row
    end = min(today(), SchoolYear(group.school_year).closes_on)
    stays = [row for row in last.values() if learners is not None or row.ends_on is None or row.ends_on >= end]
    return sorted(stays, key=lambda row: (row.learner.name_key, str(row.learner_id)))


@override("vi")
def cards_of(group: ClassGroup, part: int, *, learners: Collection[UUID] | None = None) -> Stack:
    """Compose the cards of a class or some of its pupils, in the order of the class list: four statements.

    ``part``: 1, 2, or 0 for the whole year with both terms.
    """
    pupils = enrolments_in(group, learners)
    found: dict[tuple[UUID, int], Result] = {
        (each.enrolment_id, each.part): each for each in Result.objects.filter(enrolment__in=pupils)
    }
    records: dict[UUID, dict[int, TermRecord]] = {}
    for record in TermRecord.objects.filter(enrolment__in=pupils):
        records.setdefault(record.enrolment_id, {})[record.term] = record
    made = [each for each in pupils if (each.pk, part) in found]
    parts = (1, 2, YEAR) if part == YEAR else (part,)
    cards = []
    for each in made:
        results = {which: found[(each.pk, which)] for which in parts if (each.pk, which) in found}
        cards.append(_card(group, each.learner, part, results, records.get(each.pk, {})))
    lacking = [each.learner.full_name for each in pupils if (each.pk, part) not in found]
    return Stack(group, len(pupils), cards, lacking)


def _card(
    group: ClassGroup, learner: Person, part: int, results: dict[int, Result], records: dict[int, TermRecord]
) -> Card:
    columns = (1, 2, YEAR) if part == YEAR else (part,)
    school, main, year = group.organisation, results[part], SchoolYear(group.school_year)
    heads = ["Môn học, hoạt động giáo dục", *[PARTS[each] for each in columns]]
    period = f"Năm học {year.name}" if part == YEAR else f"{PARTS[part]}, năm học {year.name}"
    homeroom = group.homeroom.full_name if group.homeroom else ""
    return Card(
        above=above_of(school),
        body=school.name.upper(),
        title="Phiếu báo kết quả học tập và rèn luyện",
        period=period,
        name=learner.full_name,
        facts=[("Lớp", group.name), ("Ngày sinh", f"{learner.birth_date:%d/%m/%Y}" if learner.birth_date else "")],
        heads=heads,
        rows=_subjects(group, columns, results),
        sums=_sums(columns, results, records),
        notes=_notes(main, records, columns),
        place=place_of(school),
        day=today(),
        signers=[("Giáo viên chủ nhiệm", homeroom), ("Hiệu trưởng", "")],
        foot=f"Theo quy định {main.rule}. Mã kết quả: {main.pk}. Dấu kiểm: {main.inputs_hash[:16]}",
    )


def above_of(school: Any) -> str:
    """Name the body above a school as papers do."""
    above = school.parent
    if above is None:
        return ""
    return f"UBND {above.name}".upper() if above.is_commune else above.name.upper()


def place_of(school: Any) -> str:
    """Name the place a school signs at."""
    where = school.territory or school.parent
    name = where.name if where else ""
    start = next((start for start in ("Phường ", "Xã ", "Đặc khu ", "Thành phố ") if name.startswith(start)), "")
    return str(name.removeprefix(start))


def _subjects(group: ClassGroup, columns: Sequence[int], results: dict[int, Result]) -> list[list[str]]:
    scored = {code for each in results.values() for code in each.averages}
    remarked = {code for each in results.values() for code in each.remarks}
    rows = []
    for code in subjects_in_order(group, scored | remarked):
        cells = []
        for part in columns:
            row = results.get(part)
            if row is None:
                cells.append("")
            elif code in row.averages:
                cells.append(shown_average(row.averages[code]))
            else:
                cells.append(shown_remark(row.remarks.get(code)))
        rows.append([title_of("subject", code), *cells])
    return rows


def _sums(columns: Sequence[int], results: dict[int, Result], records: dict[int, TermRecord]) -> list[list[str]]:
    there = [results.get(part) for part in columns]
    days = [str(absent_in(records, part)) for part in columns]
    return [
        ["Kết quả học tập", *[shown_level(each.level) if each else "" for each in there]],
        ["Kết quả rèn luyện", *[shown_level(each.conduct) if each else "" for each in there]],
        ["Số buổi nghỉ", *days],
    ]


def absent_in(records: dict[int, TermRecord], part: int) -> int:
    """Count the half-days a pupil was absent in a term, or the year."""
    terms = (1, 2) if part == YEAR else (part,)
    return sum(records[term].excused + records[term].unexcused for term in terms if term in records)


def _notes(main: Result, records: dict[int, TermRecord], columns: Sequence[int]) -> list[tuple[str, str]]:
    notes = []
    if main.honour:
        notes.append(("Danh hiệu", honour_title(main.rule, main.honour)))
    if main.outcome:
        subjects = ", ".join(title_of("subject", code) for code in main.retest)
        told = OUTCOMES.get(main.outcome, main.outcome)
        notes.append(("Kết luận", f"{told}: {subjects}" if subjects else told))
    for term in columns:
        if term in records and records[term].remark:
            notes.append((f"Nhận xét của giáo viên chủ nhiệm, {PARTS[term].lower()}", records[term].remark))
    return notes


def decided_parts(learners: Sequence[UUID]) -> list[Result]:
    """Give, for some children, the parts of years that are decided, latest first: what a family may take along."""
    rows = Result.objects.filter(IS_DECIDED, learner__in=learners).select_related("learner")
    return list(rows.order_by("-school_year", "part", "learner_id")[:200])


def decided_of(learner: UUID, year: int, part: int) -> Result | None:
    """Give one decided result of a child."""
    rows = Result.objects.filter(IS_DECIDED, learner=learner, school_year=year, part=part)
    return rows.select_related(
        "enrolment__class_group__organisation__parent", "enrolment__class_group__homeroom"
    ).first()
