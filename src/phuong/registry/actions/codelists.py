"""The official code lists."""

from pathlib import Path

from phuong.kernel.codelists import load

CODE_LISTS = Path(__file__).parents[1] / "catalog" / "lists"


def load_code_lists() -> int:
    """Bring the official code lists up to date from their catalogs; gives the entries read."""
    return load(CODE_LISTS)
