"""What provisioning tells the floors below."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.contributions import NavigationEntry, OnlyOne, PersonFacts
from phuong.provisioning.queries.mailboxes import mailbox_of
from phuong.provisioning.views.mailboxes import state_of


def _of_person(person_id: Any) -> Sequence[tuple[Any, Any]]:
    """Say how the mailbox of a person stands."""
    box = mailbox_of(person_id)
    return ((_("Hộp thư công vụ"), f"{box.address}: {state_of(box)[1].lower()}"),) if box else ()


ALL = (
    PersonFacts("provisioning.mailbox", _of_person),
    OnlyOne("provisioning.mailbox", "provisioning.Mailbox", gettext_lazy("hộp thư công vụ")),
    NavigationEntry(
        "provisioning.systems",
        gettext_lazy("Cấp tài khoản tự động"),
        gettext_lazy("Phần mềm nhân sự mở, khóa tài khoản qua SCIM"),
        "provisioning:systems",
        "key",
        gettext_lazy("Hệ thống"),
        frozenset({"system_operator", "division_officer", "principal"}),
    ),
    NavigationEntry(
        "provisioning.mailboxes",
        gettext_lazy("Hộp thư công vụ"),
        gettext_lazy("Cấp, đổi tên, khóa hộp thư theo hồ sơ nhân sự"),
        "provisioning:mailboxes",
        "mail",
        gettext_lazy("Hệ thống"),
        frozenset({"system_operator", "division_officer"}),
    ),
)
