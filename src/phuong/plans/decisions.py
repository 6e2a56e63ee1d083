"""The catalog: plan files, how the figure of each indicator is had, what several plans ask in the same way."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml
from phuong.plans.queries import Shared

CATALOG = Path(__file__).parent / "catalog"
DECISIONS = CATALOG / "decisions.yaml"
DEFINITIONS = CATALOG / "shared_definitions.yaml"


def shipped_plans() -> list[Path]:
    """List the plan files of the catalog."""
    return sorted(file for file in CATALOG.glob("*.yaml") if file not in (DECISIONS, DEFINITIONS))


def decided() -> dict[tuple[str, str], dict[str, Any]]:
    """Read the decision on every known indicator: counted, planned or reported."""
    if not DECISIONS.exists():
        return {}
    return {(line["plan"], str(line["code"])): line for line in read_yaml(DECISIONS)}


@lru_cache(maxsize=1)
def shared_definitions() -> tuple[Shared, ...]:
    """Read the definitions shared by the shipped plans."""
    content = read_yaml(DEFINITIONS)
    plans = {short: str(line["plan"]) for short, line in content["plans"].items()}

    def named(text: str) -> tuple[str, str]:
        short, _colon, code = text.partition(":")
        return plans[short], code

    return tuple(
        Shared(
            code=line["code"],
            title=line["title"],
            title_en=line["title_en"],
            formula=line["formula"],
            care=line.get("care", ""),
            groups=tuple(tuple(named(text) for text in group) for group in line["groups"]),
        )
        for line in content["definitions"]
    )


@lru_cache(maxsize=1)
def months_of_issue() -> dict[str, str]:
    """Give the month, or the year, in which a shipped plan was issued, where the scan leaves it out."""
    return {str(line["plan"]): str(line["issued"]) for line in read_yaml(DEFINITIONS)["plans"].values()}


def definition_of(plan_code: str, code: str) -> str:
    """Give the code of the shared definition of an indicator; empty when it stands alone."""
    key = (plan_code, code)
    return next((each.code for each in shared_definitions() if any(key in group for group in each.groups)), "")
