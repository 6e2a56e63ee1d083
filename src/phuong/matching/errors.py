"""Refusals of matching."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


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


class BadFile(Refused):
    """A file of people that cannot be read; the words name the column or the line."""

    code: ClassVar[str] = "matching.bad_file"
    status: ClassVar[int] = 422

    def __init__(self, words: Any) -> None:
        """Keep the words."""
        super().__init__(str(words))
