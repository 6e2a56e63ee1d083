"""Typst, which sets every paper: one way to it, and loaded only by who prints."""

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

_TEMPLATES = Path(__file__).parent / "templates"
_HANOI = dt.timezone(dt.timedelta(hours=7))


class Unset(ValueError):
    """Typst could not set the paper; in its words."""


class Typesetter:
    """Sets papers of one template; what it is given as data, the template reads as JSON."""

    def __init__(self, template: str) -> None:
        """Load a template and the fonts that Typst brings along; fonts of the machine are not looked at."""
        # 7 MB in every process, and few of them print
        import typst  # noqa: PLC0415

        self._error: type[Exception] = typst.TypstError
        self._compiler = typst.Compiler(
            str(_TEMPLATES / template), root=str(_TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True
        )

    def pdf(self, data: Any, day: dt.date | None) -> bytes:
        """Set a tagged PDF/A-2a; its bytes depend on the data alone once it has a day.

        :raises Unset: a character that no font at hand holds
        """
        moment = None if day is None else dt.datetime(day.year, day.month, day.day, tzinfo=_HANOI)
        return bytes(self.set(data, format="pdf", pdf_standards=["a-2a"], timestamp=moment))

    def set(self, data: Any, **how: Any) -> Any:
        """Set in another form.

        :raises Unset: as in ``pdf``
        """
        try:
            return self._compiler.compile(sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **how)
        except self._error as error:
            raise Unset(getattr(error, "message", str(error))) from error


@cache
def _fonts() -> Any:
    import typst  # noqa: PLC0415 - as above

    return typst.Fonts(include_system_fonts=False)
