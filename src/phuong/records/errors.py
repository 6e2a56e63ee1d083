"""Refusals of the desk."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class BadValues(BadInput):
    """Values that cannot be kept; ``errors`` names each field and the cure."""

    code: ClassVar[str] = "records.bad_values"
    message: ClassVar = _("Có chỗ cần sửa trước khi lưu.")

    def __init__(self, errors: dict[str, str]) -> None:
        """Keep the errors by field."""
        super().__init__("; ".join(errors.values()), errors=errors)
        self.errors = errors


class ChangedMeanwhile(Refused):
    """Somebody else changed the record since it was opened; nothing was saved."""

    code: ClassVar[str] = "records.changed_meanwhile"
    message: ClassVar = _("Người khác vừa sửa hồ sơ này. Xem chỗ khác nhau rồi lưu lại.")

    def __init__(self, version: str, row: Any) -> None:
        """Keep the present version and row."""
        super().__init__(version=version)
        self.version = version
        self.row = row


class CannotEnd(Refused):
    """A record that others still hang on."""

    code: ClassVar[str] = "records.cannot_end"
    message: ClassVar = _("Chưa kết thúc được hồ sơ này.")


class TooMany(BadInput):
    """A bulk change of more records than one change may touch."""

    code: ClassVar[str] = "records.too_many"
    message: ClassVar = _("Danh sách quá dài cho một lần sửa hàng loạt. Lọc hẹp lại, mỗi lần nhiều nhất 100.000 hồ sơ.")
