"""Refusals of acting."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class LooksBack(Refused):
    """A change was asked for while the page shows a past day."""

    code: ClassVar[str] = "identity.looks_back"
    message: ClassVar = _("Đang xem dữ liệu của một ngày đã qua nên chưa lưu gì. Về hôm nay rồi làm lại.")
