"""Conduct of the year (kết quả rèn luyện cả năm) from its two terms."""

from dataclasses import dataclass

from phuong.academics.rules.levels import Level, Reason
from phuong.academics.rules.profiles import SecondaryProfile


@dataclass(frozen=True)
class Conduct:
    """Conduct of the year; ``None`` while a term is missing."""

    level: Level | None
    because: tuple[Reason, ...]


def conduct_year(profile: SecondaryProfile, term1: Level | None, term2: Level | None) -> Conduct:
    """Decide the conduct of the year by the table of the profile."""
    article = profile.article("conduct")
    if term1 is None or term2 is None:
        term = "I" if term1 is None else "II"
        return Conduct(None, (Reason(article, f"Chưa có kết quả rèn luyện học kì {term}"),))
    level = profile.conduct[term1][term2]
    text = f"Học kì I {term1.title}, học kì II {term2.title}: cả năm {level.title}"
    return Conduct(level, (Reason(article, text),))
