"""Seeded randomness in columns: the same seed gives the same rows, keys included."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]

EPOCH = dt.date(1970, 1, 1)
_FIRST_KEY_MILLIS = 1_754_000_000_000  # 31 July 2025: every key of a demo carries this time and a count
_KEY_HEX = 32


class Chance:
    """One stream of random columns; all columns come out in the order in which they are asked for."""

    def __init__(self, *seed: int) -> None:
        """Start the stream of ``seed``."""
        self._rng = np.random.default_rng(seed)
        self._keys_made = 0

    def uniform(self, size: int) -> Floats:
        """Draw from 0 up to 1."""
        return self._rng.random(size)

    def normal(self, size: int) -> Floats:
        """Draw from the standard normal distribution."""
        return self._rng.standard_normal(size)

    def flags(self, share: float | Floats, size: int) -> Flags:
        """Draw true with probability ``share`` (one for all, or one for each)."""
        return np.asarray(self._rng.random(size) < share)

    def happens(self, share: float) -> bool:
        """Draw once: true with probability ``share``."""
        return bool(self._rng.random() < share)

    def below(self, bound: int, size: int) -> Places:
        """Draw whole numbers from 0 up to ``bound``, the bound left out."""
        return self._rng.integers(0, bound, size)

    def between(self, low: int | Places, high: int | Places, size: int) -> Places:
        """Draw whole numbers from ``low`` to ``high``, both included."""
        return self._rng.integers(low, np.asarray(high) + 1, size)

    def places(self, weights: Sequence[float] | Floats, size: int) -> Places:
        """Draw places 0, 1, … in proportion to ``weights``."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        found = np.searchsorted(edges, self._rng.random(size) * edges[-1], side="right")
        return np.asarray(np.minimum(found, len(edges) - 1), dtype=np.int64)

    def pick(self, options: Sequence[str | None], weights: Sequence[float], size: int) -> pl.Series:
        """Draw one of ``options`` for each row."""
        return pl.Series(options, dtype=pl.String).gather(self.places(weights, size))

    def order(self, size: int) -> Places:
        """Give 0, 1, … ``size`` - 1 in random order."""
        return self._rng.permutation(size)

    def days(self, first: dt.date, last: dt.date, size: int) -> Places:
        """Draw days between two dates, both included; counted from 1 January 1970."""
        return self._rng.integers((first - EPOCH).days, (last - EPOCH).days + 1, size)

    def keys(self, size: int) -> pl.Series:
        """Make primary keys: UUID version 7 with a fixed time, rising; 32 hexadecimal digits each."""
        count = np.arange(self._keys_made, self._keys_made + size, dtype=np.uint64)
        self._keys_made += size
        words = np.empty((size, 2), dtype=">u8")
        millis = np.uint64(_FIRST_KEY_MILLIS) + (count >> np.uint64(12))
        words[:, 0] = (millis << np.uint64(16)) | np.uint64(0x7000) | (count & np.uint64(0xFFF))
        words[:, 1] = self._rng.integers(0, 1 << 62, size, dtype=np.uint64) | np.uint64(1 << 63)
        digits = np.frombuffer(words.tobytes().hex().encode(), dtype=f"S{_KEY_HEX}")
        return pl.Series(digits, dtype=pl.Binary).cast(pl.String)

    def key(self) -> str:
        """Make one primary key."""
        return str(self.keys(1)[0])


def dates(days: Places) -> pl.Series:
    """Turn day numbers (from 1 January 1970) into dates."""
    return pl.Series(days.astype(np.int32)).cast(pl.Date)


def blanked(column: pl.Series, hide: Flags, instead: Any = None) -> pl.Series:
    """Give ``column`` with ``instead`` where ``hide`` holds."""
    return pl.select(pl.when(pl.Series(hide)).then(pl.lit(instead, dtype=column.dtype)).otherwise(column)).to_series()


def spread(total: int, weights: Floats) -> Places:
    """Split ``total`` in proportion to ``weights``; the parts add up exactly (largest remainders)."""
    exact = total * weights / weights.sum()
    parts: Places = np.floor(exact).astype(np.int64)
    rest = int(total - parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:rest]] += 1
    return parts
