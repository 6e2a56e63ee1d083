"""Refusals of onboarding."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class WrongCode(BadInput):
    """Name and code do not go together, or the code is used, void or over: all look the same."""

    code: ClassVar[str] = "onboarding.wrong_code"
    message: ClassVar = _("Tên đăng nhập và mã không khớp, hoặc mã đã hết hạn. Xem lại thư của trường.")


class CannotRenew(Refused):
    """No new code for this account: one's own, one that reaches further than the asker, or one without a password."""

    code: ClassVar[str] = "onboarding.cannot_renew"
    message: ClassVar = _("Không cấp lại mã cho tài khoản này được.")


class CannotClaim(BadInput):
    """A child that cannot be claimed with these facts; the reason is not told apart."""

    code: ClassVar[str] = "onboarding.cannot_claim"
    message: ClassVar = _("Chưa gắn được với thông tin này. Xem lại thư của trường, hoặc hỏi nhà trường.")


class NotReachable(Refused):
    """The gateway that carries messages is not set up."""

    code: ClassVar[str] = "onboarding.not_reachable"
    message: ClassVar = _("Hệ thống chưa bật cổng gửi tin này. Nhờ người vận hành bật, hoặc in thư giấy.")


class LinkOver(Refused):
    """A personal link that is over, called back or altered: all look the same."""

    code: ClassVar[str] = "onboarding.link_over"
    status: ClassVar[int] = 404
    message: ClassVar = _("Đường dẫn này đã hết hạn hoặc không còn dùng được. Hỏi nhà trường để nhận đường dẫn mới.")


class TooOften(Refused):
    """A personal link opened too often within a minute."""

    code: ClassVar[str] = "onboarding.too_often"
    status: ClassVar[int] = 429
    message: ClassVar = _("Đường dẫn được mở quá nhiều lần. Chờ một phút rồi mở lại.")
