"""What acts are called on the page, and the groups that a reader chooses among."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Any] = {
    "person.seen": _("Mở hồ sơ"),
    "list.seen": _("Mở danh sách"),
    "page.seen": _("Mở trang"),
    "attachment.opened": _("Tải tệp minh chứng"),
    "attachment.kept": _("Thêm tệp minh chứng"),
    "record.made": _("Tạo hồ sơ"),
    "record.changed": _("Sửa hồ sơ"),
    "record.ended": _("Kết thúc hồ sơ"),
    "registry.number_shown": _("Mở số định danh để sửa"),
    "verification.sent": _("Hỏi CSDL dân cư về một hồ sơ"),
    "verification.taken": _("Sửa hồ sơ theo CSDL dân cư"),
    "verification.kept": _("Giữ nguyên hồ sơ khác CSDL dân cư"),
    "registry.exported": _("Xuất danh sách ra tệp"),
    "measures.records_exported": _("Xuất hồ sơ sau số liệu ra tệp"),
    "matching.merged": _("Gộp hồ sơ"),
    "matching.unmerged": _("Tách hồ sơ đã gộp"),
    "matching.proposed": _("Đề nghị gộp hồ sơ"),
    "matching.kept_apart": _("Ghi hai người khác nhau"),
    "identity.signed_in": _("Đăng nhập"),
    "identity.password_changed": _("Đổi mật khẩu"),
    "identity.password_renewed": _("Đặt lại mật khẩu bằng mã của trường"),
    "onboarding.code_renewed": _("Cấp lại mã đăng nhập"),
    "sharing.agreed": _("Ghi thỏa thuận chia sẻ dữ liệu"),
    "sharing.asked": _("Yêu cầu gửi dữ liệu cho bên nhận"),
    "sharing.asked_for_all": _("Yêu cầu gửi lại toàn bộ dữ liệu"),
    "sharing.paused": _("Tạm dừng chia sẻ dữ liệu"),
    "sharing.resumed": _("Mở lại chia sẻ dữ liệu"),
    "sharing.delivered": _("Gửi dữ liệu cho bên nhận"),
    "sharing.reconciled": _("Đối soát số liệu với bên nhận"),
    "transfers.looked_up": _("Tra học sinh trường khác để nhận"),
    "transfers.package_taken": _("Tải gói hồ sơ chuyển trường"),
    "academics.cards_taken": _("Tải phiếu báo kết quả của lớp"),
    "academics.summary_taken": _("Tải bảng tổng hợp kết quả của lớp"),
    "academics.records_said": _("Ghi rèn luyện, chuyên cần của lớp"),
    "academics.growth_said": _("Ghi cân đo của nhóm, lớp mầm non"),
    "academics.development_said": _("Ghi đánh giá sự phát triển của trẻ"),
    "academics.results_computed": _("Tính kết quả học tập"),
    "academics.phrase_shared": _("Thêm câu nhận xét mẫu dùng chung"),
    "academics.phrase_withdrawn": _("Bỏ câu nhận xét mẫu dùng chung"),
    "academics.exempted": _("Cho miễn học môn"),
    "academics.exemption_ended": _("Thôi miễn học môn"),
    "academics.topic_column": _("Thêm hoặc bỏ cột chuyên đề của sổ điểm"),
    "academics.substituted": _("Phân công dạy thay"),
    "academics.substitution_ended": _("Thôi dạy thay"),
    "academics.honours_taken": _("Tải danh sách khen thưởng"),
    "academics.cards_made": _("In phiếu báo kết quả cả trường"),
    "academics.afterwards_said": _("Ghi đánh giá lại, rèn luyện trong hè"),
    "academics.year_closed": _("Kết thúc năm học"),
    "academics.year_reopened": _("Mở lại năm học"),
    "academics.promoted": _("Lên lớp, xếp lớp năm sau"),
    "academics.promotion_undone": _("Hoàn tác lên lớp"),
    "access.not_there": _("Bị từ chối"),
}
AREAS: dict[str, Any] = {
    "academics": _("Điểm, kết quả học tập"),
    "access": _("Truy cập"),
    "attachment": _("Tệp minh chứng"),
    "gateway": _("Kết nối phần mềm khác"),
    "identity": _("Tài khoản"),
    "intake": _("Nạp dữ liệu"),
    "list": _("Danh sách"),
    "matching": _("Đối chiếu, gộp hồ sơ"),
    "measures": _("Số liệu"),
    "notices": _("Thông báo"),
    "onboarding": _("Thư kích hoạt, gắn con"),
    "oversight": _("Giám sát truy cập"),
    "provisioning": _("Cấp tài khoản, hộp thư"),
    "opendata": _("Dữ liệu mở"),
    "page": _("Trang"),
    "person": _("Hồ sơ"),
    "plans": _("Kế hoạch"),
    "quality": _("Chất lượng dữ liệu"),
    "record": _("Hồ sơ"),
    "records": _("Sửa hàng loạt"),
    "registry": _("Danh bạ ngành"),
    "reports": _("Báo cáo"),
    "roster": _("Danh sách lớp cho phần mềm khác (OneRoster)"),
    "sharing": _("Chia sẻ dữ liệu"),
    "signon": _("Đăng nhập một lần"),
    "tasks": _("Nhiệm vụ"),
    "transfers": _("Chuyển trường"),
    "verification": _("Đối chiếu dân cư"),
}
READING = ("person.seen", "list.seen", "page.seen", "attachment.opened", "roster.read")
WRITING = (
    *("record.made", "record.changed", "record.ended", "attachment.kept"),
    *("matching.merged", "matching.unmerged"),
)
TAKING = (
    "registry.exported",
    "measures.records_exported",
    "plans.matrix_exported",
    "reports.collected",
    "transfers.package_taken",
    "roster.bundle_taken",
    "academics.cards_taken",
    "academics.summary_taken",
    "academics.honours_taken",
    "sharing.delivered",
)
ENTERING = ("identity.signed_in", "signon.signed_in")
REFUSED = "refused"
GROUPS = {"reading": READING, "writing": WRITING, "taking": TAKING, "entering": ENTERING}
LISTS: dict[str, Any] = {
    "registry.learners": _("Danh sách học sinh"),
    "registry.staff": _("Danh sách đội ngũ"),
    "roster.users": _("Danh sách lớp cho phần mềm khác: người"),
    "roster.enrollments": _("Danh sách lớp cho phần mềm khác: xếp lớp"),
    "roster.results": _("Điểm cho phần mềm khác"),
    "roster.demographics": _("Danh sách lớp cho phần mềm khác: ngày sinh, giới tính"),
}
OTHERS: dict[str, Any] = {"system": _("Hệ thống"), "client": _("Phần mềm kết nối")}


def act_title(did: str) -> str:
    """Name an act; one without a title of its own by its area."""
    return str(ACTS.get(did) or AREAS.get(did.partition(".")[0], did))
