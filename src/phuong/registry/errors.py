"""Refusals of the registry."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class CannotRestructure(Refused):
    """A change of the network of units that cannot be made as asked; the message says why and what to do first."""

    code: ClassVar[str] = "registry.cannot_restructure"
    message: ClassVar = _("Chưa sắp xếp được đơn vị này.")


class ChangedSince(Refused):
    """What is to be moved or taken back was changed meanwhile, or is used by later records."""

    code: ClassVar[str] = "registry.changed_since"
    message: ClassVar = _("Dữ liệu lớp, học sinh đã thay đổi từ lúc đó nên chưa làm gì. Mở lại trang rồi xem.")
