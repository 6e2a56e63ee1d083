"""How a transfer is told in words: its state, who owes what until when, what an act is called."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phuong.transfers.models import Transfer
from phuong.transfers.rules import IN, OUT, PRESENT, RECEIVING, WITHIN, owing
from phuong.ui.api import write_day

_FINAL = {
    "completed": gettext_lazy("Đã chuyển"),
    "refused": gettext_lazy("Không nhận"),
    "withdrawn": gettext_lazy("Đã rút đơn"),
    "expired": gettext_lazy("Quá lâu, đã đóng"),
}
_OPEN = {
    (WITHIN, "requested"): gettext_lazy("Chờ trường nhận trả lời"),
    (WITHIN, "accepted"): gettext_lazy("Chờ trường đang học cho chuyển"),
    (WITHIN, "objected"): gettext_lazy("Trường đang học chưa cho chuyển"),
    (WITHIN, "released"): gettext_lazy("Chờ xếp lớp ở trường mới"),
    (OUT, "requested"): gettext_lazy("Chờ trường đang học cho chuyển"),
    (OUT, "released"): gettext_lazy("Chờ giấy tiếp nhận của trường mới"),
    (IN, "requested"): gettext_lazy("Chờ trường nhận trả lời"),
    (IN, "accepted"): gettext_lazy("Chờ xếp lớp ở trường mới"),
}
_TO_FAMILY = {
    (WITHIN, "requested"): gettext_lazy("%(to)s đang xem đơn. Con vẫn học ở %(from)s."),
    (WITHIN, "accepted"): gettext_lazy("%(to)s nhận con. %(from)s đang chuẩn bị hồ sơ; con vẫn học ở đó."),
    (WITHIN, "objected"): gettext_lazy("%(from)s chưa cho chuyển, lí do ghi bên dưới. Con vẫn học ở đó."),
    (WITHIN, "released"): gettext_lazy("%(from)s đã cho chuyển. Con vẫn học ở đó đến ngày %(to)s xếp lớp."),
    (OUT, "requested"): gettext_lazy("%(from)s đang xem đơn. Con vẫn học ở đó."),
    (OUT, "released"): gettext_lazy(
        "Hồ sơ đã sẵn sàng ở %(from)s. Con vẫn học ở đó đến khi nhà trường nhận được giấy tiếp nhận của %(to)s."
    ),
    (WITHIN, "completed"): gettext_lazy("Con học ở %(to)s từ %(day)s."),
    (OUT, "completed"): gettext_lazy("Con đã chuyển sang %(to)s từ %(day)s."),
    (IN, "completed"): gettext_lazy("Con học ở %(to)s từ %(day)s."),
}
ACT_WORDS: dict[str, Any] = {
    "ask": gettext_lazy("Xin chuyển"),
    "accept": gettext_lazy("Nhận"),
    "refuse": gettext_lazy("Không nhận"),
    "release": gettext_lazy("Cho chuyển"),
    "object": gettext_lazy("Chưa cho chuyển"),
    "complete": gettext_lazy("Xếp lớp, hoàn tất"),
    "withdraw": gettext_lazy("Rút đơn"),
    "expire": gettext_lazy("Đóng vì quá lâu"),
}
_TONES = {"completed": "good", "refused": "none", "withdrawn": "none", "expired": "none", "objected": "care"}


def act_word(kind: str, act: str) -> str:
    """Say what an act is called; a present school that says no does not «receive» anybody."""
    return _("Không giải quyết") if (kind, act) == (OUT, "refuse") else str(ACT_WORDS[act])


def state_word(transfer: Transfer) -> str:
    """Say where a transfer stands, in a few words."""
    if transfer.kind == OUT and transfer.state == "refused":
        return _("Không giải quyết")
    return str(_FINAL.get(transfer.state) or _OPEN[(transfer.kind, transfer.state)])


def tone_of(transfer: Transfer, today: Any) -> str:
    """Give the look of the state: late when the step is past its day."""
    if transfer.due_on is not None and transfer.due_on < today:
        return "late"
    return _TONES.get(transfer.state, "waiting")


def owing_name(transfer: Transfer) -> str:
    """Name the school whose turn it is; empty when it is over."""
    party = owing(transfer.kind, transfer.state)
    return {RECEIVING: transfer.to_name, PRESENT: transfer.from_name}.get(party, "")


def told_to_family(transfer: Transfer) -> str:
    """Tell a family in plain words where the child's transfer stands."""
    names = {"from": transfer.from_name, "to": transfer.to_name, "day": write_day(transfer.done_on)}
    if words := _TO_FAMILY.get((transfer.kind, transfer.state)):
        return str(words) % names
    if transfer.state == "refused":
        return _("Đơn không được nhận, lí do ghi bên dưới. Con vẫn học ở %(from)s.") % names
    return _("Đơn đã đóng. Con vẫn học ở %(from)s.") % names


def way(transfer: Transfer) -> str:
    """Say from where to where."""
    return f"{transfer.from_name} → {transfer.to_name}"
