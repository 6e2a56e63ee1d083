"""What marks and results tell the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry

ALL = (
    NavigationEntry(
        "academics.sheets",
        _("Sổ điểm"),
        _("Nhập điểm, nhận xét các lớp mình dạy; khóa cột, sửa điểm có duyệt"),
        "academics:sheets",
        "notebook",
        _("Dạy và học"),
        frozenset({"teacher", "homeroom_teacher", "principal"}),
        rail_order=20,
    ),
)
