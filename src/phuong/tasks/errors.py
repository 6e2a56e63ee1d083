"""Refusals of tasks."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class WrongState(Refused):
    """An act that does not fit the state of the task."""

    code: ClassVar[str] = "tasks.wrong_state"
    message: ClassVar = _("Nhiệm vụ đã chuyển sang trạng thái khác. Mở lại trang để xem.")


class RemindedToday(Refused):
    """All the chosen tasks were reminded of today already, or are not open."""

    code: ClassVar[str] = "tasks.reminded_today"
    message: ClassVar = _("Các nhiệm vụ này đã được nhắc hôm nay hoặc đã xong. Ngày mai mới nhắc lại được.")
