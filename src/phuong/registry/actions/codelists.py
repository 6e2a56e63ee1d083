"""The official code lists."""

from pathlib import Path
from typing import Any

from phuong.kernel.codelists import load, read_yaml

CODE_LISTS = Path(__file__).parents[1] / "catalog" / "lists"


def load_code_lists() -> int:
    """Bring the official code lists up to date from their catalogs; gives the entries read."""
    return load(CODE_LISTS)


def catalog_of(list_code: str) -> Any:
    """Read the catalog of one list as it is shipped: ``title``, ``title_en``, ``source``, ``entries``."""
    return read_yaml(CODE_LISTS / f"{list_code}.yaml")
