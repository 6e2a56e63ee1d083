"""What identity tells the floors below."""

from django.utils.translation import gettext_lazy as _

from phuong.identity.actions.accounts import carry_roles, count_roles
from phuong.identity.actions.bulk import follow_record
from phuong.identity.roles import ROLES
from phuong.kernel.contributions import AfterWrite, FollowUp, OnlyOne

_FACTS = frozenset({"position", "enrolment", "guardianship", "class"})
ALL = (
    *ROLES,
    FollowUp("identity.roles", _("Vai trò đăng nhập"), count_roles, carry_roles),
    AfterWrite("identity.roles", _FACTS, follow_record),
    OnlyOne("identity.account", "identity.Account", _("tài khoản"), {"person": None, "is_active": False}),
)
