"""Papers as PDF/A-2a, tagged, by Typst: one compiler for many, data as JSON."""

import re
from collections.abc import Callable
from dataclasses import asdict
from threading import Lock
from typing import Any, Self, TypeVar

from phuong.paper.blocks import Bar, Block, Cell, Grid, Heading, Listing, Paper, Paragraph
from phuong.paper.numbers import DOTS, clean, listed, long_day
from phuong.paper.typesetting import Typesetter, Unset

_NAMES: dict[type, str] = {Heading: "heading", Paragraph: "paragraph", Listing: "listing", Grid: "grid"}
_LONG_WORD = re.compile(r"\S{21,}")
_TALL = 800  # characters in a cell past which its row may break over pages
_UNPRINTABLE = re.compile(r'the (?:text|PDF contains the codepoint)[^"]*"(?P<char>(?:\\u\{[0-9a-f]+\}|[^"])+)"')
_NEVER = "\0"
T = TypeVar("T")


class Press:
    """Prints papers one after another; threads that share one wait for each other.

    ``with Press() as press: press.pdf(paper)``. The bytes depend on the paper alone once it has a day.
    """

    def __init__(self) -> None:
        """Load the template and the fonts that Typst brings along; fonts of the machine are not looked at."""
        self._lock = Lock()
        self._setter: Typesetter | None = Typesetter("paper.typ")

    def __enter__(self) -> Self:
        """Give the press itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the compiler go; the press prints no more."""
        self._setter = None

    def pdf(self, paper: Paper) -> bytes:
        """Print one paper.

        :raises ValueError: a character that no font at hand holds, with its place; or the press is closed
        """
        return self._print(paper, lambda setter: setter.pdf(_facts(paper), paper.day))

    def pages(self, paper: Paper, ppi: float = 96) -> list[bytes]:
        """Draw one paper as PNG pictures, a page each, ``ppi`` dots an inch.

        :raises ValueError: as in ``pdf``
        """
        made: Any = self._print(paper, lambda setter: setter.set(_facts(paper), format="png", ppi=ppi))
        return made if isinstance(made, list) else [made]

    def _print(self, paper: Paper, act: Callable[[Typesetter], T]) -> T:
        with self._lock:
            if self._setter is None:
                raise ValueError("press: already closed")
            try:
                return act(self._setter)
            except Unset as error:
                raise ValueError(_blame(paper, str(error))) from error


def to_pdf(paper: Paper) -> bytes:
    """Print a single paper.

    :raises ValueError: a character that no font at hand holds, with its place
    """
    with Press() as press:
        return press.pdf(paper)


def _blame(paper: Paper, message: str) -> str:
    found = _UNPRINTABLE.search(message)
    char = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), found["char"]) if found else _NEVER
    field = next((field for field, text in paper.texts() if char in clean(text)), "paper")
    return f"{field}: {message}"


def _facts(paper: Paper) -> dict[str, Any]:
    texts = {field: clean(text) for field, text in paper.texts() if field.isidentifier()}
    return {
        **texts,
        "number": texts["number"] or DOTS,
        "day": long_day(texts["place"], paper.day),
        "recipients": listed([clean(each) for each in paper.recipients]),
        "titles": [each.upper() for each in (texts["authority"], texts["signer_title"]) if each],
        "blocks": [_block(block) for block in paper.closed_blocks()],
        "draft": paper.draft,
    }


def _block(block: Block) -> dict[str, Any]:
    facts: dict[str, Any] = {"block": _NAMES[type(block)]}
    match block:
        case Grid(columns, rows):
            heads = [{**asdict(column), "title": clean(column.title)} for column in columns]
            return {**facts, "columns": heads, "rows": [[_cell(each) for each in row] for row in rows]}
        case Listing(items):
            return {**facts, "items": [clean(item) for item in items]}
        case Paragraph(text, lead):
            return {**facts, "text": clean(text), "lead": clean(lead).strip()}
        case Heading(text, level):
            return {**facts, "text": clean(text), "level": level}


def _cell(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, Bar):
        return {"actual": cell.share(cell.actual), "target": cell.share(cell.target), "words": cell.words}
    text = clean(cell)
    return {"text": _LONG_WORD.sub(lambda word: "\u200b".join(word[0]), text), "tall": len(text) > _TALL}
