"""Official code lists: YAML catalogs with their source, loaded idempotently."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from phuong.kernel.keys import uuid7
from phuong.kernel.language import is_english
from phuong.kernel.models import CodeEntry


def load(folder: Path) -> int:
    """Load every list of ``folder``; entries that stand already are brought up to date. Gives the entries read."""
    rows = [row for file in sorted(folder.glob("*.yaml")) for row in _rows(read_yaml(file))]
    CodeEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["list", "code"],
        update_fields=["title", "title_en", "rank", "attributes", "valid_from", "valid_to", "source", "doubt"],
    )
    forget_lists()
    return len(rows)


def forget_lists() -> None:
    """Forget what was read of the lists: they changed."""
    entries_of.cache_clear()
    _attributes.cache_clear()


def read_yaml(file: Path) -> Any:
    """Read one YAML file as plain data."""
    return YAML(typ="safe", pure=False).load(file.read_text(encoding="utf-8"))


def _rows(catalog: dict[str, Any]) -> list[CodeEntry]:
    return [
        CodeEntry(
            id=uuid7(),
            list=catalog["list"],
            code=entry["code"],
            title=entry["title"],
            title_en=entry["title_en"],
            rank=entry.get("order", place),
            attributes=entry.get("attributes") or {},
            valid_from=entry.get("valid_from"),
            valid_to=entry.get("valid_to"),
            source=catalog["source"],
            doubt=entry.get("doubt") or catalog.get("doubt") or "",
        )
        for place, entry in enumerate(catalog["entries"])
    ]


@cache
def entries_of(list_code: str) -> dict[str, tuple[str, str]]:
    """Give ``{code: (Vietnamese title, English title)}`` of one list, in its order."""
    entries = CodeEntry.objects.filter(list=list_code).order_by("rank", "code")
    return {entry.code: (entry.title, entry.title_en) for entry in entries}


def title_of(list_code: str, code: str) -> str:
    """Give the title of one code in the reader's language; the code itself when the list lacks it."""
    titles = entries_of(list_code).get(code)
    if titles is None:
        return code
    return titles[1] if is_english() else titles[0]


@cache
def _attributes(list_code: str) -> dict[str, dict[str, Any]]:
    return dict(CodeEntry.objects.filter(list=list_code).values_list("code", "attributes"))


def attributes_of(list_code: str, code: str) -> dict[str, Any]:
    """Give the attributes of one code; none when the list lacks it."""
    return _attributes(list_code).get(code, {})
