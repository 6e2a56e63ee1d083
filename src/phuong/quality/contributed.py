"""What quality tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry, UnitCard
from phuong.kernel.jobs import JobKind
from phuong.notices.api import NoticeKind
from phuong.quality.actions import close_fixes
from phuong.quality.views import card

_LOOKERS = frozenset(
    {
        "department_leader",
        "division_head",
        "division_officer",
        "commune_leader",
        "commune_officer",
        "principal",
        "clerk",
    }
)

ALL = (
    NavigationEntry(
        "quality.own",
        _("Chất lượng dữ liệu"),
        _("Đúng, đủ, sạch, sống; việc cần làm sạch"),
        "quality:own",
        "shield-check",
        _("Theo dõi, điều hành"),
        _LOOKERS,
    ),
    UnitCard("quality", card),
    NoticeKind("quality.fix_asked", _("Được giao làm sạch dữ liệu")),
    JobKind("quality.close_fixes", _("Đóng việc làm sạch đã xong"), close_fixes, nightly=True),
)
