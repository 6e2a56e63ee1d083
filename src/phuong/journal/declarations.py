"""What acts are called on the page, and the groups that a reader chooses among."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Any] = {
    "person.seen": _("Mở hồ sơ"),
    "list.seen": _("Mở danh sách"),
    "attachment.opened": _("Tải tệp minh chứng"),
    "attachment.kept": _("Thêm tệp minh chứng"),
    "record.made": _("Tạo hồ sơ"),
    "record.changed": _("Sửa hồ sơ"),
    "record.ended": _("Kết thúc hồ sơ"),
    "registry.number_shown": _("Mở số định danh để sửa"),
    "registry.exported": _("Xuất danh sách ra tệp"),
    "measures.records_exported": _("Xuất hồ sơ sau số liệu ra tệp"),
    "identity.signed_in": _("Đăng nhập"),
    "identity.password_changed": _("Đổi mật khẩu"),
    "access.not_there": _("Bị từ chối"),
}
AREAS: dict[str, Any] = {
    "access": _("Truy cập"),
    "attachment": _("Tệp minh chứng"),
    "gateway": _("Kết nối phần mềm khác"),
    "identity": _("Tài khoản"),
    "list": _("Danh sách"),
    "measures": _("Số liệu"),
    "notices": _("Thông báo"),
    "onboarding": _("Thư kích hoạt, gắn con"),
    "oversight": _("Giám sát truy cập"),
    "provisioning": _("Cấp tài khoản, hộp thư"),
    "person": _("Hồ sơ"),
    "plans": _("Kế hoạch"),
    "record": _("Hồ sơ"),
    "records": _("Sửa hàng loạt"),
    "registry": _("Danh bạ ngành"),
    "reports": _("Báo cáo"),
    "roster": _("Danh sách lớp cho phần mềm khác (OneRoster)"),
    "signon": _("Đăng nhập một lần"),
    "tasks": _("Nhiệm vụ"),
}
READING = ("person.seen", "list.seen", "attachment.opened", "roster.read")
WRITING = ("record.made", "record.changed", "record.ended", "attachment.kept")
TAKING = (
    "registry.exported",
    "measures.records_exported",
    "plans.matrix_exported",
    "reports.collected",
    "roster.bundle_taken",
)
ENTERING = ("identity.signed_in", "signon.signed_in")
REFUSED = "refused"
GROUPS = {"reading": READING, "writing": WRITING, "taking": TAKING, "entering": ENTERING}
LISTS: dict[str, Any] = {
    "registry.learners": _("Danh sách học sinh"),
    "registry.staff": _("Danh sách đội ngũ"),
    "roster.users": _("Danh sách lớp cho phần mềm khác: người"),
    "roster.enrollments": _("Danh sách lớp cho phần mềm khác: xếp lớp"),
    "roster.demographics": _("Danh sách lớp cho phần mềm khác: ngày sinh, giới tính"),
}
OTHERS: dict[str, Any] = {"system": _("Hệ thống"), "client": _("Phần mềm kết nối")}


def act_title(did: str) -> str:
    """Name an act; one without a title of its own by its area."""
    return str(ACTS.get(did) or AREAS.get(did.partition(".")[0], did))
