"""Every printed lead and partner of the shipped plans is matched to units, or stands in the catalog with a reason."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import phuong.plans
import phuong.registry
from phuong.kernel.codelists import read_yaml
from phuong.tasks.files import leads
from phuong.tasks.rules import TO, Lead, lead_of, plain_words

PLANS = Path(phuong.plans.__file__).parent / "catalog"
DIVISIONS = Path(phuong.registry.__file__).parent / "catalog" / "divisions.yaml"


def plans() -> list[dict[str, Any]]:
    read = [read_yaml(file) for file in sorted(PLANS.glob("*.yaml"))]
    return [content for content in read if isinstance(content, dict) and "tasks" in content]


def printed(column: str) -> list[tuple[str, str, str]]:
    words = {
        (content["plan"]["code"], str(content["plan"]["province"]), each)
        for content in plans()
        for task in content["tasks"]
        for each in task[column] or []
    }
    return sorted(words)


def divisions() -> dict[str, dict[str, Any]]:
    return {
        str(department["province"]): {each["code"]: each for each in department["divisions"]}
        for department in read_yaml(DIVISIONS)["departments"]
    }


def test_the_five_plans_print_257_tasks_and_17_leads() -> None:
    assert sum(len(content["tasks"]) for content in plans()) == 257
    assert len({words for _plan, _province, words in printed("lead")}) == 17


@pytest.mark.parametrize("column", ["lead", "partners"])
def test_no_printed_unit_is_dropped(column: str) -> None:
    unknown = [
        (plan, words)
        for plan, province, words in printed(column)
        if lead_of(words, leads(), province=province, plan=plan) is None
    ]

    assert unknown == []


@pytest.mark.parametrize("line", leads(), ids=lambda line: f"{line.words} {line.province}{line.plan}")
def test_every_line_names_its_unit_or_its_reason(line: Lead) -> None:
    assert line.to in TO
    assert bool(line.code) == (line.to == "division")
    assert bool(line.name) == (line.to == "unit")
    assert line.because or line.to != "outside"


def test_a_division_of_the_catalog_stands_today_and_bears_the_printed_name() -> None:
    for line in leads():
        if line.to == "division":
            division = divisions()[line.province][line.code]
            names = [plain_words(name) for name in (division["name"], *division["aliases"])]

            assert plain_words(line.words) in names
            assert not division.get("retired")


def test_no_line_stands_twice() -> None:
    keys = [(plain_words(line.words), line.province, line.plan) for line in leads()]

    assert len(keys) == len(set(keys))


def test_the_line_of_a_plan_comes_before_the_general_one() -> None:
    own = lead_of("Các cơ sở giáo dục", leads(), province="31", plan="cat-hai-nq57-2025")
    general = lead_of("Các cơ sở giáo dục", leads(), province="31", plan="hai-phong-5363-2025")

    assert own is not None
    assert own.name == "Đặc khu Cát Hải"
    assert general is not None
    assert general.to == "schools"


def test_dashes_case_and_spaces_make_no_other_unit() -> None:
    found = lead_of("PHÒNG  Kế hoạch – Tài chính", leads(), province="31", plan="")

    assert found is not None
    assert found.code == "KHTC"


@given(st.text(max_size=40))
def test_comparing_words_twice_changes_nothing(text: str) -> None:
    assert plain_words(plain_words(text)) == plain_words(text)
