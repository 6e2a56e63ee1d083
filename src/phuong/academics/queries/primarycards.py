"""Report cards of primary classes: subjects, qualities and competences, the tests, what the year comes to."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.utils.translation import override

from phuong.academics.errors import NoProfile
from phuong.academics.models import PrimaryRecord, Result
from phuong.academics.models.primary import END_1, END_2
from phuong.academics.profiles import profile_named
from phuong.academics.queries.cards import (
    OUTCOMES,
    PARTS,
    Stack,
    above_of,
    cards_of,
    enrolments_in,
    honour_title,
    place_of,
    subjects_in_order,
)
from phuong.academics.queries.primary import LEVEL, primary_profile
from phuong.academics.rules.parts import YEAR
from phuong.academics.rules.primaryparts import HALF, PRIMARY_PARTS, result_titles
from phuong.academics.rules.profiles import PrimaryProfile
from phuong.kernel.calendar import SchoolYear
from phuong.kernel.codelists import title_of
from phuong.kernel.today import today
from phuong.paper.api import Card
from phuong.registry.api import ClassGroup, Enrolment

_PERIODS = {HALF: END_1, YEAR: END_2}
_WHEN = {HALF: "Cuối học kì I", YEAR: "Cuối năm"}
_LEGEND = "T: hoàn thành tốt, H: hoàn thành, C: chưa hoàn thành; phẩm chất, năng lực: T: tốt, Đ: đạt, C: cần cố gắng"


def has_part(group: ClassGroup, part: int) -> bool:
    """Say whether a class has results of a part: a primary one of the end of term 1 and of the year."""
    return part in (PRIMARY_PARTS if group.level == LEVEL else PARTS)


def stack_of(group: ClassGroup, part: int, *, learners: Collection[UUID] | None = None) -> Stack:
    """Compose the cards of a class or some of its pupils, by the rules of its level."""
    of = primary_cards_of if group.level == LEVEL else cards_of
    return of(group, part, learners=learners)


def shown_primary(result: Result) -> str | None:
    """Name the result of a primary year, blank while there is none; ``None``: it follows other rules."""
    try:
        profile = profile_named(result.rule)
    except NoProfile:
        return None
    if not isinstance(profile, PrimaryProfile):
        return None
    return "" if result.level is None else result_titles(profile)[result.level]


def rating_text(value: str | None) -> str:
    """Show the level of a subject or a rating: T, H, Đ, C."""
    return {"D": "Đ"}.get(value or "", value or "")


def test_text(value: int | None) -> str:
    """Show a whole mark; nothing while there is none."""
    return "" if value is None else str(value)


@override("vi")
def primary_cards_of(group: ClassGroup, part: int, *, learners: Collection[UUID] | None = None) -> Stack:
    """Compose the cards of a primary class, in the order of the class list: three statements.

    ``part``: 1, or 0 for the year with the end of term 1.
    """
    pupils, profile = enrolments_in(group, learners), primary_profile(group)
    found = {(each.enrolment_id, each.part): each for each in Result.objects.filter(enrolment__in=pupils)}
    said = {(each.enrolment_id, each.period): each for each in PrimaryRecord.objects.filter(enrolment__in=pupils)}
    parts = (HALF, YEAR) if part == YEAR else (HALF,)
    cards, lacking = [], []
    for each in pupils:
        if (each.pk, part) not in found:
            lacking.append(each.learner.full_name)
            continue
        results = {which: found[(each.pk, which)] for which in parts if (each.pk, which) in found}
        remarks = {
            which: said[(each.pk, _PERIODS[which])].remark for which in parts if (each.pk, _PERIODS[which]) in said
        }
        cards.append(_card(group, profile, each, parts, results, remarks))
    return Stack(group, len(pupils), cards, lacking)


def _card(
    group: ClassGroup,
    profile: PrimaryProfile,
    pupil: Enrolment,
    parts: Sequence[int],
    results: Mapping[int, Result],
    remarks: Mapping[int, str],
) -> Card:
    part, school, learner = parts[-1], group.organisation, pupil.learner
    main, year = results[part], SchoolYear(group.school_year)
    heads = ["Môn học, hoạt động giáo dục"]
    for each in parts:
        heads += [f"{_WHEN[each]}: mức", f"{_WHEN[each]}: điểm"]
    homeroom = group.homeroom.full_name if group.homeroom else ""
    return Card(
        above=above_of(school),
        body=school.name.upper(),
        title="Phiếu báo kết quả học tập và rèn luyện",
        period=f"Năm học {year.name}" if part == YEAR else f"{_WHEN[part]}, năm học {year.name}",
        name=learner.full_name,
        facts=[("Lớp", group.name), ("Ngày sinh", f"{learner.birth_date:%d/%m/%Y}" if learner.birth_date else "")],
        heads=heads,
        rows=_rows(group, profile, parts, results),
        sums=_sums(main, len(heads)) if part == YEAR else [],
        notes=_notes(main, parts, remarks),
        place=place_of(school),
        day=today(),
        signers=[("Giáo viên chủ nhiệm", homeroom), ("Hiệu trưởng", "")],
        foot=f"Theo quy định {main.rule}. Mã kết quả: {main.pk}. Dấu kiểm: {main.inputs_hash[:16]}",
    )


def _rows(
    group: ClassGroup, profile: PrimaryProfile, parts: Sequence[int], results: Mapping[int, Result]
) -> list[list[str]]:
    named = {**profile.qualities, **profile.competences}
    codes = {code for each in results.values() for code in each.remarks} - named.keys()
    titles = {code: title_of("subject", code) for code in subjects_in_order(group, codes)} | named
    rows = []
    for code, title in titles.items():
        row = [title]
        for part in parts:
            result = results.get(part)
            level = result.remarks.get(code) if result else None
            row += [rating_text(level), test_text(result.averages.get(code)) if result else ""]
        rows.append(row)
    return rows


def _sums(main: Result, width: int) -> list[list[str]]:
    return [["Kết quả giáo dục", *[""] * (width - 3), shown_primary(main) or "", ""]]


def _notes(main: Result, parts: Sequence[int], remarks: Mapping[int, str]) -> list[tuple[str, str]]:
    notes = [("Các mức", _LEGEND)]
    if main.honour:
        notes.append(("Danh hiệu", honour_title(main.rule, main.honour)))
    if main.outcome in OUTCOMES:
        subjects = ", ".join(title_of("subject", code) for code in main.retest)
        told = OUTCOMES[main.outcome]
        notes.append(("Kết luận", f"{told}: {subjects}" if subjects else told))
    notes += [
        (f"Nhận xét của giáo viên chủ nhiệm, {_WHEN[each].lower()}", remarks[each])
        for each in parts
        if remarks.get(each)
    ]
    return notes
