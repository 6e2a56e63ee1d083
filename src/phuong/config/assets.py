"""Everything that is built rather than written: static files and compiled translations."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command

from phuong.ui import assets

PACKAGE = Path(__file__).resolve().parents[1]


def build_all() -> None:
    """Build fonts, sprite, styles, and the compiled English catalog, where they are out of date."""
    assets.build(PACKAGE / "ui" / "static" / "ui")
    compile_translations()


def compile_translations() -> None:
    """Compile each ``.po`` that is newer than its ``.mo``; gettext itself need not be installed."""
    for source in (PACKAGE / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as catalog, compiled.open("wb") as target:
            write_mo(target, read_po(catalog))


def collect() -> None:
    """Gather hashed, compressed static files under ``PHUONG_HOME``, when any of them is newer than the last time."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    newest = max(file.stat().st_mtime for file in (PACKAGE / "ui" / "static").rglob("*") if file.is_file())
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        # a finder made before the first build knows nothing of its folder
        get_finder.cache_clear()  # type: ignore[attr-defined]
        call_command("collectstatic", interactive=False, verbosity=0)
