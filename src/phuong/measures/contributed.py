"""What measures tell the floors below: the job that counts, pages, the first page of a school's desk."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import Home, NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.measures.actions import refresh_measures
from phuong.measures.home import school_home

_READERS = frozenset(
    {
        "department_leader",
        "division_head",
        "division_officer",
        "commune_leader",
        "commune_officer",
        "principal",
        "auditor",
        "system_operator",
    }
)
_DESK = frozenset({"teacher", "homeroom_teacher", "clerk", "accountant"})

ALL = (
    JobKind("measures.refresh", _("Tính lại mọi chỉ số"), refresh_measures, nightly=True),
    NavigationEntry(
        "measures.measures",
        _("Chỉ số tự đếm"),
        _("Mọi điều nền tảng tự đếm, cách tính và nguồn"),
        "measures:measures",
        "chart-bar",
        _("Theo dõi, điều hành"),
        _READERS,
    ),
    Home("measures.school", _DESK, school_home),
)
