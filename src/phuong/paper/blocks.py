"""What a paper is made of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Heading:
    """A numbered part; ``level`` 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


@dataclass(frozen=True)
class Listing:
    """Items, each on a line with a dash."""

    items: Sequence[str]


@dataclass(frozen=True)
class Bar:
    """Progress as a black and grey bar of ``top``, with a tick at the target."""

    actual: Decimal | None
    target: Decimal | None
    top: Decimal = Decimal(100)

    def share(self, value: Decimal | None) -> float | None:
        """Give a value as a share of the whole bar, 0 to 1."""
        return None if value is None or self.top <= 0 else float(min(max(value / self.top, Decimal(0)), Decimal(1)))


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
    rows: Sequence[Sequence[str | Bar]]


Block = Heading | Paragraph | Listing | Grid


@dataclass(frozen=True)
class Paper:
    """An official paper (văn bản hành chính).

    ``authority``: the form of signing (TM., KT., TL., TUQ. …), blank when the signer signs in the own name; ``foot``:
    when the data were true and where to check them; ``draft`` prints «DỰ THẢO».

    :raises ValueError: a row of a table has more or fewer cells than columns
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
    draft: bool = False

    def __post_init__(self) -> None:
        """Refuse a table that does not fit its head."""
        for block in self.blocks:
            if isinstance(block, Grid) and any(len(row) != len(block.columns) for row in block.rows):
                raise ValueError("blocks: a row does not fit the columns of its table")
