"""Refusals of signing in and acting."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class LooksBack(Refused):
    """A change was asked for while the page shows a past day."""

    code: ClassVar[str] = "identity.looks_back"
    message: ClassVar = _("Đang xem dữ liệu của một ngày đã qua nên chưa lưu gì. Về hôm nay rồi làm lại.")


class TooManyTries(Refused):
    """The name has been tried too often in a quarter of an hour."""

    code: ClassVar[str] = "identity.too_many_tries"
    status: ClassVar[int] = 429
    message: ClassVar = _("Đã thử quá 10 lần. Chờ 15 phút rồi thử lại, hoặc nhờ nhà trường đặt lại mật khẩu.")
