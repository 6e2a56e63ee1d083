"""Programmes and clubs that schools declare for the school year."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl

from phuong.demo.chance import Chance
from phuong.demo.schools import SchoolUnit

_SECONDARY = ("lower_secondary", "upper_secondary")
_GENERAL = ("primary", *_SECONDARY)


@dataclass(frozen=True)
class Offer:
    """A programme. ``share``: of the schools of ``levels`` that declare it."""

    kind: str
    title: str
    levels: tuple[str, ...]
    share: float
    is_club: bool
    reach: float = 0.3  # share of the learners who take part on average, where it is not a club


OFFERS = (
    Offer("stem", "Bài học STEM trong chương trình", _GENERAL, 0.82, is_club=False, reach=0.7),
    Offer("stem", "Câu lạc bộ STEM - Robotics", _GENERAL, 0.55, is_club=True),
    Offer("stem", "Hoạt động khám phá STEAM", ("preschool",), 0.6, is_club=False),
    Offer("startup", "Ngày hội khởi nghiệp, đổi mới sáng tạo", _SECONDARY, 0.5, is_club=False),
    Offer("startup", "Câu lạc bộ Khởi nghiệp trẻ", ("upper_secondary",), 0.45, is_club=True),
    Offer("digital_skills", "Kĩ năng công dân số", (*_GENERAL, "continuing"), 0.78, is_club=False, reach=0.85),
    Offer("ai", "Làm quen với trí tuệ nhân tạo", _GENERAL, 0.42, is_club=False),
    Offer("ai", "Câu lạc bộ Trí tuệ nhân tạo", ("upper_secondary",), 0.35, is_club=True),
    Offer("science_research", "Nghiên cứu khoa học, kĩ thuật của học sinh", _SECONDARY, 0.66, is_club=False),
    Offer("art", "Câu lạc bộ Âm nhạc và Mĩ thuật", ("preschool", *_GENERAL), 0.7, is_club=True),
    Offer("sport", "Câu lạc bộ Bóng đá", _GENERAL, 0.74, is_club=True),
    Offer("sport", "Câu lạc bộ Cầu lông, Cờ vua", _GENERAL, 0.5, is_club=True),
    Offer("reading", "Câu lạc bộ Đọc sách", _GENERAL, 0.48, is_club=True),
    Offer("career_guidance", "Tư vấn hướng nghiệp, phân luồng", (*_SECONDARY, "continuing"), 0.85, is_club=False),
    Offer("swimming", "Dạy bơi, phòng chống đuối nước", _GENERAL, 0.4, is_club=False),
    Offer("cyber_safety", "An toàn trên môi trường mạng", (*_GENERAL, "continuing"), 0.6, is_club=False),
)


def declare(chance: Chance, schools: tuple[SchoolUnit, ...], *, school_year: int, today: dt.date) -> pl.DataFrame:
    """Write the rows of ``Programme``; most carry evidence."""
    rows: list[dict[str, Any]] = []
    for school in schools:
        dice = chance.uniform(4 * len(OFFERS)).reshape(len(OFFERS), 4)
        for offer, (has, proof, size, week) in zip(OFFERS, dice.tolist(), strict=True):
            if school.level in offer.levels and has < offer.share * min(1.15, 1.35 - 0.35 * school.laxity):
                rows.append(_row(school, offer, proof, size, week))
    frame = pl.DataFrame(rows, infer_schema_length=None)
    starts = dt.date(school_year, 9, 15)
    return frame.with_columns(
        id=chance.keys(len(frame)),
        school_year=pl.lit(school_year, dtype=pl.Int16),
        starts_on=pl.lit(starts) + pl.duration(days=pl.col("starts_on")),
        ends_on=pl.lit(dt.date(school_year + 1, 5, 20)),
    )


def _row(school: SchoolUnit, offer: Offer, proof: float, size: float, week: float) -> dict[str, Any]:
    number = 1 + int(week * 60)
    has_proof = proof > 0.14 * school.laxity
    return {
        "organisation_id": school.key,
        "kind": offer.kind,
        "title": offer.title,
        "is_club": offer.is_club,
        "members": _members(school, offer, size),
        "meetings": 1 + int(week * (10 if offer.is_club else 4)),
        "starts_on": int(week * 40),
        "evidence": f"Kế hoạch số {number}/KH-{school.code}; ảnh và danh sách kèm theo" if has_proof else "",
    }


def _members(school: SchoolUnit, offer: Offer, dice: float) -> int:
    if offer.is_club:
        return 12 + int(dice * min(90, school.learners // 6 + 10))
    return int(school.learners * min(1.0, offer.reach * (0.5 + dice)))
