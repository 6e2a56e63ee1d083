"""What levels of evidence, guards and fields are called on the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from phuong.matching.linking.fields import ALIKE, DIFFERENT, EQUAL, FIELDS, MISSING

_OF = {(field.code, level.code): level.of for field in FIELDS for level in field.levels}
TONES = {EQUAL: "good", ALIKE: "attention", DIFFERENT: "late", MISSING: "waiting"}
LEVELS: dict[str, Any] = {
    "equal": _("Trùng"),
    "no_marks": _("Trùng, một bên không dấu"),
    "marks": _("Khác dấu"),
    "order": _("Khác thứ tự"),
    "letter": _("Lệch một chữ"),
    "middle": _("Thừa, thiếu tên đệm"),
    "surname": _("Chỉ trùng họ"),
    "swapped": _("Đảo ngày và tháng"),
    "digit": _("Lệch một chữ số"),
    "year": _("Chỉ trùng năm"),
    "commune": _("Cùng xã, phường"),
    "other": _("Khác"),
    MISSING: _("Thiếu"),
}
GUARDS: dict[str, Any] = {
    "renamed": _("Trùng số định danh nhưng khác tên: đổi tên, hay số của người nhà ghi nhầm?"),
    "twins": _("Tên lệch một chữ hay một dấu, số định danh không trùng: có thể là sinh đôi."),
    "near_numbers": _("Số định danh lệch một chữ số, và còn chỗ khác không trùng."),
    "two_numbers": _("Hai số định danh khác nhau."),
    "number_alone": _("Trùng số định danh nhưng ngày sinh khác."),
    "sexes": _("Khác giới tính."),
    "namesakes": _("Chỉ trùng tên và ngày sinh; trong dữ liệu này nhiều người như vậy là hai người."),
    "rival": _("Còn hồ sơ khác giống không kém."),
    "crowd": _("Quá nhiều hồ sơ dính vào nhau."),
    "contradiction": _("Trong nhóm có hai người chắc chắn khác nhau."),
}
EVIDENCE_OF = {  # which fields of the model speak for a field of the record
    "full_name": ("rest", "given"),
    "birth_date": ("born",),
    "sex": ("sex",),
    "number": ("number",),
    "phone": ("phone",),
    "place": ("place",),
    "birthplace": ("birthplace",),
}
TABS = ("open", "proposed", "later", "different")


def way_of(field: str, level: str) -> str:
    """Say which way a level points: equal, alike, different or missing."""
    return _OF.get((field, level), MISSING)


def level_title(level: str) -> str:
    """Name a level of agreement."""
    return str(LEVELS.get(level, level))


def guard_title(guard: str) -> str:
    """Say in a sentence what keeps a pair from being sure."""
    return str(GUARDS.get(guard, guard))
