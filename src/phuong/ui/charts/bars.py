"""Amounts side by side: the histogram, the stacked bar, the ranked bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from phuong.ui.charts.svg import EMPTY, Scale, box, clamp, drawing, figure, legend, line, swatch, table_view, words
from phuong.ui.formats import number
from phuong.ui.parts import state_of

Amount = float | int | Decimal
FLOOR, CEILING = 132, 20  # of the histogram's bars, in pixels


def histogram(
    counts: Sequence[int],
    labels: Sequence[object] = (),
    *,
    low: int = 0,
    title: object = "",
    of: object = "",
    label: str = "",
) -> SafeString:
    """Draw how often each bin occurs, counts on top.

    ``labels``: a name per bin, without them 0, 1, 2 …; ``low``: how many first bins are told in the colour of errors;
    ``of``: what a bin is, for the head of the table.
    """
    if not counts:
        return EMPTY
    names = [str(name) for name in (labels or range(len(counts)))]
    up, width = Scale(0, max(*counts, 1), 0, FLOOR - CEILING), 100 / len(counts)
    pieces = []
    for place, (count, name) in enumerate(zip(counts, names, strict=True)):
        left, tall = place * width, up.at(count)
        if count:
            kind = "f-late" if place < low else "f-info"
            pieces.append(box(left + width * 0.08, FLOOR - tall, width * 0.84, tall, kind=kind, radius=2))
            pieces.append(words(left + width / 2, FLOOR - tall - 5, number(count), anchor="middle", kind="val"))
        pieces.append(words(left + width / 2, FLOOR + 18, name, anchor="middle"))
    pieces.append(line(0, FLOOR, 100, FLOOR, kind="axis"))
    told = label or f"{title or gettext('Phân bố')}: " + ", ".join(
        f"{n}: {c}" for n, c in zip(names, counts, strict=True) if c
    )
    rows = [[name, number(count)] for name, count in zip(names, counts, strict=True)]
    table = table_view([of or gettext("Khoảng"), gettext("Số lượng")], rows, caption=told)
    return figure(drawing(pieces, height=FLOOR + 24, label=told), title=title, below=[table])


def stacked_bar(
    parts: Sequence[tuple[object, Amount]], *, title: object = "", unit: str = "", label: str = ""
) -> SafeString:
    """Draw the shares of one whole, at most five parts, with a legend of amounts and shares."""
    whole = sum(float(amount) for _, amount in parts)
    if whole <= 0:
        return EMPTY
    pieces, left, marks, rows = [], 0.0, [], []
    for place, (name, amount) in enumerate(parts[:5], start=1):
        part = float(amount) / whole * 100
        told = f"{name}: {number(amount)}{unit} ({number(part)}%)"
        pieces.append(box(left, 0, max(part - 0.4, 0.2), 20, kind=f"k{place}", radius=3, title=told))
        marks.append((swatch(f"k{place}"), told))
        rows.append([name, number(amount) + unit, f"{number(part)}%"])
        left += part
    said = label or "; ".join(str(told) for _, told in marks)
    table = table_view([gettext("Phần"), gettext("Số lượng"), gettext("Tỉ lệ")], rows, caption=str(title or said))
    return figure(drawing(pieces, height=20, label=said), title=title, below=[legend(marks), table])


@dataclass(frozen=True)
class _Rank:
    name: object
    value: Amount
    url: str
    tone: str


def ranked_bars(
    rows: Sequence[Sequence[object] | Mapping[str, object]],
    *,
    target: Amount | None = None,
    top: Amount | None = None,
    unit: str = "%",
    title: object = "",
) -> SafeString:
    """List names with a bar and a value, in the order given.

    ``rows``: (name, value, url, status), the last two may be left out, or mappings with these keys; ``top``: the value
    of a full bar, without it 100 for shares and else the greatest.
    """
    ranks = [_rank(row) for row in rows]
    if not ranks:
        return EMPTY
    full = float(top) if top is not None else 100.0 if unit == "%" else max(float(rank.value) for rank in ranks) or 1.0
    items = format_html_join(
        "", "<li>{}{}<b>{}</b></li>", ((_name(r), _bar(r, full, target), number(r.value) + unit) for r in ranks)
    )
    return figure(format_html('<ol class="ranks">{}</ol>', items), title=title)


def _rank(row: Sequence[object] | Mapping[str, object]) -> _Rank:
    if isinstance(row, Mapping):
        row = [row["name"], row["value"], row.get("url", ""), row.get("status", "info")]
    name, value, url, status = (*row, "", "info")[:4] if len(row) < 4 else row[:4]
    if len(row) == 3:
        url, status = row[2], "info"
    return _Rank(name, value, str(url or ""), state_of(status).tone)  # type: ignore[arg-type]


def _name(rank: _Rank) -> SafeString:
    return (
        format_html('<a href="{}">{}</a>', rank.url, rank.name)
        if rank.url
        else format_html("<span>{}</span>", rank.name)
    )


def _bar(rank: _Rank, full: float, target: Amount | None) -> SafeString:
    width = clamp(float(rank.value) / full * 100, 0, 100)
    pieces = [box(0, 0, 100, 8, kind="trk", radius=4), box(0, 0, width, 8, kind=f"f-{rank.tone}", radius=4)]
    if target is not None:
        place = clamp(float(target) / full * 100, 0.5, 99.5)
        pieces.append(line(place, -3, place, 11, kind="tick"))
    return format_html(
        '<svg class="ch" width="100%" height="8" aria-hidden="true">{}</svg>',
        format_html_join("", "{}", ((p,) for p in pieces)),
    )
