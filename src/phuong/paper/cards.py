"""Report cards, a page each: who, a table of subjects, what it comes to, signatures; many cards in one file."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from phuong.paper.numbers import check_text, clean, long_day
from phuong.paper.packing import packed

_TEMPLATES = Path(__file__).parent / "templates"
_HANOI = dt.timezone(dt.timedelta(hours=7))
_CODEPOINT = re.compile(r"\\u\{([0-9a-f]+)\}")
_PAGE = re.compile(rb"/Type\s*/Page\b")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One page. ``heads`` and ``rows``: a table whose first column is words; ``sums``: what it comes to, below it.

    ``signers``: title and name, the name may be blank.

    :raises ValueError: an unprintable text or a row that does not fit, with its place
    """

    above: str
    body: str
    title: str
    period: str
    name: str
    facts: Pairs
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    sums: Sequence[Sequence[str]]
    notes: Pairs = ()
    place: str = ""
    day: dt.date | None = None
    signers: Pairs = ()
    foot: str = ""

    def __post_init__(self) -> None:
        """Check every text and row."""
        for field, text in self.texts():
            check_text(field, text)
        for field in ("rows", "sums"):
            for at, row in enumerate(getattr(self, field)):
                if len(row) != len(self.heads):
                    raise ValueError(f"{field}[{at}]: {len(row)} cells for {len(self.heads)} columns")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Give every text with its place."""
        for field in ("above", "body", "title", "period", "name", "place", "foot"):
            yield field, getattr(self, field)
        yield "heads", " ".join(self.heads)
        for field in ("facts", "rows", "sums", "notes", "signers"):
            yield from ((f"{field}[{at}]", " ".join(cells)) for at, cells in enumerate(getattr(self, field)))

    def plain(self) -> dict[str, Any]:
        """Give it as the template reads it."""
        tables = {
            field: [[clean(cell) for cell in row] for row in getattr(self, field)]
            for field in ("facts", "rows", "sums", "notes", "signers")
        }
        words = {field: clean(getattr(self, field)) for field in ("above", "body", "title", "period", "name", "foot")}
        heads = [clean(each) for each in self.heads]
        return {**words, **tables, "heads": heads, "day": long_day(clean(self.place), self.day)}


def print_cards(cards: Sequence[Card]) -> bytes:
    """Print cards into one tagged PDF/A-2a, a page each, in their order; calls share nothing.

    :raises ValueError: no card, a character that no font at hand holds, or a card that takes more than its page
    """
    if not cards:
        raise ValueError("cards: none")
    data = json.dumps([card.plain() for card in cards], ensure_ascii=False)
    compiler = typst.Compiler(
        str(_TEMPLATES / "cards.typ"), root=str(_TEMPLATES), font_paths=_fonts(), ignore_system_fonts=True
    )
    day = cards[0].day
    moment = None if day is None else dt.datetime(day.year, day.month, day.day, tzinfo=_HANOI)
    try:
        made: Any = compiler.compile(sys_inputs={"data": data}, format="pdf", pdf_standards=["a-2a"], timestamp=moment)
    except typst.TypstError as error:
        raise ValueError(_CODEPOINT.sub("?", error.message)) from error
    printed = bytes(made)
    if (pages := len(_PAGE.findall(printed))) != len(cards):
        raise ValueError(f"cards: {len(cards)} cards took {pages} pages")
    return packed(printed)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)
