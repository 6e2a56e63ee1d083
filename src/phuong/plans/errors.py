"""Refusals of plans."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from phuong.kernel.refusals import BadInput


class BadPlanFile(BadInput):
    """A plan file that does not follow docs/plans.md; ``places`` name file, line, what is wrong and the cure."""

    code: ClassVar[str] = "plans.bad_file"
    message: ClassVar = _("Tệp kế hoạch chưa đúng mẫu.")

    def __init__(self, places: list[dict[str, object]]) -> None:
        """Keep the places; the first is the message."""
        first = places[0]
        super().__init__(f"{first['file']}:{first['line']}: {first['message']}", places=places)
        self.places = places
