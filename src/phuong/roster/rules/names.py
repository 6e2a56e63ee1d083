"""Names in the three parts that OneRoster wants, and grades in its codes."""

PRESCHOOL = "PR"
GRADES = 12


def joined_name(family: str, middle: str, given: str) -> str:
    """Write a Vietnamese name from its parts: họ, tên đệm, tên."""
    return " ".join(" ".join((family, middle, given)).split())


def grade_code(grade: int) -> str:
    """Give the CEDS code of a grade: ``PR`` for preschool groups, ``01`` to ``12``."""
    return f"{grade:02d}" if grade else PRESCHOOL


def grade_of(code: str) -> int | None:
    """Read the first grade of a CEDS list; nothing when it is none of ours."""
    first = code.split(",")[0].strip()
    if first in (PRESCHOOL, "PK", "PS", "IT", "TK", "KG"):
        return 0
    return int(first) if first.isascii() and first.isdecimal() and 1 <= int(first) <= GRADES else None
