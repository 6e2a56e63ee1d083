"""Refusals of the roster service, with the codes that OneRoster gives them."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class BadQuery(Refused):
    """A filter, a sort, a selection or a page that cannot be answered; ``minor`` is the code of OneRoster."""

    code: ClassVar[str] = "roster.bad_query"
    status: ClassVar[int] = 400
    message: ClassVar = _("Tham số của lời gọi OneRoster chưa đúng.")
    minor: str = "invalid_filter_field"

    def __init__(self, detail: str = "", *, minor: str = "invalid_filter_field") -> None:
        """Keep the code of OneRoster beside the words."""
        super().__init__(detail)
        self.minor = minor


class NoScope(Refused):
    """A token that does not hold the scope which an endpoint asks for."""

    code: ClassVar[str] = "roster.no_scope"
    status: ClassVar[int] = 403
    message: ClassVar = _("Mã truy cập không có phạm vi (scope) mà địa chỉ này cần.")


class BadToken(Refused):
    """No token, one that is over, or one that is none of ours."""

    code: ClassVar[str] = "roster.bad_token"
    status: ClassVar[int] = 401
    message: ClassVar = _("Mã truy cập thiếu, sai hoặc đã hết hạn. Lấy mã mới ở /ims/oneroster/token.")


class BadBundle(BadInput):
    """A OneRoster bundle that cannot be read, or that is not about one school."""

    code: ClassVar[str] = "roster.bad_bundle"
    message: ClassVar = _("Không đọc được gói OneRoster.")


class BundleRefused(BadInput):
    """Rows of a bundle that cannot be taken; nothing was changed. ``errors``: which, why, and the cure."""

    code: ClassVar[str] = "roster.rows_refused"
    message: ClassVar = _("Gói có dòng chưa đúng nên chưa ghi gì. Sửa theo danh sách lỗi rồi nạp lại.")
