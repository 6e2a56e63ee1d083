"""Refusals of data coming in."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class NotMapped(BadInput):
    """Columns that a file of this kind must have were not found among its headings."""

    code: ClassVar[str] = "intake.not_mapped"
    message: ClassVar = _("Chưa ghép đủ các cột bắt buộc.")


class NotNow(Refused):
    """The import is not at the step this act belongs to."""

    code: ClassVar[str] = "intake.not_now"
    message: ClassVar = _("Lần nạp này không còn ở bước đó.")


class EndsTooMany(Refused):
    """A whole list would end more of a class or school than anybody may end unasked."""

    code: ClassVar[str] = "intake.ends_too_many"
    message: ClassVar = _("Tệp này sẽ cho thôi học quá nhiều em. Xác nhận riêng rồi mới áp dụng.")
