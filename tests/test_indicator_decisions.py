"""Every indicator of every plan is decided once, and the page that says how is up to date."""

import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
INDICATORS = 189
COUNTED_AT_LEAST = 45
REASONED_EXTRA = {  # measures of record quality and of what units owe, which serve no printed indicator
    "academics.children_measured",
    "academics.classes_with_marks",
    "academics.honours",
    "academics.marks_in_time",
    "academics.promoted",
    "academics.sheets_in_time",
    "registry.ages_plausible",
    "registry.class_sizes_plausible",
    "registry.connection_checked",
    "registry.learners_filled",
    "registry.learners_fresh",
    "registry.learners_unique",
    "registry.learners_with_number",
    "registry.numbers_unique",
    "registry.seats_consistent",
    "registry.staff_with_number",
    "registry.units_with_contacts",
}
APPS = set(  # noqa: C405
    [
        "academics",
        "attendance",
        "transcripts",
        "diplomas",
        "admissions",
        "fees",
        "learning",
        "family",
        "health",
        "procedures",
        "documents",
        "maturity",
        "competence",
        "innovation",
        "assets",
        "security",
        "trust",
        "exchange",
        "statistics",
        "lake",
        "portal",
        "gateway",
        "identity",
        "plans",
    ]
)


@pytest.fixture(scope="module")
def tool() -> dict[str, Any]:
    """Load tools/indicators.py."""
    return runpy.run_path(str(ROOT / "tools" / "indicators.py"))


def test_every_indicator_is_decided_exactly_once(tool: dict[str, Any]) -> None:
    printed = [(plan["plan"]["code"], str(line["code"])) for plan in tool["plans"]() for line in plan["indicators"]]

    decided = [(line["plan"], str(line["code"])) for line in tool["decisions"]()]

    assert len(printed) == INDICATORS
    assert Counter(decided) == Counter(printed)


def test_a_decision_names_what_its_kind_needs_and_says_why(tool: dict[str, Any]) -> None:
    for line in tool["decisions"]():
        keys = {"counted": {"measure"}, "planned": {"app"}, "reported": set()}[line["decision"]]
        assert set(line) == {"plan", "code", "decision", "because"} | keys, line
        assert line["decision"] == "counted" or line["because"], line
        assert line.get("app") is None or line["app"] in APPS, line


def test_every_measure_named_exists_and_every_measure_serves(tool: dict[str, Any]) -> None:
    named = {line["measure"] for line in tool["decisions"]() if line["decision"] == "counted"}

    declared = set(tool["measures"]())

    assert named <= declared
    assert declared - named == REASONED_EXTRA


def test_enough_is_counted(tool: dict[str, Any]) -> None:
    ways = Counter(line["decision"] for line in tool["decisions"]())

    assert ways["counted"] >= COUNTED_AT_LEAST


def test_a_counted_indicator_and_its_measure_have_the_same_unit(tool: dict[str, Any]) -> None:
    units = {
        (plan["plan"]["code"], str(line["code"])): line["unit"]
        for plan in tool["plans"]()
        for line in plan["indicators"]
    }
    measures = tool["measures"]()

    for line in tool["decisions"]():
        if line["decision"] == "counted" and units[line["plan"], str(line["code"])] != "yes_no":
            assert measures[line["measure"]].unit == units[line["plan"], str(line["code"])], line


def test_the_page_of_indicators_is_up_to_date(tool: dict[str, Any]) -> None:
    written = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")

    assert written == tool["page"](), "run python tools/indicators.py"
