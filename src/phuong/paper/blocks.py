"""What a paper is made of. Everything is checked when the paper is put together: bad input is a ValueError."""

import datetime as dt
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from phuong.paper.numbers import check_text, ended, plain

ALIGNS = ("left", "right", "center")
LEVELS = (1, 2)
_REQUIRED = ("body", "kind", "abstract", "language")
_TEXTS = ("parent_body", "number", "place", "authority", "signer_title", "signer", "foot")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

Places = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Heading:
    """A numbered part; ``level`` 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text; ``is_bold_lead``: words printed bold before it, its own full stop included."""

    text: str
    is_bold_lead: str = ""


@dataclass(frozen=True)
class Listing:
    """Items, each on a line with a dash."""

    items: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """Progress as a black and grey bar that is full at ``top``, with a tick at the target; ``None``: not known."""

    actual: Decimal | None
    target: Decimal | None
    top: Decimal = Decimal(100)

    def share(self, value: Decimal | None) -> float | None:
        """Give a value as a share of the whole bar, 0 to 1."""
        return None if value is None else float(min(max(value / self.top, Decimal(0)), Decimal(1)))

    @property
    def words(self) -> str:
        """Tell the bar to those who do not see it."""
        told = [("Đạt", self.actual), ("Chỉ tiêu", self.target)]
        return "; ".join(f"{word} {plain(value)}" for word, value in told if value is not None) or "Chưa có số liệu"


Cell = str | Bar


@dataclass(frozen=True)
class Column:
    """A column: title, relative width, ``align`` left, right or center."""

    title: str
    width: float = 1
    align: str = "left"


@dataclass(frozen=True)
class Grid:
    """A ruled table whose head is repeated on every page."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


Block = Heading | Paragraph | Listing | Grid


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An official paper (văn bản hành chính).

    ``number`` blank and ``day`` None: dots to be filled by hand; ``authority``: the form of signing (TM., KT., TL.,
    TUQ. …), blank when the signer signs in the own name; ``foot``: when the data were true and where to check them;
    ``draft`` prints «DỰ THẢO»; ``language``: tag of the language of the text (ISO 639). A line break within a text is
    printed as one.

    :raises ValueError: a missing or unprintable text, a row that does not fit its columns, a bad width, side, level or
        bar; the message begins with the place, as ``blocks[2].rows[0][3]: …``
    """

    body: str
    kind: str
    abstract: str
    blocks: Sequence[Block]
    parent_body: str = ""
    number: str = ""
    place: str = ""
    day: dt.date | None = None
    recipients: Sequence[str] = ()
    authority: str = ""
    signer_title: str = ""
    signer: str = ""
    foot: str = ""
    language: str = "vi"
    draft: bool = False

    def __post_init__(self) -> None:
        """Check every part."""
        for place, block in enumerate(self.blocks):
            _check_block(f"blocks[{place}]", block)
        for field, text in self.texts():
            check_text(field, text)
        for field in _REQUIRED:
            if not getattr(self, field).strip():
                raise ValueError(f"{field}: missing")
        if not _LANGUAGE.fullmatch(self.language):
            raise ValueError("language: two or three small letters expected, as «vi»")

    def texts(self) -> Places:
        """Give every text of the paper with the place where it stands."""
        yield from ((field, getattr(self, field)) for field in (*_REQUIRED, *_TEXTS))
        yield from _numbered("recipients", self.recipients)
        for place, block in enumerate(self.blocks):
            yield from _texts_of(f"blocks[{place}]", block)

    def closed_blocks(self) -> list[Block]:
        """Give the blocks with «./.» at the end of the last words, when the paper ends in words."""
        *rest, last = self.blocks or [Listing(())]
        if isinstance(last, Paragraph):
            last = replace(last, text=ended(last.text))
        elif isinstance(last, Listing) and last.items:
            last = Listing([*last.items[:-1], ended(last.items[-1])])
        return [*rest, last]


def _numbered(field: str, texts: Sequence[str]) -> Places:
    if isinstance(texts, str):
        raise ValueError(f"{field}: a list of texts expected")
    return ((f"{field}[{place}]", text) for place, text in enumerate(texts))


def _texts_of(field: str, block: Block) -> Places:
    match block:
        case Grid(columns, rows):
            yield from _numbered(f"{field}.columns", [column.title for column in columns])
            for place, row in enumerate(rows):
                yield from (
                    (f"{field}.rows[{place}][{at}]", each) for at, each in enumerate(row) if isinstance(each, str)
                )
        case Listing(items):
            yield from _numbered(f"{field}.items", items)
        case Paragraph(text, lead):
            yield from ((f"{field}.text", text), (f"{field}.is_bold_lead", lead))
        case Heading(text):
            yield f"{field}.text", text


def _check_block(field: str, block: Block) -> None:
    match block:
        case Grid():
            _check_grid(field, block)
        case Heading(level=level) if level not in LEVELS:
            raise ValueError(f"{field}.level: 1 or 2 expected")
        case Heading() | Paragraph() | Listing():
            pass
        case _:
            raise ValueError(f"{field}: Heading, Paragraph, Listing or Grid expected")


def _check_grid(field: str, grid: Grid) -> None:
    if not grid.columns:
        raise ValueError(f"{field}.columns: at least one expected")
    for place, column in enumerate(grid.columns):
        if column.align not in ALIGNS:
            raise ValueError(f"{field}.columns[{place}].align: left, right or center expected")
        if not (math.isfinite(column.width) and column.width > 0):
            raise ValueError(f"{field}.columns[{place}].width: above zero expected")
    for place, row in enumerate(grid.rows):
        if len(row) != len(grid.columns):
            raise ValueError(f"{field}.rows[{place}]: {len(row)} cells for {len(grid.columns)} columns")
        for at, cell in enumerate(row):
            _check_cell(f"{field}.rows[{place}][{at}]", cell)


def _check_cell(field: str, cell: Cell) -> None:
    if isinstance(cell, str):
        return
    if not isinstance(cell, Bar):
        raise ValueError(f"{field}: text or Bar expected, not {type(cell).__name__}")
    known = [value for value in (cell.actual, cell.target, cell.top) if value is not None]
    if not all(isinstance(value, Decimal) and value.is_finite() for value in known):
        raise ValueError(f"{field}: a bar takes finite Decimals")
    if cell.top <= 0:
        raise ValueError(f"{field}.top: above zero expected")
