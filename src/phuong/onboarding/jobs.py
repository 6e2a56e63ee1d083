"""Long work of onboarding."""

from django.utils.translation import gettext_lazy as _

from phuong.kernel.jobs import JobKind
from phuong.onboarding.actions.accounts import create_all, follow_all
from phuong.onboarding.actions.letters import make_letters
from phuong.onboarding.actions.sending import send_all
from phuong.onboarding.queries import LETTERS, SEND

KINDS = (
    JobKind("onboarding.accounts", _("Mở tài khoản hàng loạt"), create_all),
    JobKind("onboarding.follow", _("Đối chiếu vai trò với hồ sơ"), follow_all, nightly=True),
    JobKind(LETTERS, _("In thư kích hoạt"), make_letters),
    JobKind(SEND, _("Gửi tin cho phụ huynh"), send_all),
)
