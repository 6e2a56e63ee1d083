"""The registry's rules as answers of the command line (contracts.md)."""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from phuong.kernel.contributions import RuleCommand
from phuong.kernel.text import name_sort_key, search_key
from phuong.registry.rules import read_number

NUMBER_RULE = "CC26/2023@1"
NAME_RULE = "TCVN-VI@1"


class _Case(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NumberCase(_Case):
    """A personal number, perhaps with what the record says of its holder."""

    number: str
    birth_date: dt.date | None = None
    sex: Literal["male", "female"] | None = None


class NamesCase(_Case):
    """Names to sort as on a class list."""

    names: Annotated[list[str], Field(max_length=100_000)]


def answer_personal_number(case: Any) -> dict[str, Any]:
    """Say whether a number is well formed and agrees with sex and birth year.

    :raises pydantic.ValidationError: the case has another shape
    """
    asked = NumberCase.model_validate(case)
    reading = read_number(asked.number)
    agrees = {
        "sex": None if reading is None or asked.sex is None else reading.sex == asked.sex,
        "birth_year": None
        if reading is None or asked.birth_date is None
        else reading.birth_year == asked.birth_date.year,
    }
    text = "12 chữ số: 3 số tỉnh đăng kí khai sinh, 1 số thế kỉ và giới tính, 2 số năm sinh, 6 số ngẫu nhiên"
    return {
        "well_formed": reading is not None,
        "province_of_registration": reading.province if reading else None,
        "agrees": agrees,
        "rule": NUMBER_RULE,
        "because": [{"article": "Luật Căn cước 26/2023/QH15, điều 12", "text": text}],
    }


def answer_name_key(case: Any) -> dict[str, Any]:
    """Sort names as on a class list and give their search keys, in the order asked.

    :raises pydantic.ValidationError: the case has another shape
    """
    names = NamesCase.model_validate(case).names
    return {
        "sorted": sorted(names, key=name_sort_key),
        "search_keys": [search_key(name) for name in names],
        "rule": NAME_RULE,
        "because": [{"article": "", "text": "Tên trước, họ và tên đệm sau; theo bảng chữ cái rồi đến thanh điệu"}],
    }


RULES = (RuleCommand("personal-number", answer_personal_number), RuleCommand("name-key", answer_name_key))
