"""Refusals of open data."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class NothingCounted(Refused):
    """A dataset of figures where none was counted yet."""

    code: ClassVar[str] = "opendata.nothing_counted"
    message: ClassVar = _("Chưa có lần tính số liệu nào. Tính lại chỉ số rồi mở dữ liệu.")
