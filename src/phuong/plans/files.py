"""Plan files: the documented schema (docs/plans.md), and errors that name file, line and cure."""

import datetime as dt
import hashlib
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from phuong.plans.errors import BadPlanFile

Year = Annotated[int, Field(ge=2000, le=2100)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[\w./-]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TargetLine(_Strict):
    """One printed target: a number with its comparator, or words."""

    year: Year
    comparator: Literal[">=", ">", "=", "<=", "<"] | None = None
    value: Annotated[str, Field(pattern=r"^-?\d{1,10}(\.\d{1,4})?$")] | None = None
    text: Words | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        is_number = self.value is not None and self.comparator is not None and self.text is None
        is_words = self.text is not None and self.value is None and self.comparator is None
        if not is_number and not is_words:
            raise ValueError("target_kind")
        return self

    @property
    def number(self) -> Decimal | None:
        """Give the number exactly as printed."""
        return Decimal(self.value) if self.value is not None else None


class IndicatorLine(_Strict):
    """One indicator."""

    code: Code
    group: str | None = None
    title: Words
    title_en: str | None = None
    unit: Literal["percent", "count", "ratio", "yes_no", "level"]
    direction: Literal["up", "down"] = "up"
    targets: list[TargetLine]
    lead: str | None = None
    reporting: str | None = None
    scope: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    system: str | None = None
    same_as: list[str] = []
    doubts: list[Words] = []
    note: str | None = None

    @field_validator("targets")
    @classmethod
    def _one_a_year(cls, targets: list[TargetLine]) -> list[TargetLine]:
        years = [target.year for target in targets]
        if len(set(years)) < len(years):
            raise ValueError("duplicate_year")
        return targets


class TaskLine(_Strict):
    """One task."""

    code: Code
    group: str | None = None
    title: Words
    title_en: str | None = None
    lead: list[Words] = []
    partners: list[Words] = []
    timing: str | None = None
    product: str | None = None
    doubts: list[Words] = []
    note: str | None = None


class DutyLine(_Strict):
    """One reporting duty."""

    code: Code
    who: Words
    what: Words
    when: str | None = None


class PlanHead(_Strict):
    """What the plan is."""

    code: Code
    number: str | None = None
    title: Words
    title_en: str | None = None
    issuer: Words
    province: Annotated[str, Field(pattern=r"^\d{2}$")]
    issued_on: dt.date | str | None = None
    starts: Year
    ends: Year
    source: str | None = None
    note: str | None = None
    doubts: list[Words] = []

    @field_validator("issued_on")
    @classmethod
    def _day(cls, day: dt.date | str | None) -> dt.date | None:
        try:
            return dt.date.fromisoformat(day) if isinstance(day, str) else day
        except ValueError as error:
            raise ValueError("bad_date plan issued_on") from error


class PlanFile(_Strict):
    """A whole plan file."""

    plan: PlanHead
    indicators: list[IndicatorLine]
    tasks: list[TaskLine] = []
    duties: list[DutyLine] = []

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        for name in ("indicators", "tasks", "duties"):
            seen: set[str] = set()
            for place, line in enumerate(getattr(self, name)):
                if line.code in seen:
                    raise ValueError(f"duplicate_code {name} {place} {line.code}")
                seen.add(line.code)
        if self.plan.ends < self.plan.starts:
            raise ValueError("ends_before_starts plan ends")
        return self


def read_plan(file: Path) -> tuple[PlanFile, str]:
    """Read a plan file; gives the plan and the hash of its bytes.

    :raises BadPlanFile: with every place that is wrong, its line and the cure
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        cure = _("Không đọc được tệp: tệp phải có thật và là UTF-8.")
        raise BadPlanFile([_place(file.name, 1, "unreadable", "", cure)]) from error
    try:
        data = YAML(typ="safe", pure=False).load(text)
        plan = PlanFile.model_validate(data)
    except YAMLError as error:
        line = _line_of(error, text)
        cure = _("YAML viết sai: xem lại thụt lề và dấu hai chấm ở dòng này.")
        raise BadPlanFile([_place(file.name, line, "yaml", "", cure)]) from error
    except ValidationError as error:
        raise BadPlanFile(_places(file.name, text, error)) from error
    return plan, hashlib.sha256(text.encode()).hexdigest()


def _line_of(error: YAMLError, text: str) -> int:
    """Find the line at which YAML could not be read: of a mark, or of a forbidden character."""
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        return int(error.problem_mark.line) + 1
    return text.count("\n", 0, getattr(error, "position", 0)) + 1


def _places(name: str, text: str, error: ValidationError) -> list[dict[str, object]]:
    lines = YAML(typ="rt").load(StringIO(text))
    places = []
    for problem in error.errors():
        code, location = _code_and_location(problem)
        at = ".".join(str(part) for part in location)
        places.append(_place(name, _line(lines, location), code, at, _cure(code, problem)))
    return places


def _code_and_location(problem: Any) -> tuple[str, tuple[Any, ...]]:
    """Read the code of a problem; our own validators write it, and the place where it differs, into the message."""
    location = tuple(part for part in problem["loc"] if not (isinstance(part, str) and "[" in part))
    if problem["type"] != "value_error":
        return str(problem["type"]), location
    code, *rest = str(problem["ctx"]["error"]).split()
    if code == "duplicate_code":
        return code, (rest[0], int(rest[1]), "code")
    return code, tuple(rest) or location


def _line(tree: Any, location: tuple[Any, ...]) -> int:
    """Find the line of a place, or of the nearest thing around it."""
    line = 1
    for part in location:
        try:
            line = (tree.lc.key(part) if isinstance(part, str) else tree.lc.item(part))[0] + 1
            tree = tree[part]
        except (KeyError, IndexError, AttributeError, TypeError):
            break
    return line


def _place(file: str, line: int, code: str, at: str, message: str) -> dict[str, object]:
    return {"file": file, "line": line, "code": code, "at": at, "message": message}


def _cure(code: str, problem: Any) -> str:
    value = problem.get("input")
    cures = {
        "missing": _("Thiếu mục này: thêm vào."),
        "extra_forbidden": _("Mục lạ: xóa, hoặc sửa tên theo docs/plans.md."),
        "literal_error": _("Giá trị «%(value)s» không dùng được; chọn một trong: %(expected)s.")
        % {"value": value, "expected": (problem.get("ctx") or {}).get("expected", "")},
        "duplicate_code": _("Mã đã dùng ở trên: mỗi mã chỉ một lần."),
        "duplicate_year": _("Một năm chỉ có một chỉ tiêu: gộp hoặc bỏ bớt."),
        "target_kind": _("Chỉ tiêu phải có comparator và value (số), hoặc chỉ có text (lời)."),
        "bad_date": _("Ngày viết YYYY-MM-DD, ví dụ 2026-03-31."),
        "ends_before_starts": _("Năm kết thúc phải từ năm bắt đầu trở đi."),
        "string_pattern_mismatch": _('«%(value)s» không đúng dạng: số viết trong ngoặc kép, ví dụ "99.7".')
        % {"value": value},
    }
    return cures.get(code) or _("«%(value)s» sai kiểu dữ liệu: %(detail)s.") % {
        "value": value,
        "detail": problem["msg"],
    }
