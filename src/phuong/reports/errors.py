"""Refusals of reports."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class WrongStep(Refused):
    """A step that does not fit where the report stands; a sent one is frozen."""

    code: ClassVar[str] = "reports.wrong_step"
    message: ClassVar = _("Báo cáo đã sang bước khác. Báo cáo đã gửi thì lập bản đính chính thay vì sửa.")


class NoReason(BadInput):
    """A report returned without saying what is to be mended."""

    code: ClassVar[str] = "reports.no_reason"
    message: ClassVar = _("Ghi rõ điều cần sửa rồi mới trả lại.")


class WrongSigner(BadInput):
    """A form of signing that the chain does not give to this person."""

    code: ClassVar[str] = "reports.wrong_signer"
    message: ClassVar = _("Chọn đúng thể thức kí của anh/chị.")


class RemindedToday(Refused):
    """Nobody is left to be reminded of today."""

    code: ClassVar[str] = "reports.reminded_today"
    message: ClassVar = _("Các đơn vị này đã được nhắc hôm nay hoặc đã gửi báo cáo. Mai có thể nhắc lại.")
