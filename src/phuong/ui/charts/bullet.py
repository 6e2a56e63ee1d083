"""Actual against target in one row: the bullet bar and the sparkline beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from phuong.ui.charts.svg import EMPTY, Scale, box, clamp, drawing, line, share, trim
from phuong.ui.formats import number
from phuong.ui.parts import state_of

Amount = float | int | Decimal


def bullet(  # noqa: PLR0913
    actual: Amount | None,
    target: Amount | None = None,
    final_target: Amount | None = None,
    status: str = "info",
    *,
    top: Amount = 100,
    unit: str = "%",
    label: str = "",
) -> SafeString:
    """Draw a bar for ``actual``, a tick for this year's ``target``, a hollow triangle for ``final_target``.

    ``top``: the value at the right end. ``status``: a code of :data:`phuong.ui.parts.STATES`, colours the bar.
    """
    scale = Scale(0, float(top) or 1.0, 0, 100)
    pieces = [box(0, 7, 100, 8, kind="trk", radius=4)]
    if actual is not None:
        width = clamp(scale.at(float(actual)), 0, 100)
        pieces.append(box(0, 7, width, 8, kind=f"f-{state_of(status).tone}", radius=min(4.0, width)))
    if target is not None:
        place = clamp(scale.at(float(target)), 0.8, 99.2)
        pieces.append(line(place, 2, place, 19, kind="tick"))
    if final_target is not None:
        pieces.append(_triangle(clamp(scale.at(float(final_target)), 2, 98)))
    told = label or _sentence(actual, target, final_target, unit)
    return drawing(pieces, height=26, label=told, kind="ch bullet")


def _triangle(place: float) -> SafeString:
    return format_html(
        '<svg x="{}" y="17" width="1" height="8" overflow="visible">'
        '<path class="goal" d="M-4.5 7.5 0 .5 4.5 7.5Z"/></svg>',
        share(place),
    )


def _sentence(actual: Amount | None, target: Amount | None, final_target: Amount | None, unit: str) -> str:
    told = (
        gettext("Đạt %(value)s") % {"value": number(actual) + unit}
        if actual is not None
        else gettext("Chưa có số liệu")
    )
    if target is not None:
        told += gettext(", chỉ tiêu năm %(value)s") % {"value": number(target) + unit}
    if final_target is not None:
        told += gettext(", đích %(value)s") % {"value": number(final_target) + unit}
    return told


def sparkline(
    values: Sequence[Amount | None], target: Amount | None = None, status: str = "info", *, label: str = ""
) -> SafeString:
    """Draw a small line of 84 by 26 px with a dotted target and an end dot in the colour of ``status``."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if not known:
        return EMPTY
    heights = [value for _, value in known] + ([float(target)] if target is not None else [])
    low, high = min(heights), max(heights)
    down = Scale(low, high, 22, 4) if high > low else Scale(low - 1, low + 1, 22, 4)
    across = Scale(0, max(len(values) - 1, 1), 2, 78)
    points = " ".join(f"{trim(across.at(place))},{trim(down.at(value))}" for place, value in known)
    aim = EMPTY
    if target is not None:
        aim = format_html('<line class="aim" x1="2" x2="78" y1="{0}" y2="{0}"/>', trim(down.at(float(target))))
    place, value = known[-1]
    told = label or gettext("Từ %(first)s đến %(last)s") % {"first": number(known[0][1]), "last": number(value)}
    return format_html(
        '<svg class="spark" width="84" height="26" role="img" aria-label="{}">{}<polyline class="ln" points="{}"/>'
        '<circle class="f-{}" cx="{}" cy="{}" r="3"/></svg>',
        told,
        aim,
        points,
        state_of(status).tone,
        trim(across.at(place)),
        trim(down.at(value)),
    )
