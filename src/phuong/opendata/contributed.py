"""What open data tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.opendata.actions import refresh_editions

ALL = (
    NavigationEntry(
        "opendata.desk",
        _("Dữ liệu mở"),
        _("Công khai số liệu ngành cho mọi người, ô ít người được che"),
        "opendata:desk",
        "world",
        _("Theo dõi, điều hành"),
        frozenset({"division_officer"}),
    ),
    JobKind("opendata.refresh", _("Làm mới dữ liệu mở hằng tháng"), refresh_editions, nightly=True),
)
