"""Text typed with TCVN3 or VNI fonts, found by its spelling and turned into Unicode.

A font is not to be seen in a cell, so the words decide: a column is converted when what it holds is not Vietnamese as
it stands and is Vietnamese once converted. Text that already is Vietnamese is never touched.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from phuong.intake.reading.legacy_letters import TCVN3, TELLING, VNI, VNI_PARTS
from phuong.intake.reading.shapes import Cell
from phuong.intake.reading.syllables import is_syllable

_TO_UNICODE = str.maketrans(TCVN3)
_GAPS = re.compile(r"[\s!-@\[-`{-~]+")
_SURE, _ENOUGH, _EVIDENCE, _MOST_WORDS = 0.8, 0.5, 3, 5_000


def from_tcvn3(text: str) -> str:
    """Turn TCVN3 text into Unicode. Words of capitals (fonts .VnTimeH) come out in capitals."""
    return "".join(map(_cased, re.split(r"(\s+)", text))) if _has_capital_word(text) else text.translate(_TO_UNICODE)


def _has_capital_word(text: str) -> bool:
    return bool(re.search("[A-Z]{2}", text)) and not re.search("[a-z]", text)


def _cased(word: str) -> str:
    return word.translate(_TO_UNICODE).upper()


def from_vni(text: str) -> str:
    """Turn VNI text into Unicode."""
    return VNI_PARTS.sub(lambda match: VNI[match[0]], text)


FORMS: dict[str, Callable[[str], str]] = {"tcvn3": from_tcvn3, "vni": from_vni}


def words_of(texts: Iterable[str]) -> set[str]:
    """Collect the different words with letters outside ASCII; at most some thousands, enough to judge by."""
    words: set[str] = set()
    for text in texts:
        if not text.isascii():
            words.update(word for word in _GAPS.split(text) if not word.isascii())
            if len(words) > _MOST_WORDS:
                break
    return words


def share_of_syllables(words: Iterable[str]) -> float:
    """Give the share of ``words`` that can be Vietnamese; 1 for none."""
    told = [is_syllable(word) for word in words]
    return sum(told) / len(told) if told else 1.0


@dataclass(frozen=True)
class _Evidence:
    """How the words of a column fare under one form: counts of different words."""

    words: int
    gained: int  # not Vietnamese as they stand, Vietnamese when converted
    lost: int
    right: int  # Vietnamese when converted

    def is_clear(self) -> bool:
        """Say whether the column alone proves the form."""
        return self.gained >= _EVIDENCE and self.right >= _SURE * self.words and self.gained >= _ENOUGH * self.words

    def agrees(self, *, is_pure: bool) -> bool:
        """Say whether the column goes with a form that others of the sheet prove.

        «Líp» is a word as it stands and is «Lớp» in TCVN3: in a sheet without any Unicode letter it is the latter.
        """
        is_better = self.gained > self.lost or is_pure and not self.lost
        return bool(self.words) and is_better and self.right >= _SURE * self.words


def _evidence(words: set[str], convert: Callable[[str], str]) -> _Evidence:
    both = [(is_syllable(word), is_syllable(convert(word))) for word in words]
    return _Evidence(
        len(both),
        sum(after and not before for before, after in both),
        sum(before and not after for before, after in both),
        sum(after for _, after in both),
    )


def _is_beyond(word: str) -> bool:
    """Say whether a word holds a character that no legacy font had, so it is Unicode already."""
    return any(char > "\u00ff" for char in word)


def find_form(columns: list[set[str]]) -> tuple[str, list[int]]:
    """Say which form the words of a sheet are in, and in which columns: ("tcvn3", [2, 3]), or ("", [])."""
    candidates = [{word for word in words if not _is_beyond(word)} for words in columns]
    together = set[str]().union(*candidates)
    is_pure = candidates == columns
    best, chosen, most = "", list[int](), 0
    for form, convert in FORMS.items():
        told = [_evidence(words, convert) for words in candidates]
        if not (_evidence(together, convert).is_clear() or any(each.is_clear() for each in told)):
            continue
        gained = sum(each.gained for each in told)
        if gained > most:
            best, most = form, gained
            chosen = [place for place, each in enumerate(told) if each.is_clear() or each.agrees(is_pure=is_pure)]
    return best, chosen


def _converted(cell: Cell, convert: Callable[[str], str], *, is_mixed: bool) -> Cell:
    if not isinstance(cell, str) or cell.isascii() or _is_beyond(cell):
        return cell
    after = convert(cell)
    if is_mixed and share_of_syllables(words_of([cell])) >= share_of_syllables(words_of([after])):
        return cell
    return after


def cure(rows: list[list[Cell]], width: int) -> tuple[str, list[int]]:
    """Convert the legacy text of a sheet in place; gives the form and the columns that held it.

    In a column where some cells are Unicode already, a cell changes only if its words are better for it.
    """
    texts = [
        [cell for row in rows if column < len(row) and isinstance(cell := row[column], str)] for column in range(width)
    ]
    told = [bool(TELLING.search("\n".join(column))) for column in texts]
    if not any(told):
        return "", []
    words = [words_of(column) for column in texts]
    form, columns = find_form(words)
    for column in columns:
        is_mixed = any(map(_is_beyond, words[column]))
        for row in rows:
            if column < len(row):
                row[column] = _converted(row[column], FORMS[form], is_mixed=is_mixed)
    return form, columns
