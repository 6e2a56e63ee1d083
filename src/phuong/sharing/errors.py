"""Refusals of data sharing."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import Refused


class NotAgreed(Refused):
    """Nothing is sent without an agreement in force."""

    code: ClassVar[str] = "sharing.not_agreed"
    message: ClassVar = _("Chưa có thỏa thuận còn hiệu lực cho dịch vụ này, hoặc đang tạm dừng.")


class NotConnected(Refused):
    """The address or the certificates of the other side are not set up."""

    code: ClassVar[str] = "sharing.not_connected"
    message: ClassVar = _("Chưa nối với bên nhận.")


class CarriedElsewhere(Refused):
    """The records of this service go another way; only its state is shown here."""

    code: ClassVar[str] = "sharing.carried_elsewhere"
    message: ClassVar = _("Dịch vụ này chạy ở phân hệ khác, ở đây chỉ theo dõi.")
