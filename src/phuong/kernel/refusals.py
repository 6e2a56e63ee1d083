"""The one root of refusals: what a person may read when the platform says no."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A request that is understood and declined.

    ``code`` is stable, for machines. The message is for the person: what is wrong and how to mend it.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    message: ClassVar[Any] = _("Không làm được việc này.")
    aftermath: Callable[[], None] | None = None  # what must outlive the rollback of the refused request

    def __init__(self, detail: str = "", **facts: object) -> None:
        """Keep the text for the person and the facts for machines."""
        self.detail = detail or str(self.message)
        self.facts = facts
        super().__init__(self.detail)

    def problem(self) -> dict[str, object]:
        """Give the body of an RFC 9457 ``application/problem+json`` answer."""
        return {
            "type": f"urn:phuong:refusal:{self.code}",
            "title": str(self.message),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.facts,
        }


class NotThere(Refused):
    """What was asked for is not there, or is not for this reader: both look the same."""

    code = "not_there"
    status = 404
    message = _("Không tìm thấy, hoặc không thuộc phạm vi của anh/chị.")


class LooksBack(Refused):
    """A change was asked for while the page shows a past day."""

    code = "identity.looks_back"
    message = _("Đang xem dữ liệu của một ngày đã qua nên chưa lưu gì. Về hôm nay rồi làm lại.")


class BadInput(Refused):
    """Input that cannot be read; the message names the place and the cure."""

    code = "bad_input"
    status = 422
    message = _("Dữ liệu nhập chưa đúng.")
