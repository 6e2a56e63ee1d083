"""Refusals of verification."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class NotConnected(Refused):
    """No gateway is set up."""

    code: ClassVar[str] = "verification.not_connected"
    message: ClassVar = _("Chưa nối với CSDL quốc gia về dân cư.")


class NotAskable(BadInput):
    """A record without a well-formed number, a birth date or a sex."""

    code: ClassVar[str] = "verification.not_askable"
    message: ClassVar = _("Hồ sơ phải có số định danh đúng cấu trúc, ngày sinh và giới tính thì mới hỏi được.")


class AskedAlready(Refused):
    """These facts were asked about before: the answer is awaited, or known."""

    code: ClassVar[str] = "verification.asked_already"
    message: ClassVar = _("Đã gửi đúng dữ liệu này rồi, không gửi lần nữa.")


class QuotaUsedUp(Refused):
    """As many people as the gateway allows were asked about today."""

    code: ClassVar[str] = "verification.quota_used_up"
    status: ClassVar[int] = 429
    message: ClassVar = _("Hôm nay đã hỏi hết hạn mức. Mai hỏi tiếp.")


class NoSuchDifference(Refused):
    """The other side's values were not the ones shown, or the record is no longer in question."""

    code: ClassVar[str] = "verification.no_such_difference"
    message: ClassVar = _("Hồ sơ này vừa được sửa hoặc vừa có kết quả mới. Xem lại rồi chọn.")
