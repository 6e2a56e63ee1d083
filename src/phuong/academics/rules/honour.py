"""Honours at the end of a secondary year (khen thưởng cuối năm học)."""

from collections.abc import Mapping
from dataclasses import dataclass

from phuong.academics.rules.levels import Level, Reason, shown
from phuong.academics.rules.profiles import HonourTerms, SecondaryProfile


@dataclass(frozen=True)
class Honour:
    """An honour by its code (``xuat_sac``, ``gioi``), or none."""

    honour: str | None
    because: tuple[Reason, ...]


def honours(
    profile: SecondaryProfile, result: Level | None, conduct: Level | None, scored: Mapping[str, int | None]
) -> Honour:
    """Decide the honour of the year; ``scored``: averages of the year in tenths."""
    article = profile.article("honours")
    if result is None or conduct is None:
        return Honour(None, (Reason(article, "Chưa đủ kết quả học tập và rèn luyện cả năm"),))
    held = f"Rèn luyện {conduct.title}, học tập {result.title}"
    for terms in profile.honours:
        good = _good(terms, scored)
        if result >= terms.result and conduct >= terms.conduct and good >= terms.subjects:
            more = f", {good} môn từ {shown(terms.good)}" if terms.subjects else ""
            return Honour(terms.honour, (Reason(article, f"{terms.title}: {held}{more}"),))
    return Honour(None, (Reason(article, f"{held}: chưa đủ điều kiện danh hiệu"),))


def _good(terms: HonourTerms, scored: Mapping[str, int | None]) -> int:
    return sum(average is not None and average >= terms.good for average in scored.values())
