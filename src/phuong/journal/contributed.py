"""What the journal tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry, PersonPage

ALL = (
    NavigationEntry(
        "journal.search",
        _("Nhật ký"),
        _("Ai đã xem, sửa, xuất hồ sơ nào, lúc nào"),
        "journal:search",
        "history",
        _("Theo dõi, điều hành"),
        frozenset({"auditor", "department_leader", "principal"}),
    ),
    PersonPage("journal.openings", _("Ai đã mở hồ sơ"), "journal:openings"),
)
