"""What a form of a preschool group says, row by row, read and shown: kilograms, centimetres, findings, domains."""

import re
from collections.abc import Callable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from phuong.academics.models import DevelopmentRecord, GrowthCheck
from phuong.academics.models.preschool import HEAVIEST, LIGHTEST, SHORTEST, TALLEST
from phuong.academics.queries.growthwords import shown_height, shown_weight
from phuong.academics.queries.preschool import Developed, Measured
from phuong.records.api import Words

_REMARK = Words(required=False, max_length=500)
_NUMBER = re.compile(r"(\d{1,3})(?:[.,](\d))?", re.ASCII)
_RESULTS = {"": None, "1": 1, "0": 0}


def _tenths(text: str) -> int | None:
    """Read a number with at most one decimal as tenths; ``-1`` where it is none."""
    told = text.strip()
    if not told:
        return None
    found = _NUMBER.fullmatch(told)
    return int(found[1]) * 10 + int(found[2] or 0) if found else -1


def read_measured(indices: Sequence[str]) -> Callable[[Mapping[str, str]], Measured]:
    """Give the reader of a row of a weighing and measuring; it raises :class:`ValidationError` out of range."""

    def read(typed: Mapping[str, str]) -> Measured:
        kilograms, height = _tenths(typed["weight"]), _tenths(typed["height"])
        weight = None if kilograms is None else kilograms * 100
        if weight is not None and not LIGHTEST <= weight <= HEAVIEST:
            raise ValidationError(_("Cân nặng từ 1 đến 60 kg, nhiều nhất một chữ số thập phân."))
        if height is not None and not SHORTEST <= height <= TALLEST:
            raise ValidationError(_("Chiều cao từ 30 đến 150 cm, nhiều nhất một chữ số thập phân."))
        return Measured(weight, height, {index: typed[index] for index in indices if typed[index]})

    return read


def typed_measured(indices: Sequence[str]) -> Callable[[GrowthCheck | None], dict[str, str]]:
    """Give what writes a row of a weighing and measuring as one would type it."""

    def typed(row: GrowthCheck | None) -> dict[str, str]:
        if row is None:
            return dict.fromkeys(("weight", "height", *indices), "")
        found = {index: row.findings.get(index, "") for index in indices}
        return {"weight": shown_weight(row.weight), "height": shown_height(row.height), **found}

    return typed


def read_developed(domains: Sequence[str]) -> Callable[[Mapping[str, str]], Developed]:
    """Give the reader of a row of development."""

    def read(typed: Mapping[str, str]) -> Developed:
        told = {code: _RESULTS.get(typed[code]) for code in domains}
        results = {code: result for code, result in told.items() if result is not None}
        return Developed(results, _REMARK.clean(typed["remark"]))

    return read


def typed_developed(domains: Sequence[str]) -> Callable[[DevelopmentRecord | None], dict[str, str]]:
    """Give what writes a row of development as one would choose it."""

    def typed(row: DevelopmentRecord | None) -> dict[str, str]:
        if row is None:
            return dict.fromkeys((*domains, "remark"), "")
        return {**{code: str(row.results.get(code, "")) for code in domains}, "remark": row.remark}

    return typed
