"""Averages and remarks of one subject: term and year, missed and made-up tests, study topics."""

from collections.abc import Sequence
from typing import NamedTuple

from phuong.academics.rules.levels import Level, Reason, half_up, shown
from phuong.academics.rules.profiles import SecondaryProfile


class TermMarks(NamedTuple):
    """The marks of one pupil in one subject and term, in tenths; ``None``: not there (yet)."""

    regular: tuple[int, ...] = ()
    midterm: int | None = None
    final: int | None = None


def term_average(
    profile: SecondaryProfile, regular: Sequence[int], midterm: int | None, final: int | None
) -> int | None:
    """Work out the average of a term (ĐTBmhk) in tenths; ``None`` while a mark it needs is missing.

    ``regular``: the regular marks that are there, in any order; each counts once, however many were asked for.
    """
    if midterm is None or final is None or len(regular) < profile.fewest_regular:
        return None
    weights = profile.weights
    total = sum(regular) * weights.regular + midterm * weights.midterm + final * weights.final
    return half_up(total, len(regular) * weights.regular + weights.midterm + weights.final)


def year_average(profile: SecondaryProfile, term1: int | None, term2: int | None) -> int | None:
    """Work out the average of the year (ĐTBmcn) from the rounded averages of its terms; ``None`` while one lacks."""
    if term1 is None or term2 is None:
        return None
    first, second = profile.term_weights
    return half_up(term1 * first + term2 * second, first + second)


def term_reason(profile: SecondaryProfile, regular: Sequence[int], midterm: int | None, final: int | None) -> Reason:
    """Write out how the average of a term comes about, or which marks it lacks."""
    average = term_average(profile, regular, midterm, final)
    article = profile.article("term_average")
    if midterm is None or final is None or average is None:
        lacks = [
            *(["điểm thường xuyên"] if len(regular) < profile.fewest_regular else []),
            *(["điểm giữa kì"] if midterm is None else []),
            *(["điểm cuối kì"] if final is None else []),
        ]
        return Reason(article, f"Chưa tính được: thiếu {', '.join(lacks)}")
    weights = profile.weights
    parts = [(shown(mark), weights.regular) for mark in regular]
    parts += [(shown(midterm), weights.midterm), (shown(final), weights.final)]
    total = " + ".join(mark if weight == 1 else f"{weight} × {mark}" for mark, weight in parts)
    return Reason(article, f"({total}) : {sum(weight for _mark, weight in parts)} = {shown(average)}")


def year_reason(profile: SecondaryProfile, term1: int | None, term2: int | None) -> Reason:
    """Write out how the average of the year comes about, or which term it lacks."""
    average = year_average(profile, term1, term2)
    article = profile.article("year_average")
    if term1 is None or term2 is None or average is None:
        return Reason(article, f"Chưa tính được: thiếu trung bình học kì {'I' if term1 is None else 'II'}")
    parts = zip((shown(term1), shown(term2)), profile.term_weights, strict=True)
    total = " + ".join(mark if weight == 1 else f"{weight} × {mark}" for mark, weight in parts)
    return Reason(article, f"({total}) : {sum(profile.term_weights)} = {shown(average)}")


def regular_count(profile: SecondaryProfile, periods: int) -> int:
    """Say how many regular marks a term asks for in a subject of so many periods a year, study topics not counted."""
    steps = profile.regular_marks
    return next(step.marks for step in steps if step.up_to is None or periods <= step.up_to)


def counted_test(
    profile: SecondaryProfile, mark: int | None, made_up: int | None = None, *, is_closed: bool = False
) -> int | None:
    """Give the mark of a periodic test that counts: its own, that of the make-up test, or none yet.

    Once the year ``is_closed``, a test that was neither taken nor made up counts as the profile says (0).
    """
    if mark is not None:
        return mark
    if made_up is not None:
        return made_up
    return profile.missed_test if is_closed else None


def with_topics(regular: Sequence[int], topics: Sequence[int]) -> tuple[int, ...]:
    """Add the result of a study-topic group (cụm chuyên đề) as one more regular mark: the best of its topics."""
    return (*regular, max(topics)) if topics else tuple(regular)


def remark_term(
    profile: SecondaryProfile,
    regular: Sequence[int],
    midterm: int | None,
    final: int | None,
    *,
    is_closed: bool = False,
) -> int | None:
    """Work out the result of a term of a remark-assessed subject; remarks and result are 1 (Đạt) or 0 (Chưa đạt).

    Đạt asks for as many remarks as are prescribed, all of them Đạt. ``None`` while some are missing and none failed;
    once the year ``is_closed``, what is missing is failed.
    """
    told = [each for each in (*regular, midterm, final) if each is not None]
    if Level.CHUA_DAT in told:
        return int(Level.CHUA_DAT)
    if len(regular) >= profile.remark_marks and midterm is not None and final is not None:
        return int(Level.DAT)
    return int(Level.CHUA_DAT) if is_closed else None


def remark_year(term1: int | None, term2: int | None) -> int | None:
    """Give the result of the year of a remark-assessed subject: that of the second term."""
    del term1
    return term2
