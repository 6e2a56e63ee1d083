"""The limits of the catalog: what holds until an operator decides otherwise."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml
from phuong.oversight.rules import Cap, Unusual

CATALOG = Path(__file__).parent / "catalog" / "limits.yaml"
NOTHING = Cap(0, 0)


@dataclass(frozen=True)
class Limits:
    """Everything that ``limits.yaml`` says."""

    exports: dict[str, Cap]
    unusual: Unusual
    review_every_days: int
    tell_before_days: int
    grace_days: int
    emergency_hours: int
    emergency_every_hours: int
    emergency_roles: tuple[str, ...]
    support_hours: int


@lru_cache(maxsize=1)
def limits() -> Limits:
    """Read the catalog once."""
    content: dict[str, Any] = read_yaml(CATALOG)
    review, emergency = content["review"], content["emergency"]
    return Limits(
        exports={role: Cap(int(cap["rows"]), int(cap["units"])) for role, cap in content["exports"].items()},
        unusual=Unusual(**content["unusual"]),
        review_every_days=review["every_days"],
        tell_before_days=review["tell_before_days"],
        grace_days=review["grace_days"],
        emergency_hours=emergency["most_hours"],
        emergency_every_hours=emergency["free_every_hours"],
        emergency_roles=tuple(emergency["roles"]),
        support_hours=content["support"]["most_hours"],
    )
