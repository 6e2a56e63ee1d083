"""What data coming in tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry

_BRINGERS = frozenset({"division_officer", "principal", "clerk", "teacher", "homeroom_teacher"})

ALL = (
    NavigationEntry(
        "intake.batches",
        _("Nạp dữ liệu"),
        _("Nạp tệp Excel, CSV: kiểm tra trước, áp dụng sau, hoàn tác được"),
        "intake:batches",
        "upload",
        _("Nhà trường"),
        _BRINGERS,
    ),
)
