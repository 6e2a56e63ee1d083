"""How the figure of each indicator is had: the catalog of decisions."""

from pathlib import Path
from typing import Any

from phuong.kernel.codelists import read_yaml

CATALOG = Path(__file__).parent / "catalog"
DECISIONS = CATALOG / "decisions.yaml"


def decided() -> dict[tuple[str, str], dict[str, Any]]:
    """Read the decision on every known indicator: counted, planned or reported."""
    if not DECISIONS.exists():
        return {}
    return {(line["plan"], str(line["code"])): line for line in read_yaml(DECISIONS)}
