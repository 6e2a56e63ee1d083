"""What verification tells the floors below."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from phuong.kernel.contributions import AfterWrite, NavigationEntry, OnlyOne, PersonPage, TaskDesk
from phuong.kernel.jobs import later
from phuong.notices.api import NoticeKind
from phuong.registry.api import Person
from phuong.verification.actions.answering import follow_person
from phuong.verification.actions.telling import ORIGIN
from phuong.verification.models import Check
from phuong.verification.queries import gateway_lacks

_MENDERS = frozenset({"division_officer", "principal", "clerk", "support_repair"})
_RUNNERS = frozenset({"department_leader", "division_officer", "system_operator"})


def _mended(kind: str, row: Any) -> None:
    """Have a record asked about anew that was asked about before and now says something else."""
    del kind
    if not isinstance(row, Person) or row.identity_state != "unverified" or gateway_lacks():
        return
    if Check.objects.filter(person=row.pk, is_current=True).exists():
        later("verification.follow", path=row.path, person=str(row.pk))


def _moved(kind: str, row: Any) -> None:
    """Let the checks of a person lie where the person lies now."""
    person: UUID = row.learner_id if kind == "enrolment" else row.person_id
    follow_person(person)


ALL = (
    OnlyOne("verification.current", "verification.Check", _("lần đối chiếu đang dùng"), {"is_current": False}),
    AfterWrite("verification.mended", frozenset({"learner", "staff", "guardian"}), _mended),
    AfterWrite("verification.moved", frozenset({"enrolment", "position"}), _moved),
    TaskDesk(ORIGIN, _("Mở «Đối chiếu dân cư»"), "verification:cases"),
    NoticeKind("verification.cases", _("Hồ sơ chưa khớp với CSDL dân cư")),
    PersonPage("verification.person", _("Đối chiếu dân cư"), "verification:person"),
    NavigationEntry(
        "verification.cases",
        _("Đối chiếu dân cư"),
        _("Hồ sơ chưa khớp với CSDL quốc gia về dân cư: xem hai bên, chọn giá trị đúng"),
        "verification:cases",
        "user-check",
        _("Nhà trường"),
        _MENDERS,
    ),
    NavigationEntry(
        "verification.progress",
        _("Tiến độ đối chiếu dân cư"),
        _("Chạy đối chiếu, hạn mức, lần gửi bị từ chối"),
        "verification:progress",
        "progress",
        _("Hệ thống"),
        _RUNNERS,
    ),
)
