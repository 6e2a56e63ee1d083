"""What reports tell the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.reports.access import RUN
from phuong.reports.actions.printing import draft_all

_READERS = frozenset(
    {
        "department_leader",
        "division_head",
        "division_officer",
        "commune_leader",
        "commune_officer",
        "principal",
        "clerk",
        "auditor",
    }
)

ALL = (
    NavigationEntry(
        "reports.reports",
        _("Báo cáo"),
        _("Báo cáo tháng, 6 tháng, năm, lập từ số liệu đang có"),
        "reports:reports",
        "file-text",
        _("Theo dõi, điều hành"),
        _READERS,
        rail_order=35,
    ),
    JobKind(RUN, _("Lập báo cáo cho mọi trường"), draft_all),
)
