"""What matching tells the floors below: work, notices, pages."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.jobs import JobKind
from phuong.matching.actions.deciding import TOLD
from phuong.matching.actions.runs import JOB, carry_out
from phuong.notices.api import NoticeKind

ALL = (
    JobKind(JOB, _("Tìm hồ sơ trùng"), carry_out),
    NoticeKind(TOLD, _("Gộp hồ sơ chờ duyệt")),
)
