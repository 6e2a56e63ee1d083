"""How numbers, days and words of papers are written (Nghị định 30/2020/NĐ-CP, phụ lục I). Pure."""

import datetime as dt
import unicodedata
from decimal import Decimal

DOTS = "…………"
_END = "./."
_LAST_SHORT_MONTH = 2
_BANNED = {"Cc": "a control character", "Cs": "half a character", "Co": "a private character", "Cn": "no character"}


def document_number(seq: int, kind_abbr: str, issuer: str) -> str:
    """Write a number: ``01/BC-SGDĐT``; under 10 with a zero in front. ``kind_abbr`` blank: an official letter.

    :raises ValueError: ``seq`` below 1, or no ``issuer``
    """
    if seq < 1:
        raise ValueError("sequence (seq): numbers of a register begin at 1")
    if not issuer.strip():
        raise ValueError("issuer: the abbreviation of the issuing body is missing")
    return f"{seq:02d}/{kind_abbr}-{issuer}" if kind_abbr else f"{seq:02d}/{issuer}"


def long_day(place: str, day: dt.date | None) -> str:
    """Write place and day: ``Hải Phòng, ngày 05 tháng 02 năm 2027``; dots where the day is not known yet.

    Days under 10 and the months 1 and 2 take a zero in front, other months none.
    """
    where = f"{place}, " if place else ""
    if day is None:
        return f"{where}ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month <= _LAST_SHORT_MONTH else str(day.month)
    return f"{where}ngày {day.day:02d} tháng {month} năm {day.year}"


def plain(value: Decimal) -> str:
    """Write a number with a comma and without exponent or idle zeros: ``52,3``."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def ended(text: str) -> str:
    """Close the last words of a paper with «./.», once."""
    text = text.rstrip()
    return text if text.endswith(_END) else text.rstrip(".;,") + _END


def listed(texts: list[str]) -> list[str]:
    """Write lines of recipients: ``- Như trên;`` and the last with a full stop."""
    bare = [text.strip().removeprefix("-").strip().rstrip(".;,") for text in texts]
    kept = [text for text in bare if text]
    return [f"- {text}{';' if place < len(kept) else '.'}" for place, text in enumerate(kept, start=1)]


def clean(text: str) -> str:
    """Bring text to NFC with ``\\n`` as the one line break; spaces and breaks stay."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")


def check_text(field: str, text: str) -> None:
    """Refuse what is not text or what no paper can hold.

    :raises ValueError: naming ``field`` and the character
    """
    if not isinstance(text, str):
        raise ValueError(f"{field}: text expected, not {type(text).__name__}")
    for char in clean(text):
        if char != "\n" and unicodedata.category(char) in _BANNED:
            raise ValueError(f"{field}: {_BANNED[unicodedata.category(char)]}, U+{ord(char):04X}")
