"""Refusals of reports."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class WrongStep(Refused):
    """A step that does not fit where the report stands; a sent one is frozen."""

    code: ClassVar[str] = "reports.wrong_step"
    message: ClassVar = _("Báo cáo đã sang bước khác. Báo cáo đã gửi thì lập bản đính chính thay vì sửa.")
