"""Bring the English catalog up to date with the Vietnamese texts in code and templates.

Usage: ``python tools/messages.py [--check]``, from any directory; gettext itself need not be installed.

The source language is Vietnamese: msgids are what people read, the catalog holds the English. Texts come from
``gettext`` and its kin in Python, from the translation tags of templates, and from the labels of ``TextChoices``.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "phuong"
CATALOG = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
WIDTH = 110
HEADER = """# English texts of Phượng; the msgids are Vietnamese. `make messages` keeps this file in step with the code.
msgid ""
msgstr ""
"Project-Id-Version: phuong\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
_ONE, _MANY, _CONTEXT, _CONTEXT_MANY = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS: dict[str, Any] = {
    f"{name}{end}": places
    for name, places in (("gettext", _ONE), ("ngettext", _MANY), ("pgettext", _CONTEXT), ("npgettext", _CONTEXT_MANY))
    for end in ("", "_lazy", "_noop")
} | {"_": _ONE}
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
_TAG = re.compile(r"</?\w+")

Key = tuple[str, str]  # context, msgid
Id = str | tuple[str, ...]  # a msgid, or msgid and plural


def sources() -> Iterator[Path]:
    """List the Python files and templates whose texts people read."""
    for path in sorted(chain(PACKAGE.rglob("*.py"), PACKAGE.rglob("*.html"))):
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts):
            yield path


def texts_of(path: Path) -> Iterator[tuple[str, Id]]:
    """Give (context, msgid) of every text in one file; a plural text gives both its forms."""
    source = path.read_text(encoding="utf-8")
    code = _calls_of(source, path) if path.suffix == ".html" else source
    for _line, text, _comments, context in extract("python", BytesIO(code.encode()), KEYWORDS):
        if text:
            yield context or "", text
    if path.suffix == ".py":
        yield from (("", label) for label in labels_of(source))


def labels_of(source: str) -> Iterator[str]:
    """Give the bare labels of ``TextChoices``: the second item of each member's pair."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and any("TextChoices" in ast.unparse(base) for base in node.bases):
            for line in node.body:
                match line:
                    case ast.Assign(value=ast.Tuple(elts=[_, ast.Constant(value=str(label))])):
                        yield label


def collected() -> dict[Key, Id]:
    """Collect every text of the product; where one is used with and without a plural, the plural holds for both."""
    found: dict[Key, Id] = {}
    for path in sources():
        for context, text in texts_of(path):
            key = context, text if isinstance(text, str) else text[0]
            if key not in found or isinstance(text, tuple):
                found[key] = text
    return found


def kept() -> Catalog:
    """Read the catalog as it stands; an empty one where there is none yet."""
    if not CATALOG.exists():
        return Catalog(locale="en")
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en")


def merged(found: dict[Key, Id], old: Catalog) -> Catalog:
    """Give a catalog of exactly the texts ``found``, with the translations that ``old`` holds; nothing is guessed."""
    fresh = Catalog(locale="en")
    for (context, msgid), text in found.items():
        known = old.get(msgid, context or None)
        fits = known is not None and isinstance(known.string, str) == isinstance(text, str)
        fresh.add(text, known.string if known and fits else None, context=context or None)
    return fresh


def rendered(catalog: Catalog) -> str:
    """Write a catalog as text: sorted by msgid, without places or dates, so that only texts change it."""
    out = BytesIO()
    write_po(out, catalog, width=WIDTH, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    return HEADER + out.getvalue().decode()


def missing(catalog: Catalog) -> list[str]:
    """List the msgids without a translation, or with one plural form only."""
    return [_name(each.id) for each in catalog if each.id and not all(_forms(each.string))]


def obsolete(found: dict[Key, Id], old: Catalog) -> list[str]:
    """List the msgids of the catalog that nothing uses."""
    return [_name(each.id) for each in old if each.id and (each.context or "", _name(each.id)) not in found]


def unequal(catalog: Catalog) -> list[str]:
    """List the msgids whose translation has other placeholders or other HTML tags."""
    return [
        _name(each.id)
        for each in catalog
        if each.id and any(form and _marks(form) != _marks(_name(each.id)) for form in _forms(each.string))
    ]


def main() -> int:
    """Write the catalog, or with ``--check`` only say what is wrong with it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where the catalog is not in step")
    checks = parser.parse_args().check
    found, old = collected(), kept()
    fresh = merged(found, old)
    faults = [("untranslated", missing(fresh)), ("placeholders or tags differ", unequal(fresh))]
    if checks:
        faults.append(("no longer used", obsolete(found, old)))
    else:
        CATALOG.parent.mkdir(parents=True, exist_ok=True)
        CATALOG.write_text(rendered(fresh), encoding="utf-8")
    for fault, msgids in faults:
        for msgid in sorted(msgids):
            print(f"{fault}: {msgid}")
    return 1 if checks and any(msgids for _fault, msgids in faults) else 0


def _calls_of(template: str, path: Path) -> str:
    # Every call of templatize stands on one line; blanks before it would read as indentation.
    return "\n".join(line.strip() for line in templatize(template, origin=str(path)).splitlines())


def _name(text: Id) -> str:
    return text if isinstance(text, str) else text[0]


def _forms(text: Id | None) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def _marks(text: str) -> tuple[list[str], list[str]]:
    return sorted(_PLACEHOLDER.findall(text)), sorted(_TAG.findall(text))


if __name__ == "__main__":
    sys.exit(main())
