"""Refusals of provisioning."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class UnknownKey(Refused):
    """No key, a wrong key, or a system that was switched off or has ended."""

    code: ClassVar[str] = "provisioning.unknown_key"
    status: ClassVar[int] = 401
    message: ClassVar = _("Khóa truy cập thiếu, sai, đã tắt hoặc đã hết hạn.")


class NotGrantable(BadInput):
    """A role that another system may never give."""

    code: ClassVar[str] = "provisioning.not_grantable"
    message: ClassVar = _("Phần mềm khác chỉ được cấp vai trò trong một trường.")


class NoDomain(Refused):
    """No mail domain is kept for this place."""

    code: ClassVar[str] = "provisioning.no_domain"
    message: ClassVar = _("Đơn vị này chưa có tên miền thư. Khai tên miền trước: phuong mailboxes domain.")


class DomainTaken(BadInput):
    """A mail domain that is none, or that another unit has."""

    code: ClassVar[str] = "provisioning.domain_taken"
    message: ClassVar = _("Tên miền chưa đúng, hoặc đã thuộc đơn vị khác.")
