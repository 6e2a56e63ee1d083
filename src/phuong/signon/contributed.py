"""What signon tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import NavigationEntry, SessionEnd
from phuong.kernel.jobs import JobKind
from phuong.signon.actions.keeping import forget_old
from phuong.signon.actions.signing import browser_session_over, tell_site

ALL = (
    SessionEnd("signon", browser_session_over),
    JobKind("signon.tell_site", _("Báo trang khác rằng phiên đăng nhập đã hết"), tell_site),
    JobKind("signon.forget", _("Dọn phiên đăng nhập trang khác đã hết lâu"), forget_old, nightly=True),
    NavigationEntry(
        "signon.sites",
        _("Đăng nhập một lần"),
        _("Các trang cho đăng nhập bằng tài khoản Phượng"),
        "signon:sites",
        "key",
        _("Hệ thống"),
        frozenset({"system_operator", "division_officer", "principal"}),
        rail_order=60,
    ),
)
