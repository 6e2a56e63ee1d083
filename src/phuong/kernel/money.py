"""Money in đồng: whole numbers only, for no smaller coin is in use."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Dong:
    """An amount of Vietnamese đồng."""

    amount: int

    def __add__(self, other: "Dong") -> "Dong":
        """Add two amounts."""
        return Dong(self.amount + other.amount)

    def __sub__(self, other: "Dong") -> "Dong":
        """Take one amount from another; the result may be negative."""
        return Dong(self.amount - other.amount)

    def __str__(self) -> str:
        """Write the amount as people read it: ``1.240.000 đ``."""
        return f"{self.amount:,}".replace(",", ".") + " đ"


def parse_dong(text: str) -> Dong:
    """Read an amount typed with dots, spaces or a đ sign: ``1.240.000 đ``.

    :raises ValueError: the text holds anything but digits and those marks
    """
    digits = text.strip().removesuffix("đ").replace(".", "").replace(" ", "").replace("\u00a0", "")
    if not re.fullmatch(r"-?[0-9]+", digits):
        raise ValueError(f"not an amount: {text!r}")
    return Dong(int(digits))
