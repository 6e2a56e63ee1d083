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


class NotPosted(Refused):
    """A person named for a task holds no post at the unit that gets it."""

    code: ClassVar[str] = "tasks.not_posted"
    message: ClassVar = _("Người được chọn không giữ chức vụ nào ở đơn vị nhận việc hôm nay. Chọn người khác.")


class TwoPersons(Refused):
    """Two persons of one unit were named for one task."""

    code: ClassVar[str] = "tasks.two_persons"
    message: ClassVar = _("Mỗi đơn vị chỉ một người chịu trách nhiệm. Bỏ bớt người của cùng đơn vị.")
