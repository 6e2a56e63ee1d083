"""Invented citizens; none of them lives anywhere."""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

_NUMBER = re.compile(r"\d{12}")
LEVELS = (1, 2)


@dataclass(frozen=True)
class Citizen:
    """Somebody with an electronic identity of level 1 or 2; an empty name or birth date is not told to sites."""

    number: str
    name: str = ""
    birthdate: str = ""
    level: int = 2

    @property
    def subject(self) -> str:
        """Give the name by which sites know the person."""
        return hashlib.sha256(f"vneid sandbox {self.number}".encode()).hexdigest()[:32]


CITIZENS = (
    Citizen("031190000001", "Đỗ Thị Mơ", "1990-04-12"),
    Citizen("031085000002", "Phạm Văn Lúa", "1985-11-02"),
    Citizen("031211000003", "Vũ Gia Bưởi", "2011-06-30", level=1),
)


def citizen_from(facts: dict[str, str]) -> Citizen | None:
    """Read who was picked or typed; ``None`` when that is nobody."""
    picked = next((each for each in CITIZENS if each.number == facts.get("citizen")), None)
    if picked is not None:
        return picked
    number = re.sub(r"[ .]", "", facts.get("number", ""))
    level, born = facts.get("level", "2"), facts.get("birthdate", "").strip()
    if not _NUMBER.fullmatch(number) or level not in ("1", "2") or (born and not _is_day(born)):
        return None
    return Citizen(number, facts.get("name", "").strip()[:100], born, int(level))


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
