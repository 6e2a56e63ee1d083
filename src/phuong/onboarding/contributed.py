"""What onboarding tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import LinkTarget, NavigationEntry
from phuong.onboarding.queries import enrolment_facts

ALL = (
    LinkTarget("enrol", _("Lớp, trường năm học này"), enrolment_facts),
    NavigationEntry(
        "onboarding.schools",
        _("Tài khoản của trường"),
        _("Mở tài khoản, in thư kích hoạt, gửi tin, xem phụ huynh xin gắn con"),
        "onboarding:own",
        "id-badge-2",
        _("Nhà trường"),
        frozenset({"division_officer", "principal", "clerk"}),
    ),
    NavigationEntry(
        "onboarding.claim",
        _("Gắn thêm con"),
        _("Gắn con học ở trường này hay trường khác vào tài khoản"),
        "onboarding:claim",
        "users",
        _("Gia đình"),
        frozenset({"guardian"}),
        rail_order=20,
    ),
)
