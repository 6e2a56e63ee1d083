"""Refusals of transfers."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class WrongState(Refused):
    """An act that does not fit the state of the transfer (any more)."""

    code: ClassVar[str] = "transfers.wrong_state"
    message: ClassVar = _("Đơn chuyển trường đã sang bước khác. Mở lại trang để xem.")


class NeedsReason(BadInput):
    """An act whose reason must be told."""

    code: ClassVar[str] = "transfers.needs_reason"
    message: ClassVar = _("Ghi lí do: gia đình và trường kia đọc dòng này.")


class UnderWay(Refused):
    """A learner who has an open transfer already."""

    code: ClassVar[str] = "transfers.under_way"
    message: ClassVar = _("Em đang có một đơn chuyển trường chưa xong. Rút đơn đó trước khi làm đơn mới.")


class CannotAsk(BadInput):
    """A transfer that cannot be asked for; the message says why."""

    code: ClassVar[str] = "transfers.cannot_ask"
    message: ClassVar = _("Chưa xin chuyển được.")


class CannotComplete(BadInput):
    """A learner who cannot change schools on that day or into that class; ``errors`` names the field."""

    code: ClassVar[str] = "transfers.cannot_complete"
    message: ClassVar = _("Chưa chuyển được.")

    def __init__(self, detail: str, field: str = "") -> None:
        """Keep the field of the form it is about; empty for the whole."""
        super().__init__(detail)
        self.field = field


class LearnerElsewhere(Refused):
    """The learner no longer sits in the school that the transfer leads away from."""

    code: ClassVar[str] = "transfers.learner_elsewhere"
    message: ClassVar = _(
        "Em không còn học ở trường ghi trong đơn. Rút đơn này, rồi làm đơn mới với trường em đang học."
    )


class BadPackage(BadInput):
    """A hand-over package that cannot be read or whose contents were changed; the message names the place."""

    code: ClassVar[str] = "transfers.bad_package"
    message: ClassVar = _("Gói hồ sơ chưa đọc được.")
