"""The tile map: one square a commune, equal weight for a tiny ward and a big island."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from phuong.ui.charts.svg import EMPTY, figure, legend, swatch
from phuong.ui.formats import number

CELL, SIDE = 33, 31  # distance of tiles and their side, in units of the drawing


@dataclass(frozen=True)
class Bins:
    """Four edges that cut values into five bins; the first bin lies under the first edge."""

    edges: tuple[float, float, float, float]
    unit: str = "%"

    def place(self, value: float | Decimal | None) -> int:
        """Return the bin of a value, 1 to 5; 0 where there is none."""
        return 0 if value is None else 1 + sum(float(value) >= edge for edge in self.edges)

    @property
    def names(self) -> list[str]:
        """Return the words of the five bins for the legend."""
        a, b, c, d = (number(int(edge) if edge == int(edge) else edge) for edge in self.edges)
        return [f"< {a}{self.unit}", f"{a}–{b}", f"{b}–{c}", f"{c}–{d}", f"≥ {d}"]


def tile_map(
    units: Iterable[Any],
    bins: Bins | Sequence[float] | None = None,
    *,
    unit: str = "%",
    title: object = "",
    label: str = "",
    note: object = "",
) -> SafeString:
    """Draw communes as tiles that are links.

    ``units``: mappings or objects with ``code``, ``short`` (at most three letters), ``name``, ``value`` (None: no
    data), ``url``, ``column``, ``row``; ``bin`` (0 to 5) may stand there already, else ``bins`` works it out.
    The links are no tab stops: a page beside it lists the same communes as a table.
    """
    cut = bins if isinstance(bins, Bins) or bins is None else Bins(tuple(bins), unit)  # type: ignore[arg-type]
    shown = [_read(one, cut) for one in units]
    if not shown:
        return EMPTY
    width = (max(one["column"] for one in shown) + 1) * CELL
    height = (max(one["row"] for one in shown) + 1) * CELL
    tiles = format_html_join("", "{}", ((_tile(one, cut.unit if cut else unit),) for one in shown))
    picture = format_html(
        '<svg class="ch tiles" viewBox="0 0 {} {}" width="100%" role="group" aria-label="{}"><defs>'
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>{}</svg>',
        width,
        height,
        label or gettext("Bản đồ ô, %(n)d đơn vị; số liệu từng đơn vị ở bảng kèm theo") % {"n": len(shown)},
        tiles,
    )
    below = [legend([(swatch(f"sw b{n}"), name) for n, name in enumerate(cut.names, start=1)])] if cut else []
    if note:
        below.append(format_html('<p class="sub">{}</p>', note))
    return figure(picture, title=title, below=below)


def _read(one: object, bins: Bins | None) -> dict[str, Any]:
    names = ("code", "short", "name", "value", "url", "column", "row", "bin")
    found = {name: one.get(name) if isinstance(one, Mapping) else getattr(one, name, None) for name in names}
    if found["bin"] is None:
        found["bin"] = bins.place(found["value"]) if bins else 0
    return found


def _tile(one: Mapping[str, Any], unit: str) -> SafeString:
    x, y = one["column"] * CELL + 1, one["row"] * CELL + 1
    told = gettext("chưa có số liệu") if one["value"] is None else number(one["value"]) + unit
    place = {"x": x, "y": y, "side": SIDE, "bin": one["bin"], "tx": x + SIDE / 2, "ty": y + SIDE / 2 + 4}
    hatch = format_html('<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="4" fill="url(#hatch)"/>', **place)
    ink = {0: "on-b0", 4: "on-hi", 5: "on-hi"}.get(one["bin"], "on-lo")
    body = format_html(
        "<title>{name}: {told}</title>"
        '<rect class="b{bin}" x="{x}" y="{y}" width="{side}" height="{side}" rx="4"/>{hatch}'
        '<text class="{ink}" x="{tx}" y="{ty}" aria-hidden="true">{short}</text>',
        **place,
        name=one["name"],
        told=told,
        hatch=EMPTY if one["bin"] else hatch,
        ink=ink,
        short=one["short"] or "",
    )
    if not one["url"]:
        return format_html("<g>{}</g>", body)
    return format_html('<a href="{}" tabindex="-1" aria-label="{}: {}">{}</a>', one["url"], one["name"], told, body)
