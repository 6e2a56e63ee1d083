"""What the programming interface tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.gateway.actions.keeping import forget_old
from phuong.kernel.contributions import NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.notices.api import NoticeKind

_KEEPERS = frozenset({"system_operator", "division_officer", "principal"})

ALL = (
    NavigationEntry(
        "gateway.clients",
        _("Hệ thống kết nối"),
        _("Khóa của phần mềm khác: ai đọc, ghi gì, đến bao giờ"),
        "gateway:clients",
        "key",
        _("Theo dõi, điều hành"),
        _KEEPERS,
    ),
    JobKind("gateway.forget", _("Dọn câu trả lời và nhật ký thay đổi cũ"), forget_old, nightly=True),
    NoticeKind("gateway.", _("Kết nối phần mềm khác")),
)
