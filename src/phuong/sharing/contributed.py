"""What data sharing tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry
from phuong.notices.api import NoticeKind
from phuong.sharing.actions.telling import KIND

_RUNNERS = frozenset({"department_leader", "division_officer", "system_operator"})

ALL = (
    NoticeKind(KIND, _("Chia sẻ dữ liệu: bị từ chối, chưa khớp")),
    NavigationEntry(
        "sharing.services",
        _("Chia sẻ dữ liệu"),
        _("Dữ liệu gửi kho dùng chung, IOC và Bộ: thỏa thuận, lần gửi, đối soát"),
        "sharing:services",
        "cloud-check",
        _("Hệ thống"),
        _RUNNERS,
    ),
)
