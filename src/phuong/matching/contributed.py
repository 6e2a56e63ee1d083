"""What matching tells the floors below: work, notices, pages."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.matching.actions.deciding import TOLD
from phuong.matching.actions.runs import JOB
from phuong.notices.api import NoticeKind

ALL = (
    JobKind(JOB, _("Tìm hồ sơ trùng"), "phuong.matching.actions.running.carry_out"),
    NoticeKind(TOLD, _("Gộp hồ sơ chờ duyệt")),
    NavigationEntry(
        "matching.pairs",
        _("Đối chiếu hồ sơ"),
        _("Hồ sơ có thể là của cùng một người: xem, gộp, tách lại"),
        "matching:pairs",
        "users",
        _("Học sinh"),
        frozenset({"department_leader", "division_officer", "commune_officer", "principal", "clerk"}),
    ),
)
