"""What a form of a primary class says, row by row, read and shown: levels, whole marks, remarks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from phuong.academics.actions.primary import Said, Wanted
from phuong.academics.models import PrimaryRating, PrimaryRecord
from phuong.academics.queries.primarysheets import Again, Rated, Recorded
from phuong.kernel.refusals import BadInput
from phuong.records.api import Words

MOST_ROWS = 200
_REMARK = Words(required=False, max_length=500)
_LEVELS = {"": "", "T": "T", "H": "H", "C": "C"}
_RATINGS = {"": "", "T": "T", "Đ": "D", "D": "D", "C": "C"}
_AGAIN = ("hoan_thanh", "chua_hoan_thanh")
_SHOWN = {"D": "Đ"}


def shown_rating(code: str) -> str:
    """Show a rating of a quality or competence: T, Đ, C."""
    return _SHOWN.get(code, code)


@dataclass(frozen=True)
class Sent:
    """Rows of a form: by learner the version that was seen and what was typed, by field; ``fields`` in their order."""

    fields: Sequence[str]
    rows: Mapping[UUID, tuple[int, dict[str, str]]]


def sent_rows(data: Any, fields: Sequence[str]) -> Sent:
    """Read the rows of a form: a learner, a version and a value of each field a row.

    :raises BadInput: rows and values do not go together
    """
    keys = data.getlist("l")
    columns = [data.getlist(name) for name in ("v", *fields)]
    if len(keys) > MOST_ROWS or any(len(column) != len(keys) for column in columns):
        raise BadInput
    try:
        told = {
            UUID(key): (_version(seen), dict(zip(fields, each, strict=True)))
            for key, seen, *each in zip(keys, *columns, strict=True)
        }
    except ValueError as error:
        raise BadInput from error
    return Sent(fields, told)


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise ValueError("a version expected")
    return int(text)


def understood(
    sent: Sent, names: Mapping[UUID, str], read: Callable[[Mapping[str, str]], Said]
) -> tuple[dict[UUID, Wanted], dict[UUID, str]]:
    """Understand the rows of this class's pupils; gives what is wanted, and what is wrong with whose row."""
    wanted, wrong = {}, {}
    for learner, (seen, typed) in sent.rows.items():
        if learner not in names:
            continue
        try:
            wanted[learner] = Wanted(read(typed), seen)
        except ValidationError as error:
            wrong[learner] = " ".join(error.messages)
    return wanted, wrong


def read_rated(typed: Mapping[str, str]) -> Rated:
    """Read the row of a subject.

    :raises ValidationError: a level or a mark that is none
    """
    level = _LEVELS.get(typed["level"].strip().upper())
    if level is None:
        raise ValidationError(_("Mức đạt được là T, H hoặc C."))
    return Rated(level, read_test(typed.get("test", "")), _REMARK.clean(typed["remark"]))


def read_test(text: str) -> int | None:
    """Read the whole mark of a periodic test.

    :raises ValidationError: it is none
    """
    told = text.strip()
    if not told:
        return None
    if not (told.isascii() and told.isdigit()) or len(told) > 2 or not 1 <= int(told) <= 10:
        raise ValidationError(_("Điểm kiểm tra là số nguyên từ 1 đến 10."))
    return int(told)


def read_recorded(codes: Sequence[str]) -> Callable[[Mapping[str, str]], Recorded]:
    """Give the reader of a row of qualities and competences."""

    def read(typed: Mapping[str, str]) -> Recorded:
        ratings = {}
        for code in codes:
            rating = _RATINGS.get(typed[code].strip().upper())
            if rating is None:
                raise ValidationError(_("Phẩm chất, năng lực là T, Đ hoặc C."))
            if rating:
                ratings[code] = rating
        return Recorded(ratings, typed.get("outstanding") == "1", _REMARK.clean(typed["remark"]))

    return read


def read_again(typed: Mapping[str, str]) -> Again:
    """Read the row of a pupil who was helped; a column that is not the writer's is not sent."""
    result = typed.get("again", "")
    return Again(result if result in _AGAIN else "", {"1": True, "0": False}.get(typed.get("decided", "")))


def typed_again(row: PrimaryRecord | None) -> dict[str, str]:
    """Write the row of a pupil who was helped as one would choose it."""
    if row is None:
        return {"again": "", "decided": ""}
    return {"again": row.again, "decided": "" if row.decided is None else str(int(row.decided))}


def typed_rated(row: PrimaryRating | None) -> dict[str, str]:
    """Write a row of a subject as one would type it."""
    if row is None:
        return {"level": "", "test": "", "remark": ""}
    return {"level": row.level, "test": "" if row.test is None else str(row.test), "remark": row.remark}


def typed_recorded(codes: Sequence[str]) -> Callable[[PrimaryRecord | None], dict[str, str]]:
    """Give what writes a row of qualities and competences as one would type it."""

    def typed(row: PrimaryRecord | None) -> dict[str, str]:
        if row is None:
            return {**dict.fromkeys(codes, ""), "outstanding": "", "remark": ""}
        ratings = {code: shown_rating(row.ratings.get(code, "")) for code in codes}
        return {**ratings, "outstanding": "1" if row.is_outstanding else "", "remark": row.remark}

    return typed
