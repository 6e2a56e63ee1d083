"""What all charts share: scales, ticks, attribute numbers, the table under a chart, its legend."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

EMPTY = SafeString("")


def trim(value: float) -> str:
    """Write a coordinate with at most two decimals, never in the page's language."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def share(value: float) -> str:
    """Write a coordinate as a percentage of the drawing's width."""
    return f"{trim(value)}%"


def clamp(value: float, low: float, high: float) -> float:
    """Hold ``value`` between ``low`` and ``high``."""
    return max(low, min(high, value))


@dataclass(frozen=True)
class Scale:
    """A straight line from data to the drawing."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of ``value`` in the drawing."""
        spread = self.high - self.low
        return self.start if spread == 0 else self.start + (value - self.low) / spread * (self.end - self.start)


def nice_ticks(low: float, high: float, *, wanted: int = 4) -> list[float]:
    """Return round numbers that cover ``low`` to ``high`` in about ``wanted`` steps."""
    if high - low < 1e-6 * max(1.0, abs(low), abs(high)):
        high = low + max(1.0, abs(low))
    rough = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * index, 10) for index in range(first, last + 1)]


def fit(values: Sequence[float], *, percent: bool) -> list[float]:
    """Return ticks for ``values`` with some air; shares in hundredths stay between 0 and 100."""
    low, high = min(values), max(values)
    air = (high - low) * 0.15 or abs(high) * 0.1 or 1.0
    low, high = low - air, high + air
    if percent:
        low, high = max(0.0, low), min(100.0, high)
    elif min(values) >= 0:
        low = max(0.0, low)
    ticks = nice_ticks(low, high)
    return [tick for tick in ticks if tick <= 100] if percent and max(values) <= 100 else ticks


def line(x1: float, y1: float, x2: float, y2: float, *, kind: str) -> SafeString:
    """Draw a straight stroke; x in percent of the width, y in pixels."""
    places = (kind, share(x1), trim(y1), share(x2), trim(y2))
    return format_html('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', *places)


def dot(x: float, y: float, *, kind: str, radius: float = 4, title: str = "") -> SafeString:
    """Draw a point; its title shows under the pointer."""
    told = format_html("<title>{}</title>", title) if title else EMPTY
    return format_html(
        '<circle class="{}" cx="{}" cy="{}" r="{}">{}</circle>', kind, share(x), trim(y), trim(radius), told
    )


def words(x: float, y: float, text: object, *, anchor: str = "start", kind: str = "", dx: float = 0) -> SafeString:
    """Write a text into the drawing."""
    places = (share(x), trim(y), trim(dx), anchor, kind, text)
    return format_html('<text x="{}" y="{}" dx="{}" text-anchor="{}" class="{}">{}</text>', *places)


def box(  # noqa: PLR0913
    x: float, y: float, width: float, height: float, *, kind: str, radius: float = 0, title: str = ""
) -> SafeString:
    """Draw a rectangle; x and width in percent, y and height in pixels."""
    told = format_html("<title>{}</title>", title) if title else EMPTY
    places = (kind, share(x), trim(y), share(width), trim(height), trim(radius), told)
    return format_html('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}">{}</rect>', *places)


def joined(pieces: Iterable[SafeString]) -> SafeString:
    """Put drawn pieces one after the other."""
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def drawing(pieces: Iterable[SafeString], *, height: float, label: str, kind: str = "ch") -> SafeString:
    """Frame pieces as one picture as wide as its place, with a sentence that says what it shows."""
    return format_html(
        '<svg class="{}" width="100%" height="{}" role="img" aria-label="{}">{}</svg>',
        kind,
        trim(height),
        label,
        joined(pieces),
    )


def table_view(heads: Sequence[object], rows: Sequence[Sequence[object]], *, caption: str) -> SafeString:
    """Fold the numbers of a chart under it as a table: «Xem dạng bảng»."""
    top = format_html_join(
        "", '<th scope="col"{}>{}</th>', ((_numeric(place), head) for place, head in enumerate(heads))
    )
    body = format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows))
    return format_html(
        '<details class="fold"><summary>{}</summary><div class="scroll" role="region" tabindex="0" aria-label="{}">'
        '<table class="tbl"><caption class="vh">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
        "</div></details>",
        gettext("Xem dạng bảng"),
        caption,
        caption,
        top,
        body,
    )


def _numeric(place: int) -> SafeString:
    return SafeString(' class="num"') if place else EMPTY


def _cells(row: Sequence[object]) -> SafeString:
    head, *rest = row
    return format_html(
        '<th scope="row">{}</th>{}', head, format_html_join("", '<td class="num">{}</td>', ((c,) for c in rest))
    )


def legend(entries: Sequence[tuple[SafeString, object]]) -> SafeString:
    """List what each mark means."""
    return format_html('<ul class="legend">{}</ul>', format_html_join("", "<li>{}{}</li>", entries))


def swatch(kind: str, *, shape: str = "box") -> SafeString:
    """Draw the mark of a legend entry: a box, a stroke or a point."""
    if shape == "box":
        return format_html(
            '<svg aria-hidden="true" width="14" height="14">'
            '<rect class="{}" x="1" y="1" width="12" height="12" rx="3"/></svg>',
            kind,
        )
    if shape == "dot":
        return format_html(
            '<svg aria-hidden="true" width="14" height="14"><circle class="{}" cx="7" cy="7" r="4"/></svg>', kind
        )
    return format_html(
        '<svg aria-hidden="true" width="22" height="14"><line class="{}" x1="1" y1="7" x2="21" y2="7"/></svg>', kind
    )


def figure(
    picture: SafeString, *, title: object = "", subtitle: object = "", below: Sequence[SafeString] = ()
) -> SafeString:
    """Frame a picture with the finding as its title and the table below."""
    head = (
        format_html('<figcaption><div class="t">{}</div><div class="sub">{}</div></figcaption>', title, subtitle)
        if title
        else EMPTY
    )
    return format_html('<figure class="chart">{}{}{}</figure>', head, picture, joined(below))
