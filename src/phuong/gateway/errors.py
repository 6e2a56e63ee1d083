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


class NotApproved(Refused):
    """A key that nobody who holds its permissions has approved yet."""

    code: ClassVar[str] = "gateway.not_approved"
    status: ClassVar[int] = 403
    message: ClassVar = _("Khóa này chưa được người giữ dữ liệu duyệt.")


class WrongPlace(Refused):
    """A call from an address outside the networks agreed."""

    code: ClassVar[str] = "gateway.wrong_place"
    status: ClassVar[int] = 403
    message: ClassVar = _("Khóa này không dùng được từ địa chỉ mạng đang gọi.")


class CursorTooOld(Refused):
    """A cursor, or a moment, before which the log of changes is no longer kept."""

    code: ClassVar[str] = "gateway.cursor_too_old"
    status: ClassVar[int] = 410
    message: ClassVar = _(
        "Nhật ký thay đổi không còn giữ đến mốc này. Đọc lại cả danh sách, rồi theo dõi từ changes_from của trang đầu."
    )


class CannotGrant(Refused):
    """A permission that the person does not hold, and so cannot give to a machine."""

    code: ClassVar[str] = "gateway.cannot_grant"
    message: ClassVar = _(
        "Chỉ người đang giữ các quyền này mới cấp hoặc duyệt được. Nhờ hiệu trưởng hoặc chuyên viên Sở."
    )


class KeyChanged(Refused):
    """The key was rotated already since the page was opened; nothing was done again."""

    code: ClassVar[str] = "gateway.key_changed"
    message: ClassVar = _(
        "Khóa đã được đổi sau khi mở trang này. Khóa mới chỉ hiện một lần; nếu chưa chép, đổi khóa lần nữa."
    )


class BadAddress(BadInput):
    """An address that no webhook may have."""

    code: ClassVar[str] = "gateway.bad_address"
    message: ClassVar = _("Địa chỉ nhận phải là https:// trên mạng công khai, không kèm tên đăng nhập, không có #.")


class TooManyHooks(Refused):
    """More addresses for one client than anybody needs."""

    code: ClassVar[str] = "gateway.too_many_hooks"
    message: ClassVar = _("Mỗi hệ thống có nhiều nhất 10 nơi nhận. Sửa nơi đang có thay vì thêm.")
