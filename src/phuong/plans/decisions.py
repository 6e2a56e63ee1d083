"""How the figure of each indicator is had: the catalog of decisions."""

from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml

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
