"""The outline icons the platform uses, and the one sprite that carries them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

# One place for every icon: templates, navigation entries and tests refer to these names (those of Tabler outline).
_LISTED = """
alert-octagon alert-triangle apps arrow-left arrow-right arrows-exchange arrows-sort award bell book building
building-bank building-community calendar calendar-clock calendar-event certificate chart-bar chart-histogram
chart-line check chevron-down chevron-left chevron-right chevron-up circle-check circle-dashed circle-x
clipboard-check clipboard-data clipboard-list clipboard-text clock cloud-check copy database database-export
database-import device-desktop device-laptop dots download edit external-link eye file-analytics file-certificate
file-text filter filter-off fingerprint flag heart help-circle history home hourglass id-badge-2 inbox info-circle key
language layout-grid-add link list list-check list-details lock logout mail map map-2 map-pin menu-2 message messages
moon notebook phone player-stop plus printer progress refresh report report-analytics school search send settings
shield-check shield-lock soup speakerphone star sun switch-horizontal table target target-arrow template trash upload
user user-check users wallet wifi-off world x
"""
NAMES: tuple[str, ...] = tuple(_LISTED.split())
OWN: tuple[str, ...] = ("logo", "seal")
_SVG = "{http://www.w3.org/2000/svg}"


class UnknownIcon(LookupError):
    """An icon was asked for that the sprite does not carry."""


def sprite(own: Path) -> str:
    """Return the sprite: one ``symbol`` per name of :data:`NAMES` and :data:`OWN`, strokes left to the stylesheet.

    ``own``: the folder that holds our own drawings.
    """
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{_strokes(name)}</symbol>' for name in NAMES]
    symbols += [_own_symbol(own / f"{name}.svg") for name in OWN]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _own_symbol(path: Path) -> str:
    drawing = path.read_text(encoding="utf-8").strip().replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return drawing.replace("<svg ", f'<symbol id="{path.stem}" ').replace("</svg>", "</symbol>")


def _strokes(name: str) -> str:
    path = files("pytablericons").joinpath("icons", "outline", f"{name}.svg")
    if not path.is_file():
        raise UnknownIcon(name)
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314
    drawn = [child for child in root if child.get("stroke") != "none"]
    for child in drawn:
        child.tag = child.tag.removeprefix(_SVG)
    return "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in drawn)
