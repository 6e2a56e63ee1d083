"""Refusals of plans."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput, Refused


class BadPlanFile(BadInput):
    """A plan file that does not follow docs/plans.md; ``places`` name file, line, what is wrong and the cure."""

    code: ClassVar[str] = "plans.bad_file"
    message: ClassVar = _("Tệp kế hoạch chưa đúng mẫu.")

    def __init__(self, places: list[dict[str, object]]) -> None:
        """Keep the places; the first is the message."""
        first = places[0]
        super().__init__(f"{first['file']}:{first['line']}: {first['message']}", places=places)
        self.places = places


class BadValue(BadInput):
    """A reported value that cannot be kept; ``field`` names the place."""

    code: ClassVar[str] = "plans.bad_value"
    message: ClassVar = _("Số liệu chưa gửi được.")

    def __init__(self, detail: str, field: str) -> None:
        """Keep the place."""
        super().__init__(detail, field=field)
        self.field = field


class WrongState(Refused):
    """A value that is no longer waiting, or was changed since it was read."""

    code: ClassVar[str] = "plans.wrong_state"
    message: ClassVar = _("Số liệu này không còn chờ duyệt hoặc vừa được sửa. Mở lại trang để xem.")


class OwnValue(Refused):
    """Who sent a value does not review it."""

    code: ClassVar[str] = "plans.own_value"
    message: ClassVar = _("Người gửi không tự duyệt số của mình. Nhờ người khác duyệt.")
