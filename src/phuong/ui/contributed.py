"""What the frame itself offers: home, jobs, the search through functions."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry, SearchSource
from phuong.ui.pages import find_functions

EVERYBODY = frozenset(
    {
        "department_leader",
        "division_head",
        "division_officer",
        "commune_leader",
        "commune_officer",
        "principal",
        "teacher",
        "homeroom_teacher",
        "clerk",
        "accountant",
        "guardian",
        "learner",
        "auditor",
        "system_operator",
        "support",
        "support_access",
        "support_repair",
    }
)
_OPERATORS = frozenset({"department_leader", "division_officer", "system_operator"})

ALL = (
    NavigationEntry(
        "ui.home",
        _("Hôm nay"),
        _("Việc của hôm nay"),
        "ui:home",
        "home",
        _("Theo dõi, điều hành"),
        EVERYBODY,
        rail_order=10,
    ),
    NavigationEntry(
        "ui.jobs",
        _("Công việc nền"),
        _("Việc dài đang chạy, đã xong, đã dừng"),
        "ui:jobs",
        "progress",
        _("Theo dõi, điều hành"),
        _OPERATORS,
    ),
    SearchSource("ui.functions", _("Chức năng"), "layout-grid-add", find_functions),
)
