"""Write docs/openapi.json and the shapes of phuong_client, or with ``--check`` say whether they are up to date."""

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "openapi.json"
SHAPES = ROOT / "src" / "phuong_client" / "shapes.py"
_HEAD = '''"""The shapes of what is read and written; made from docs/openapi.json by tools/openapi.py."""

from typing import Literal, NotRequired, TypedDict
'''
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_SKIPPED = (
    "Page",
    "Paging",
    "Listing",
    "Change",
    "Making",
    "Problem",
    "Giving",
    "Noting",
    "Stepping",
    "Settling",
    "CodeItem",
)


def shapes_of(document: Any) -> str:
    """Write a ``TypedDict`` for each thing that is read or written, a ``Literal`` for each code list."""
    kept = document["components"]["schemas"]
    codes = [name for name, facts in kept.items() if "enum" in facts]
    parts = [f"{name} = {_literal(kept[name]['enum'])}\n" for name in sorted(codes)]
    things = [name for name in sorted(kept) if name not in codes and _is_wanted(name)]
    return _HEAD + "\n" + "".join(parts) + "".join(_class(name, kept[name]) for name in things)


def _is_wanted(name: str) -> bool:
    return name == "KeyChange" or not name.endswith(_SKIPPED)


def _class(name: str, facts: Any) -> str:
    is_written = name.endswith(("Values", "Reporting"))
    required = [] if is_written else [key for key in facts["properties"] if key != "version"]
    lines = [f"    {key}: {_field(shape, key in required)}" for key, shape in facts["properties"].items()]
    words = facts.get("description") or ("Values to write." if is_written else "One record as it is read.")
    return f'\n\nclass {name}(TypedDict):\n    """{words}"""\n\n' + "\n".join(lines) + "\n"


def _field(shape: Any, is_required: bool) -> str:  # noqa: FBT001 - one question, one answer
    kind = _type(shape)
    return kind if is_required else f"NotRequired[{kind}]"


def _type(shape: Any) -> str:
    if "$ref" in shape:
        return str(shape["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in shape:
        return " | ".join(_type(each) for each in shape["anyOf"])
    if "enum" in shape:
        return _literal(shape["enum"])
    if shape.get("type") == "array":
        return f"list[{_type(shape['items'])}]"
    return _PLAIN[shape["type"]]


def _literal(values: list[str]) -> str:
    return "Literal[" + ", ".join(json.dumps(value) for value in values) + "]"


def main() -> int:
    """Write or compare."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phuong.config.settings")
    import django  # noqa: PLC0415

    django.setup()
    from phuong.gateway.rest import document_text  # noqa: PLC0415

    text = document_text()
    made = {DOCUMENT: text + "\n", SHAPES: shapes_of(json.loads(text))}
    if "--check" in sys.argv:
        return int(any(not file.exists() or file.read_text(encoding="utf-8") != new for file, new in made.items()))
    for file, new in made.items():
        file.write_text(new, encoding="utf-8")
        print(f"{file.name}: {len(new)} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
