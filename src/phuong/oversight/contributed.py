"""What oversight tells the floors below: the guard of exports, pages, kinds of notices, work of the night."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry
from phuong.kernel.exports import ExportGuard
from phuong.kernel.jobs import JobKind
from phuong.notices.api import NoticeKind
from phuong.oversight.actions.exports import check_leaving
from phuong.oversight.actions.roles import review_nightly

_SYSTEM = _("Hệ thống")
_KEEPERS = frozenset(
    {"department_leader", "division_officer", "commune_leader", "commune_officer", "principal", "system_operator"}
)

ALL = (
    ExportGuard("oversight", check_leaving),
    JobKind(
        "oversight.review",
        _("Rà soát vai trò: báo việc sắp hạn, kết thúc vai trò quá hạn"),
        review_nightly,
        nightly=True,
    ),
    NoticeKind("oversight.alarm", _("Cảnh báo an toàn"), urgent=True),
    NoticeKind("oversight.told", _("Vai trò, hỗ trợ")),
    NavigationEntry(
        "oversight.roles",
        _("Vai trò của đơn vị"),
        _("Ai đang giữ vai trò gì, giao, kết thúc, rà soát hằng năm"),
        "oversight:roles",
        "user-check",
        _SYSTEM,
        _KEEPERS,
    ),
    NavigationEntry(
        "oversight.emergency",
        _("Quyền khẩn cấp"),
        _("Lấy quyền rộng trong vài giờ khi có sự cố, xem lại về sau"),
        "oversight:emergency",
        "alert-octagon",
        _SYSTEM,
        frozenset({"department_leader", "division_officer", "division_head", "system_operator"}),
    ),
    NavigationEntry(
        "oversight.support",
        _("Xin vào trường hỗ trợ"),
        _("Xin một trường cho vào trong vài giờ"),
        "oversight:support",
        "settings",
        _SYSTEM,
        frozenset({"support"}),
        rail_order=20,
    ),
    NavigationEntry(
        "oversight.school_access",
        _("Hỗ trợ từ bên ngoài"),
        _("Ai xin vào trường, đang xem gì, thu hồi"),
        "oversight:school_access",
        "eye",
        _SYSTEM,
        frozenset({"principal", "clerk"}),
    ),
    NavigationEntry(
        "oversight.exports",
        _("Tải tệp dữ liệu"),
        _("Mức tải mỗi ngày của vai trò, tài khoản bị dừng tải"),
        "oversight:exports",
        "download",
        _SYSTEM,
        frozenset({"department_leader", "system_operator"}),
    ),
)
