"""The long work of the desk."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.jobs import JobKind
from phuong.records.actions.bulk import run_bulk

BULK = JobKind("records.bulk", _("Sửa hàng loạt"), run_bulk)
