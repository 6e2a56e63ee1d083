"""Numbers in disguise: equal ones stay equal, those one digit apart stay one digit apart, and nobody can read them.

The digits of each place are exchanged by a secret order drawn anew for each run and never written down.
"""

import random
import secrets
from hashlib import blake2b

LENGTH = 12
_DIGITS = "0123456789"


class Disguise:
    """The secret of one run."""

    def __init__(self, seed: int | None = None) -> None:
        """Draw the secret; a ``seed`` is for tests alone."""
        chance = random.Random(seed) if seed is not None else secrets.SystemRandom()  # noqa: S311 - tests repeat
        self._tables = [
            dict(zip(_DIGITS, chance.sample(_DIGITS, len(_DIGITS)), strict=True)) for _place in range(LENGTH)
        ]
        self._key = chance.randbytes(32) if seed is not None else secrets.token_bytes(32)

    def of(self, number: str) -> str:
        """Disguise a number; one that is not twelve digits becomes a hash, which only equals itself."""
        if len(number) != LENGTH or not (number.isascii() and number.isdigit()):
            return blake2b(number.encode(), key=self._key, digest_size=16).hexdigest()
        return "".join([table[digit] for table, digit in zip(self._tables, number, strict=True)])
