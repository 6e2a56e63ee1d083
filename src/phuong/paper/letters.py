"""Letters to many people, a page each, in one file: a code to type and a QR code to scan, in large type."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import segno

from phuong.paper.numbers import check_text, clean
from phuong.paper.typesetting import Typesetter, Unset

_CODEPOINT = re.compile(r"\\u\{([0-9a-f]+)\}")


@dataclass(frozen=True)
class Letter:
    """One page: ``facts`` and ``codes`` are (term, value); ``address`` becomes the QR code, blank for none.

    :raises ValueError: an unprintable text, with its place
    """

    sender: str
    title: str
    name: str
    facts: Sequence[tuple[str, str]]
    codes: Sequence[tuple[str, str]]
    steps: Sequence[str]
    address: str = ""
    foot: str = ""

    def __post_init__(self) -> None:
        """Check every text."""
        for field in ("sender", "title", "name", "address", "foot"):
            check_text(field, getattr(self, field))
        for field in ("facts", "codes"):
            for place, pair in enumerate(getattr(self, field)):
                check_text(f"{field}[{place}]", " ".join(pair))
        for place, step in enumerate(self.steps):
            check_text(f"steps[{place}]", step)


def print_letters(letters: Sequence[Letter], *, day: dt.date) -> bytes:
    """Print letters into one PDF/A-2a, in their order; each call has a compiler of its own and shares nothing.

    :raises ValueError: a character that no font at hand holds
    """
    try:
        return Typesetter("letters.typ").pdf([_facts(letter) for letter in letters], day)
    except Unset as error:
        raise ValueError(_CODEPOINT.sub("?", str(error))) from error


def _facts(letter: Letter) -> dict[str, Any]:
    facts = asdict(letter)
    facts = {name: clean(value) if isinstance(value, str) else value for name, value in facts.items()}
    for name in ("facts", "codes"):
        facts[name] = [[clean(term), clean(value)] for term, value in facts[name]]
    return {**facts, "steps": [clean(step) for step in letter.steps], "qr": _qr(letter.address)}


def _qr(address: str) -> str:
    if not address:
        return ""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
