"""Report cards, a page each: who, a table of subjects, what it comes to, signatures; many cards in one file."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from phuong.paper.numbers import check_text, clean, long_day
from phuong.paper.packing import packed
from phuong.paper.typesetting import Typesetter, Unset

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
    try:
        printed = Typesetter("cards.typ").pdf([card.plain() for card in cards], cards[0].day)
    except Unset as error:
        raise ValueError(_CODEPOINT.sub("?", str(error))) from error
    if (pages := len(_PAGE.findall(printed))) != len(cards):
        raise ValueError(f"cards: {len(cards)} cards took {pages} pages")
    return packed(printed)
