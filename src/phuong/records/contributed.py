"""What the desk tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.records.actions.bulk import run_bulk

_LOOKERS = frozenset({"department_leader", "division_officer", "commune_officer", "principal", "clerk"})

ALL = (
    NavigationEntry(
        "records.look_back",
        _("Xem lại một ngày"),
        _("Mọi trang như đã biết vào cuối ngày đó"),
        "records:look_back",
        "clock",
        _("Theo dõi, điều hành"),
        _LOOKERS,
    ),
    JobKind("records.bulk", _("Sửa hàng loạt"), run_bulk),
)
