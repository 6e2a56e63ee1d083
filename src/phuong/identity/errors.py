"""Refusals of signing in and acting."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


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


class SaysNo(Exception):
    """Signing in by the national identity stopped; ``code`` is one of ``STOPS``."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Stop:
    """What is told to somebody whom the national identity did not bring in."""

    status: int
    title: Any
    words: Any


STOPS = {
    "cancelled": Stop(
        200,
        _("Đã dừng ở VNeID"),
        _("Anh/chị chưa đồng ý ở VNeID nên chưa có gì thay đổi. Thử lại, hoặc dùng mật khẩu."),
    ),
    "silent": Stop(
        503,
        _("VNeID chưa trả lời, đăng nhập bằng mật khẩu"),
        _("Phía VNeID đang chậm hoặc ngừng. Dùng mật khẩu, hoặc thử lại sau ít phút."),
    ),
    "stale": Stop(
        400,
        _("Lần đăng nhập này đã hết"),
        _("Trang mở quá 10 phút, hoặc bắt đầu từ trình duyệt khác. Bắt đầu lại từ trang đăng nhập."),
    ),
    "untrue": Stop(
        403,
        _("Không kiểm tra được trả lời của VNeID"),
        _("Trả lời nhận được không đúng chữ kí, quá hạn hoặc không phải của lần này, nên không dùng. Thử lại."),
    ),
    "mismatch": Stop(
        403,
        _("VNeID trả lời không khớp"),
        _("Hai trả lời của VNeID nói về hai người khác nhau nên không dùng. Thử lại, nếu vẫn vậy thì báo quản trị."),
    ),
    "unknown_number": Stop(
        403,
        _("Chưa có hồ sơ với số định danh này"),
        _("Nhờ nhà trường xem số định danh cá nhân trong hồ sơ đã đủ và đúng chưa."),
    ),
    "no_account": Stop(
        403,
        _("Hồ sơ này chưa có tài khoản"),
        _("Nhờ nhà trường mở tài khoản; sau đó đăng nhập bằng VNeID được."),
    ),
    "ambiguous": Stop(
        403,
        _("Số định danh này có ở nhiều hồ sơ"),
        _("Nhờ nhà trường gộp các hồ sơ trùng. Trong lúc chờ, dùng mật khẩu."),
    ),
    "differs": Stop(
        403,
        _("Họ tên hoặc ngày sinh không khớp"),
        _("VNeID và hồ sơ ở đây ghi khác nhau. Nhờ nhà trường đối chiếu hồ sơ với giấy tờ."),
    ),
    "inactive": Stop(403, _("Tài khoản đã khóa"), _("Nhờ nhà trường hoặc quản trị mở lại tài khoản.")),
    "no_role": Stop(
        403,
        _("Hôm nay chưa có vai trò nào"),
        _("Vai trò đã hết hạn hoặc chưa được giao. Nhờ đơn vị giao vai trò."),
    ),
    "other_subject": Stop(
        403,
        _("Tài khoản đã liên kết với VNeID khác"),
        _("Đăng nhập bằng mật khẩu, bỏ liên kết cũ ở «Tài khoản của tôi», rồi liên kết lại."),
    ),
    "unlinked": Stop(
        403,
        _("Anh/chị đã bỏ liên kết VNeID"),
        _("Đăng nhập bằng mật khẩu, rồi bấm «Liên kết VNeID» ở «Tài khoản của tôi»."),
    ),
    "link_first": Stop(
        403,
        _("Cần liên kết VNeID trước"),
        _("Tài khoản cán bộ, giáo viên: đăng nhập bằng mật khẩu một lần, bấm «Liên kết VNeID» ở «Tài khoản của tôi»."),
    ),
    "level": Stop(
        403,
        _("Mức độ định danh chưa đủ"),
        _("Vai trò này cần tài khoản VNeID mức cao hơn. Nâng mức ở công an xã, phường; trong lúc chờ, dùng mật khẩu."),
    ),
    "no_number": Stop(
        403,
        _("Hồ sơ chưa có số định danh"),
        _("Tài khoản chưa gắn với hồ sơ có số định danh cá nhân. Nhờ đơn vị bổ sung hồ sơ rồi liên kết."),
    ),
    "not_yours": Stop(
        403,
        _("VNeID này của người khác"),
        _("Số định danh ở VNeID không phải số trong hồ sơ của tài khoản này. Chưa liên kết gì."),
    ),
    "taken": Stop(
        403,
        _("Đã có liên kết khác"),
        _("VNeID này, hoặc tài khoản này, đang có một liên kết khác. Bỏ liên kết đó trước."),
    ),
}
