"""Builds everything the browser loads from our own sources and from PyPI packages; no Node, no network."""

from __future__ import annotations

import hashlib
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from shutil import copyfile

from phuong.ui.icons import sprite
from phuong.ui.typeface import WEIGHTS, build_weight

HERE = Path(__file__).parent
SOURCES = HERE / "static_src"
TARGET = HERE / "static" / "ui"
STYLES = ("tokens.css", "shell.css", "parts.css", "forms.css", "charts.css", "small.css")  # joined in this order
COPIED = (
    "palette.js",
    "passkey.js",
    "gradebook.js",
    "remarks.js",
    "phrases.js",
    "gradebook.css",
    "primary.js",
    "primary.css",
    "logo.svg",
    "favicon.svg",
)
PACKAGES = ("fontpkg-be-vietnam-pro", "pytablericons", "django-htmx", "fonttools", "brotli")
STAMP = "built.txt"


def build(target: Path = TARGET) -> bool:
    """Bring ``target`` up to date; return whether anything had to be built."""
    stamp, wanted = target / STAMP, fingerprint()
    if (
        stamp.is_file()
        and stamp.read_text(encoding="ascii") == wanted
        and all((target / n).is_file() for n in outputs())
    ):
        return False
    target.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        build_weight(weight, target / font_name(weight))
    (target / "icons.svg").write_text(sprite(SOURCES), encoding="utf-8")
    (target / "phuong.css").write_text(stylesheet(), encoding="utf-8")
    (target / "htmx.min.js").write_bytes(_htmx())
    for name in COPIED:
        copyfile(SOURCES / name, target / name)
    stamp.write_text(wanted, encoding="ascii")
    return True


def outputs() -> tuple[str, ...]:
    """Return the names of all files a build leaves in its target."""
    return (*map(font_name, WEIGHTS), "icons.svg", "phuong.css", "htmx.min.js", *COPIED)


def font_name(weight: int) -> str:
    """Return the file name of one weight of the typeface."""
    return f"be-vietnam-pro-{weight}.woff2"


def stylesheet() -> str:
    """Return our style sheets joined, without comments and idle white space."""
    return squeeze("\n".join((SOURCES / name).read_text(encoding="utf-8") for name in STYLES))


def squeeze(css: str) -> str:
    """Take comments and idle white space out of ``css``; strings in it must not hold runs of white space."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    bare = re.sub(r"\s+", " ", bare)
    bare = re.sub(r" ?([{};,]) ?", r"\1", bare)
    return re.sub(r": (?=[^{}]*[;}])", ":", bare).replace(";}", "}").strip() + "\n"


def fingerprint() -> str:
    """Return a digest of all that a build reads: our sources, these modules, the versions of the packages."""
    digest = hashlib.sha256()
    for path in sorted([*SOURCES.iterdir(), HERE / "assets.py", HERE / "icons.py", HERE / "typeface.py"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for package in PACKAGES:
        digest.update(f"{package}={version(package)}\n".encode())
    return digest.hexdigest()


def _htmx() -> bytes:
    # htmx 4 swaps 422 answers by itself and keeps no page copies in localStorage; see the design brief, section 1.
    return files("django_htmx").joinpath("static", "django_htmx", "htmx-4.min.js").read_bytes()


if __name__ == "__main__":
    build()
