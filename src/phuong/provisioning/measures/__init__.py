"""What is counted of work mailboxes."""

import ibis

from phuong.kernel.expressions import table_of
from phuong.kernel.measures import Measure, Population
from phuong.provisioning.models import Mailbox
from phuong.registry.measures import staff_table

_mailboxes = table_of(Mailbox)
_table = staff_table.left_join(_mailboxes, staff_table.id == _mailboxes.person_id).select(
    id=staff_table.id,
    label=staff_table.label,
    organisation_id=staff_table.organisation_id,
    known=_mailboxes.known.fill_null("none"),
    change=_mailboxes.change.fill_null(""),
    is_wanted=_mailboxes.is_wanted.fill_null(ibis.literal(value=False)),
    waits=_mailboxes.next_try_at.notnull(),
)
STAFF = Population(
    "provisioning.staff",
    "Cán bộ quản lí, giáo viên, nhân viên và hộp thư của họ",
    _table,
    url="/nguoi/{id}/",
    personal=True,
)
MEASURES = (
    Measure(
        "provisioning.staff_mailbox",
        "Cán bộ quản lí, giáo viên, nhân viên có hộp thư công vụ đang hoạt động",
        "Staff with an active work mailbox",
        STAFF,
        meets=_table.known == "active",
        reasons={
            "given_up": ("Hệ thống thư không nhận: cần người xem", "The mail suite refuses it: somebody must look"),
            "waiting": ("Đang chờ hệ thống thư cấp", "Waiting for the mail suite"),
            "suspended": ("Hộp thư đang khóa", "The mailbox is suspended"),
            "none": ("Chưa được cấp hộp thư công vụ", "No work mailbox"),
        },
        why=ibis.cases(
            ((_table.change != "") & ~_table.waits, "given_up"),
            (_table.change != "", "waiting"),
            (_table.known == "suspended", "suspended"),
            else_="none",
        ),
    ),
)
