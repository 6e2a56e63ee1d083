"""Failures that can be switched on, so that the product's behaviour in an outage can be seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from threading import Lock

from phuong_sandbox.texts import Text

MOST_SECONDS = 300.0
MOST_COUNT = 10_000_000
MOST_LETTERS = 200


@dataclass(frozen=True)
class Switch:
    """One failure: on for the subjects that its pattern meets (``*`` meets all), a number of seconds, or a limit."""

    code: str
    title: Text
    is_seconds: bool = False
    is_count: bool = False  # a whole number; nothing means no limit


class Switches:
    """The failures of one service and how they are set; empty means off."""

    def __init__(self, *declared: Switch) -> None:
        """Start with everything off."""
        self.declared = declared
        self._set: dict[str, str] = {}
        self._lock = Lock()

    def values(self) -> dict[str, str]:
        """Give the setting of each switch."""
        with self._lock:
            return {switch.code: self._set.get(switch.code, "") for switch in self.declared}

    def put(self, wanted: Mapping[str, object]) -> None:
        """Set switches; those not named stay as they are.

        :raises ValueError: a switch is unknown, or its value cannot be used; nothing is set
        """
        known = {switch.code: switch for switch in self.declared}
        fresh = {}
        for code, value in wanted.items():
            if code not in known:
                raise ValueError(f"no switch {code!r}; there are {', '.join(known)}")
            fresh[code] = _checked(known[code], str(value if value is not None else "").strip())
        with self._lock:
            self._set.update(fresh)

    def clear(self) -> None:
        """Switch everything off."""
        with self._lock:
            self._set.clear()

    def meets(self, code: str, subject: str) -> bool:
        """Say whether the failure ``code`` is on for ``subject``."""
        pattern = self.values()[code].lower()
        return bool(pattern) and fnmatch(subject.lower(), pattern)

    def seconds(self, code: str) -> float:
        """Give the seconds set for ``code``; 0 when off."""
        return float(self.values()[code] or 0)

    def limit(self, code: str) -> int:
        """Give the limit set for ``code``; 0 when there is none."""
        return int(self.values()[code] or 0)


def _checked(switch: Switch, value: str) -> str:
    if len(value) > MOST_LETTERS:
        raise ValueError(f"{switch.code}: at most {MOST_LETTERS} letters")
    if switch.is_seconds and value and not 0 <= float(value) <= MOST_SECONDS:
        raise ValueError(f"{switch.code}: between 0 and {MOST_SECONDS:.0f} seconds")
    if switch.is_count and value and not (value.isdigit() and int(value) <= MOST_COUNT):
        raise ValueError(f"{switch.code}: a whole number up to {MOST_COUNT}")
    return value
