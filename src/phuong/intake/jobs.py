"""The work of data coming in; loaded when a job is first asked for, with the machinery it needs."""

from django.utils.translation import gettext_lazy as _

from phuong.intake.actions.applying import forget_files, run
from phuong.kernel.jobs import JobKind

JOBS = (
    JobKind("intake.run", _("Nạp tệp"), run),
    JobKind("intake.forget", _("Quên nội dung tệp đã nạp lâu"), forget_files, nightly=True),
)
