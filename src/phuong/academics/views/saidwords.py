"""What stands on a sheet of a primary class, in words: titles of its columns, values as people read them."""

from typing import Any

from django.utils.translation import gettext as _

from phuong.academics.queries.primary import primary_profile
from phuong.academics.queries.primarystories import QUALITIES
from phuong.academics.views.primaryreading import shown_rating
from phuong.kernel.codelists import title_of
from phuong.registry.api import ClassGroup


def subject_title(subject: str) -> str:
    """Name a sheet: its subject, or qualities and competences."""
    return _("Phẩm chất, năng lực") if subject == QUALITIES else title_of("subject", subject)


def titles_in(group: ClassGroup, subject: str) -> dict[str, str]:
    """Name what may change on a sheet, by code: its columns, and of qualities and competences each of them."""
    own = {"remark": _("Nhận xét")}
    if subject != QUALITIES:
        return {"level": _("Mức đạt được"), "test": _("Điểm kiểm tra"), **own}
    profile = primary_profile(group)
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
