"""Refusals of registering sites."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput


class BadAddress(BadInput):
    """An address that cannot receive people or messages safely."""

    code: ClassVar[str] = "signon.bad_address"
    message: ClassVar = _(
        "Địa chỉ phải bắt đầu bằng https:// và không có dấu *. Máy thử trên 127.0.0.1 được dùng http."
    )
