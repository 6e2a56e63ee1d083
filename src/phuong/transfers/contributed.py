"""What transfers tell the floors below."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.kernel.contributions import ChildNews, FollowUp, NavigationEntry
from phuong.kernel.jobs import JobKind
from phuong.notices.api import NoticeKind
from phuong.transfers.actions.following import hand_over
from phuong.transfers.actions.telling import LATE, STEP
from phuong.transfers.actions.watching import watch
from phuong.transfers.queries import news_of_children, under_way_at
from phuong.transfers.values import state_word, told_to_family
from phuong.ui.api import write_day

_READERS = frozenset({"department_leader", "division_officer", "commune_officer", "principal", "clerk"})
_FAMILY = frozenset({"guardian", "learner"})


def _news(children: Sequence[Any]) -> Iterable[tuple[Any, str, str, str]]:
    """Give what a family reads on its first page of transfers under way."""
    for each in news_of_children(children):
        due = _("Hạn bước này %s.") % write_day(each.due_on) if each.due_on else ""
        title = _("Chuyển trường: %s") % state_word(each)
        yield each.learner_id, title, f"{told_to_family(each)} {due}".strip(), reverse("transfers:family")


ALL = (
    NavigationEntry(
        "transfers.transfers",
        gettext_lazy("Chuyển trường"),
        gettext_lazy("Học sinh chuyển đến, chuyển đi, đơn nào sắp hạn"),
        "transfers:transfers",
        "arrows-exchange",
        gettext_lazy("Học sinh"),
        _READERS,
    ),
    NavigationEntry(
        "transfers.family",
        gettext_lazy("Chuyển trường"),
        gettext_lazy("Xin chuyển trường cho con, xem đơn đến đâu"),
        "transfers:family",
        "arrows-exchange",
        gettext_lazy("Gia đình"),
        _FAMILY,
        rail_order=30,
    ),
    ChildNews("transfers", _news),
    JobKind("transfers.watch", gettext_lazy("Báo bước chuyển trường quá hạn"), watch, nightly=True),
    NoticeKind(STEP, gettext_lazy("Chuyển trường")),
    NoticeKind(LATE, gettext_lazy("Chuyển trường quá hạn"), urgent=True),
    FollowUp("transfers", gettext_lazy("Đơn chuyển trường chưa xong"), under_way_at, hand_over),
)
