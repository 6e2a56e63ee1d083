"""Refusals of matching."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class CannotMerge(Refused):
    """Two records that must not become one; the words say why."""

    code: ClassVar[str] = "matching.cannot_merge"
    message: ClassVar = _("Không gộp được hai hồ sơ này.")


class CannotUnmerge(Refused):
    """A merge that later changes have been built upon; ``blocks`` names them."""

    code: ClassVar[str] = "matching.cannot_unmerge"
    message: ClassVar = _("Chưa tách lại được: có thay đổi sau khi gộp.")

    def __init__(self, blocks: list[str]) -> None:
        """Keep what stands in the way, one line each."""
        super().__init__(f"{self.message} {' '.join(blocks)}", blocks=blocks)
        self.blocks = blocks


class DecidedAlready(Refused):
    """Somebody else decided on this pair meanwhile."""

    code: ClassVar[str] = "matching.decided_already"
    message: ClassVar = _("Cặp này vừa có người khác quyết định.")


class NeedsAnother(Refused):
    """A wide merge is decided by two people."""

    code: ClassVar[str] = "matching.needs_another"
    message: ClassVar = _("Người đề nghị không tự duyệt; cần một người khác thấy cả hai hồ sơ.")


class BadFile(BadInput):
    """A file of people that cannot be read; the words name the column or the line."""

    code: ClassVar[str] = "matching.bad_file"
    message: ClassVar = _("Không đọc được tệp.")
