"""Time limits in working days, with the official holidays as data; answered on the command line too (contracts.md)."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from phuong.kernel.calendar import due_day
from phuong.kernel.codelists import read_yaml
from phuong.kernel.contributions import RuleCommand

_CATALOG = Path(__file__).parent / "catalog" / "holidays.yaml"
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
RULE = "BLDS2015-147@1"
_MOST_DAYS = 3660
_FIRST_YEAR, _LAST_YEAR = "1900", "2199"
_BECAUSE = (
    ("Bộ luật Dân sự 91/2015/QH13, điều 147 khoản 2", "Ngày nhận không tính; đếm từ ngày làm việc tiếp theo"),
    ("Bộ luật Lao động 45/2019/QH14, điều 111, 112", "Không đếm thứ Bảy, Chủ nhật, ngày lễ, ngày nghỉ bù"),
)


@dataclass(frozen=True)
class Holidays:
    """Days off beside the weekends, and Saturdays worked instead of one."""

    off: frozenset[dt.date]
    worked: frozenset[dt.date]


@cache
def official_holidays() -> Holidays:
    """Give the holidays of the catalog; a year it does not list has its weekends only."""
    catalog = read_yaml(_CATALOG)
    return Holidays(*(frozenset(entry["on"] for entry in catalog[name]) for name in ("off", "worked")))


def due_on(start: dt.date, days: int) -> dt.date:
    """Give the last day of a limit of ``days`` working days that starts on ``start``, by the official holidays."""
    holidays = official_holidays()
    return due_day(start, days, off=holidays.off, worked=holidays.worked)


def _written(value: Any) -> Any:
    """Take a moment or a day written as ISO 8601, of a year that a limit may lie in."""
    if not isinstance(value, str) or not _FIRST_YEAR <= value[:4] <= _LAST_YEAR:
        raise ValueError("an ISO 8601 date or moment from 1900 to 2199 expected")
    return value


class WorkingDaysCase(BaseModel):
    """When something was received and how many working days it may take; without ``holidays`` the official ones."""

    model_config = ConfigDict(extra="forbid")
    start: Annotated[dt.datetime, BeforeValidator(_written), Field(alias="from")]
    days: Annotated[int, Field(ge=1, le=_MOST_DAYS)]
    holidays: Annotated[list[dt.date], Field(max_length=_MOST_DAYS)] | None = None


def answer_working_days(case: Any) -> dict[str, Any]:
    """Say on which day a limit in working days ends, for days in Việt Nam.

    :raises pydantic.ValidationError: the case has another shape
    """
    asked = WorkingDaysCase.model_validate(case)
    day = _day_of(asked.start)
    given = asked.holidays
    due = due_on(day, asked.days) if given is None else due_day(day, asked.days, off=frozenset(given))
    because = [{"article": article, "text": text} for article, text in _BECAUSE]
    return {"due": due.isoformat(), "rule": RULE, "because": because}


def _day_of(moment: dt.datetime) -> dt.date:
    return (moment.astimezone(_HERE) if moment.tzinfo else moment).date()


RULES = (RuleCommand("working-days", answer_working_days),)
