"""Refusals of the programming interface."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class UnknownClient(Refused):
    """No key, a wrong key, or a client that was switched off or has ended."""

    code: ClassVar[str] = "gateway.unknown_client"
    status: ClassVar[int] = 401
    message: ClassVar = _("Khóa truy cập thiếu, sai, đã tắt hoặc đã hết hạn.")


class TooOften(Refused):
    """More calls in a minute than agreed."""

    code: ClassVar[str] = "gateway.too_often"
    status: ClassVar[int] = 429
    message: ClassVar = _("Gọi quá nhiều lần trong một phút. Chờ theo Retry-After rồi gọi lại.")


class OtherBody(BadInput):
    """An ``Idempotency-Key`` used again for another call."""

    code: ClassVar[str] = "gateway.key_used"
    message: ClassVar = _("Idempotency-Key này đã dùng cho một lần gọi khác. Dùng khóa mới.")


class BadCursor(BadInput):
    """A cursor that is none of ours."""

    code: ClassVar[str] = "gateway.bad_cursor"
    message: ClassVar = _("Không đọc được con trỏ trang. Gọi lại từ trang đầu.")
