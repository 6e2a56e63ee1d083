"""Write docs/access.md: who is let in where, from the rows of the access matrix that the tests go through.

Usage: ``python tools/access.py``, from any directory.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.access.roles import ALL, EVERYBODY, NONE, WORLD, Roles  # noqa: E402
from tests.access.row import RELATIONS, Row  # noqa: E402
from tests.access.rows import AREAS, MATRIX  # noqa: E402
from tests.access.rows.calls import CALLS  # noqa: E402

PAGE = ROOT / "docs" / "access.md"
FEW = 4  # roles left out that are named instead of all those let in
INTRO = """# Who is let in where

Written by `tools/access.py` from the rows in `tests/access/rows`; do not edit by hand. `tests/test_access_matrix.py`
asks for every row as every role and as nobody: those named are let in, to all others it is not there (404), and nobody
is sent to the sign-in page. `tests/test_access_calls.py` does the same with keys of the REST interface.

{routes} routes, {methods} pairs of route and method, {rows} rows with what they are about, {roles} roles and nobody:
{decisions} decisions. Beside them {calls} calls of the REST interface.

Roles and what they are for: [identity](../src/phuong/identity/README.md).

## What a row is about

Everybody in the rows stands somewhere. "Own" and "other" are said from the school of the roles at schools.

"""
KEYS = """## Calls of the REST interface

A key opens what its permissions say, at the place of its unit; without one, and with a key of another place, nothing is
there.

"""


def page() -> str:
    """Write the whole page."""
    pairs = {(row.route, method) for row in MATRIX for method in row.methods.split()}
    tried = {(row.route, _said(row), row.of, method) for row in MATRIX for method in row.methods.split()}
    facts = {
        "routes": len({row.route for row in MATRIX}),
        "methods": len(pairs),
        "rows": len(tried),
        "roles": len(ALL),
        "decisions": len(tried) * (len(ALL) + 1),
        "calls": len(CALLS),
    }
    parts = [
        INTRO.format(**facts),
        *_lines(("About", "Meaning"), ((of or "–", meaning) for of, meaning in RELATIONS.items())),
    ]
    for area, rows in AREAS.items():
        parts += [f"\n## {area}\n\n", *_lines(("Route", "Methods", "About", "Let in"), _merged(rows))]
    parts += ["\n", KEYS, *_lines(("Call", "The key holds"), _calls())]
    return "".join(parts)


def _lines(head: Sequence[str], rows: object) -> Iterator[str]:
    for cells in [head, ["---"] * len(head), *rows]:  # type: ignore[misc]
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def _said(row: Row) -> str:
    """Give the words of the address that say what is done, beside the object."""
    return " ".join(word[1:] for word in row.args.split() if word.startswith("="))


def _merged(rows: list[Row]) -> Iterator[tuple[str, str, str, str]]:
    """Give one line for all methods and acts of a route about one thing that let in the same roles."""
    methods: dict[tuple[str, str, str, Roles], list[str]] = {}
    for row in rows:
        told = methods.setdefault((row.route, _said(row), row.of, row.roles), [])
        told += [method for method in row.methods.split() if method not in told]
    acts: dict[tuple[str, str, str, Roles], list[str]] = {}
    for (route, said, of, roles), told in methods.items():
        acts.setdefault((route, " ".join(told), of, roles), []).append(said)
    for (route, told, of, roles), said in acts.items():
        yield f"`{route}` {', '.join(filter(None, said))}".strip(), told, of or "–", _named(roles)


def _named(roles: Roles) -> str:
    if roles in (WORLD, EVERYBODY, NONE):
        return {WORLD: "the world", EVERYBODY: "everybody signed in", NONE: "nobody"}[roles]
    left_out = [role for role in ALL if role not in roles]
    if len(left_out) <= FEW:
        return "all but " + ", ".join(left_out)
    return ", ".join(role for role in ALL if role in roles)


def _calls() -> Iterator[tuple[str, str]]:
    for call in CALLS:
        path = call.path.split("?")[0].replace("*", "…").replace("ke-hoach", "…").replace("lists/sex", "lists/…")
        yield f"`{call.method} /{path}`", ", ".join(sorted(call.needs)) or "any"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
