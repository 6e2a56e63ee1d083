"""Direction over years: the line chart and the targets-as-steps chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from phuong.ui.charts.svg import (
    EMPTY,
    Scale,
    dot,
    drawing,
    figure,
    fit,
    legend,
    line,
    swatch,
    table_view,
    words,
)
from phuong.ui.formats import number
from phuong.ui.parts import state_of

Amount = float | int | Decimal
Points = Sequence[tuple[Amount, Amount]]
HEIGHT, TOP, BOTTOM = 248, 18, 218  # of the drawing; of the plot, in pixels
LEFT, RIGHT = 10.0, 92.0  # of the plot, in percent of the width; lines with labels at their end stop earlier
RIGHT_LABELLED, LABEL_GAP = 84.0, 16


@dataclass(frozen=True)
class Series:
    """One group over time: its name and its (x, y) points, x rising."""

    name: object
    points: Points = field(default=())


@dataclass(frozen=True)
class _Plane:
    across: Scale
    down: Scale
    ticks: Sequence[float]
    unit: str

    def x(self, value: Amount) -> float:
        return self.across.at(float(value))

    def y(self, value: Amount) -> float:
        return self.down.at(float(value))


def step_chart(  # noqa: PLR0913
    targets: Points,
    actual: Points,
    projection: Points = (),
    *,
    title: object = "",
    unit: str = "%",
    status: str = "info",
    label: str = "",
) -> SafeString:
    """Draw targets by year as steps, what was reached as a line, what is to be expected as a dashed line.

    All series hold (year, value), years rising; a year may have a fraction. ``status`` colours the actual line.
    """
    every = [*targets, *actual, *projection]
    if not every:
        return EMPTY
    plane, tone = _plane(every, unit), state_of(status).tone
    pieces = [*_frame(plane, _years(every)), *_steps(plane, targets)]
    if projection:
        start = actual[-1:] if actual else ()
        pieces += _strokes(plane, [*start, *projection], kind=f"ln proj s-{tone}")
    pieces += _strokes(plane, actual, kind=f"ln s-{tone}")
    pieces += _dots(plane, actual, kind=f"pt f-{tone}")
    pieces += _last_label(plane, actual)
    told = label or _told(title, targets, actual, unit)
    picture = drawing(pieces, height=HEIGHT, label=told)
    return figure(
        picture,
        title=title,
        below=[_step_legend(tone, projection), _step_table(targets, actual, projection, unit, told)],
    )


def line_chart(series: Sequence[Series], *, title: object = "", unit: str = "", label: str = "") -> SafeString:
    """Draw up to five groups over time, each named and valued at its end."""
    shown = [one for one in series[:5] if one.points]
    every = [point for one in shown for point in one.points]
    if not every:
        return EMPTY
    plane = _plane(every, unit, RIGHT_LABELLED)
    pieces = _frame(plane, _years(every))
    for place, one in enumerate(shown, start=1):
        pieces += _strokes(plane, one.points, kind=f"ln l{place}")
        pieces += _dots(plane, one.points[-1:], kind=f"pt k{place}")
    pieces += _end_labels(plane, shown)
    told = label or "; ".join(f"{one.name}: {number(one.points[-1][1])}{unit}" for one in shown)
    marks = [(swatch(f"ln l{place}", shape="line"), one.name) for place, one in enumerate(shown, start=1)]
    rows = [[_year(x), *(_value_at(one.points, x, unit) for one in shown)] for x in _years(every)]
    table = table_view([gettext("Năm"), *(one.name for one in shown)], rows, caption=told)
    return figure(drawing(pieces, height=HEIGHT, label=told), title=title, below=[legend(marks), table])


def _plane(every: Points, unit: str, right: float = RIGHT) -> _Plane:
    years = [float(x) for x, _ in every]
    ticks = fit([float(y) for _, y in every], percent=unit == "%")
    low, high = min(years), max(years)
    across = Scale(low, high, LEFT, right) if high > low else Scale(low - 1, low + 1, LEFT, right)
    return _Plane(across, Scale(ticks[0], ticks[-1], BOTTOM, TOP), ticks, unit)


def _years(every: Points) -> list[float]:
    return sorted({float(x) for x, _ in every})


def _frame(plane: _Plane, years: Sequence[float]) -> list[SafeString]:
    pieces = []
    for place, tick in enumerate(plane.ticks):
        y = plane.y(tick)
        pieces.append(line(0, y, 100, y, kind="grid" if place else "axis"))
        unit = plane.unit if place == len(plane.ticks) - 1 else ""
        pieces.append(words(0, y - 4, _tick(tick) + unit))
    whole = [year for year in years if year == int(year)] or list(years)
    every_nth = max(1, -(-len(whole) // 7))
    for year in whole[::-1][::every_nth]:
        pieces.append(words(plane.x(year), BOTTOM + 20, _year(year), anchor="middle"))
    return pieces


def _strokes(plane: _Plane, points: Points, *, kind: str) -> list[SafeString]:
    ends = [(plane.x(x), plane.y(y)) for x, y in points]
    return [line(x1, y1, x2, y2, kind=kind) for (x1, y1), (x2, y2) in pairwise(ends)]


def _steps(plane: _Plane, targets: Points) -> list[SafeString]:
    ends = [(plane.x(x), plane.y(y)) for x, y in targets]
    pieces = []
    for (x1, y1), (x2, y2) in pairwise(ends):
        pieces += [line(x1, y1, x2, y1, kind="aim-ln"), line(x2, y1, x2, y2, kind="aim-ln")]
    pieces += [dot(x, y, kind="aim-dot", radius=3.5) for x, y in ends]
    if targets:
        year, value = targets[-1]
        pieces.append(words(plane.x(year), plane.y(value) - 9, number(value) + plane.unit, anchor="middle"))
    return pieces


def _dots(plane: _Plane, points: Points, *, kind: str) -> list[SafeString]:
    told = [(plane.x(x), plane.y(y), f"{_year(x)}: {number(y)}{plane.unit}") for x, y in points]
    return [dot(x, y, kind=kind, title=title) for x, y, title in told]


def _last_label(plane: _Plane, points: Points) -> list[SafeString]:
    if not points:
        return []
    year, value = points[-1]
    x, text = plane.x(year), number(value) + plane.unit
    if x > plane.across.end - 8:
        return [words(x, plane.y(value) + 20, text, anchor="middle", kind="val")]
    return [words(x, plane.y(value) + 16, text, kind="val", dx=8)]


def _end_labels(plane: _Plane, shown: Sequence[Series]) -> list[SafeString]:
    """Write the last values beside the ends of the lines, pushed apart where they would touch."""
    ends = sorted((plane.y(one.points[-1][1]), plane.x(one.points[-1][0]), number(one.points[-1][1])) for one in shown)
    pieces, lowest = [], float("-inf")
    for y, x, text in ends:
        lowest = max(y, lowest + LABEL_GAP)
        pieces.append(words(x, lowest + 4, text + plane.unit, kind="val", dx=9))
    return pieces


def _step_legend(tone: str, projection: Points) -> SafeString:
    marks: list[tuple[SafeString, object]] = [(swatch(f"ln s-{tone}", shape="line"), gettext("đạt được"))]
    if projection:
        marks.append((swatch(f"ln proj s-{tone}", shape="line"), gettext("dự báo")))
    marks.append((swatch("aim-ln", shape="line"), gettext("chỉ tiêu")))
    return legend(marks)


def _step_table(targets: Points, actual: Points, projection: Points, unit: str, caption: str) -> SafeString:
    heads = [gettext("Năm"), gettext("Chỉ tiêu"), gettext("Đạt được")]
    kinds = [targets, actual]
    if projection:
        heads.append(gettext("Dự báo"))
        kinds.append(projection)
    years = _years([*targets, *actual, *projection])
    rows = [[_year(year), *(_value_at(points, year, unit) for points in kinds)] for year in years]
    return table_view(heads, rows, caption=caption)


def _value_at(points: Points, year: float, unit: str) -> str:
    found = [value for x, value in points if float(x) == year]
    return number(found[-1]) + unit if found else ""


def _told(title: object, targets: Points, actual: Points, unit: str) -> str:
    parts = [str(title)] if title else []
    if actual:
        told = {"year": _year(actual[-1][0]), "value": number(actual[-1][1]) + unit}
        parts.append(gettext("Năm %(year)s đạt %(value)s") % told)
    if targets:
        told = {"year": _year(targets[-1][0]), "value": number(targets[-1][1]) + unit}
        parts.append(gettext("chỉ tiêu năm %(year)s là %(value)s") % told)
    return ", ".join(parts)


def _year(value: Amount) -> str:
    whole = float(value)
    return str(int(whole)) if whole == int(whole) else number(whole)


def _tick(value: float) -> str:
    return number(int(value)) if value == int(value) else number(value)
