"""Rows that leave the house: every way out asks the guards before it hands over a file."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from phuong.kernel.contributions import contributions


@dataclass(frozen=True)
class Leaving:
    """What is about to leave: how many personal rows (0 when none is personal), and the units they belong to."""

    what: str
    rows: int = 0
    units: Collection[UUID] = field(default=frozenset())


@dataclass(frozen=True)
class ExportGuard:
    """Who may stop rows from leaving: ``check`` raises a refusal."""

    code: str
    check: Callable[[Leaving], None]


def let_leave(leaving: Leaving) -> None:
    """Ask every guard before a file is handed over.

    :raises Refused: a guard keeps it back
    """
    for guard in contributions(ExportGuard):
        guard.check(leaving)
