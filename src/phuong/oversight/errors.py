"""Refusals of oversight."""

from collections.abc import Callable
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class KeptBack(Refused):
    """A file that may not leave; ``aftermath`` rings the alarm once the request is rolled back."""

    code: ClassVar[str] = "oversight.export_kept_back"
    status: ClassVar[int] = 403
    message: ClassVar = _("Chưa tải tệp này được.")

    def __init__(self, detail: str, aftermath: Callable[[], None]) -> None:
        """Keep the words and what is to be done afterwards."""
        super().__init__(detail)
        self.aftermath = aftermath


class AskedAlready(Refused):
    """The same is waiting for an answer already."""

    code: ClassVar[str] = "oversight.asked_already"
    message: ClassVar = _("Đã có một đề nghị như vậy đang chờ. Đợi trả lời hoặc hủy đề nghị cũ.")


class NeedsOther(Refused):
    """Somebody decides on their own request."""

    code: ClassVar[str] = "oversight.needs_other"
    message: ClassVar = _("Đề nghị của chính mình phải do người khác duyệt.")
