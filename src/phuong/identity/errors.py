"""Refusals of signing in and acting."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class LooksBack(Refused):
    """A change was asked for while the page shows a past day."""

    code: ClassVar[str] = "identity.looks_back"
    message: ClassVar = _("Đang xem dữ liệu của một ngày đã qua nên chưa lưu gì. Về hôm nay rồi làm lại.")


class TooManyTries(Refused):
    """The name has been tried too often in a quarter of an hour."""

    code: ClassVar[str] = "identity.too_many_tries"
    status: ClassVar[int] = 429
    message: ClassVar = _("Đã thử quá 10 lần. Chờ 15 phút rồi thử lại, hoặc nhờ nhà trường đặt lại mật khẩu.")


class CannotGive(BadInput):
    """A role may not be given by this person, here, or for these days; ``why`` names the rule."""

    code: ClassVar[str] = "identity.cannot_give"
    message: ClassVar = _("Chưa giao vai trò này được.")


class NeedsAnother(Refused):
    """A wide role needs a second person, neither the one who asked nor the one who receives."""

    code: ClassVar[str] = "identity.needs_another"
    message: ClassVar = _(
        "Vai trò xem nhiều trường cần một người khác duyệt: không phải người xin, không phải người nhận."
    )
