"""What rosters tell the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import LooseKey, NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.roster.actions.exporting import forget_bundles, make_bundle

_TAKERS = frozenset({"department_leader", "division_officer", "commune_officer", "principal", "clerk"})

ALL = (
    NavigationEntry(
        "roster.bundles",
        _("Gói OneRoster"),
        _("Danh sách lớp, người học, giáo viên cho phần mềm khác, theo chuẩn OneRoster 1.2"),
        "roster:bundles",
        "download",
        _("Theo dõi, điều hành"),
        _TAKERS,
    ),
    LooseKey("roster.sourced_id", "roster.SourcedId", "record", {"kind": "user"}),
    JobKind("roster.bundle", _("Làm gói OneRoster"), make_bundle),
    JobKind("roster.forget", _("Quên gói OneRoster đã làm lâu"), forget_bundles, nightly=True),
)
