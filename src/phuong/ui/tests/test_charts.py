"""Charts: what they draw, what they say, and that data cannot break out of them."""

from xml.etree import ElementTree

import pytest
from django.utils import translation
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from phuong.ui import charts
from phuong.ui.charts.svg import nice_ticks

HOSTILE = '"><script>alert(1)</script>'
YEARS = [(2024, 40.0), (2025, 45.0), (2026, 52.3)]


def _drawn() -> dict[str, SafeString]:
    """Draw each chart once with a hostile name in every text."""
    unit = {"code": "1", "short": HOSTILE, "name": HOSTILE, "value": 61.5, "url": HOSTILE, "column": 0, "row": 0}
    return {
        "bullet": charts.bullet(52.3, 58, 64, "late", label=HOSTILE),
        "sparkline": charts.sparkline([1, None, 3], 4, "late", label=HOSTILE),
        "step_chart": charts.step_chart(YEARS, YEARS[:2], [(2027, 55)], title=HOSTILE),
        "line_chart": charts.line_chart([charts.Series(HOSTILE, YEARS)], title=HOSTILE),
        "histogram": charts.histogram([0, 2, 1], [HOSTILE, "b", "c"], low=1, title=HOSTILE, of=HOSTILE),
        "stacked_bar": charts.stacked_bar([(HOSTILE, 3), ("b", 1)], title=HOSTILE),
        "ranked_bars": charts.ranked_bars([(HOSTILE, 48.3, HOSTILE, "late"), ("b", 50)], target=60, title=HOSTILE),
        "tile_map": charts.tile_map([unit, {**unit, "value": None}], (60, 70, 80, 90), title=HOSTILE, note=HOSTILE),
    }


@pytest.mark.parametrize("name", list(_drawn()))
def test_a_chart_is_well_formed_and_keeps_data_as_text(name: str) -> None:
    markup = _drawn()[name]

    ElementTree.fromstring(f"<div>{markup}</div>")
    assert isinstance(markup, SafeString)
    assert "<script" not in markup
    assert "style=" not in markup
    assert "http" not in markup


@pytest.mark.parametrize("name", ["step_chart", "line_chart", "histogram", "stacked_bar"])
def test_a_chart_has_a_sentence_and_a_table(name: str) -> None:
    markup = _drawn()[name]

    assert 'role="img" aria-label="' in markup
    assert "Xem dạng bảng" in markup
    assert '<th scope="row">' in markup


def test_a_bullet_says_its_numbers() -> None:
    with translation.override("vi"):
        markup = charts.bullet(52.3, 58, 64, "late")

    assert 'aria-label="Đạt 52,3%, chỉ tiêu năm 58%, đích 64%"' in markup
    assert 'class="f-late" x="0%" y="7" width="52.3%"' in markup
    assert 'class="tick" x1="58%"' in markup


def test_a_bullet_without_a_value_draws_no_bar() -> None:
    with translation.override("vi"):
        markup = charts.bullet(None, 58)

    assert "Chưa có số liệu" in markup
    assert "f-info" not in markup


def test_nothing_is_drawn_from_nothing() -> None:
    drawn = [
        charts.sparkline([]),
        charts.sparkline([None, None]),
        charts.step_chart([], []),
        charts.line_chart([]),
        charts.histogram([]),
        charts.stacked_bar([]),
        charts.stacked_bar([("a", 0)]),
        charts.ranked_bars([]),
        charts.tile_map([], (60, 70, 80, 90)),
    ]

    assert drawn == [""] * 9


def test_coordinates_do_not_follow_the_language() -> None:
    with translation.override("vi"):
        markup = charts.sparkline([1.25, 2.5, 9.75])

    points = markup.split('points="')[1].split('"')[0]
    assert [len(pair.split(",")) for pair in points.split()] == [2, 2, 2]


def test_the_last_value_is_written_beside_the_line() -> None:
    with translation.override("vi"):
        markup = charts.step_chart([(2025, 48), (2026, 58)], YEARS)

    assert ">52,3%</text>" in markup
    assert ">58%</text>" in markup


def test_labels_of_close_lines_are_pushed_apart() -> None:
    series = [charts.Series(name, [(2025, 1), (2026, value)]) for name, value in (("a", 50), ("b", 50.1), ("c", 90))]

    markup = charts.line_chart(series)

    heights = sorted(float(part.split('y="')[1].split('"')[0]) for part in markup.split("<text") if 'dx="9"' in part)
    assert len(heights) == 3
    assert heights[2] - heights[1] >= 16


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8), st.sampled_from(["%", ""]))
def test_any_finite_series_can_be_drawn(values: list[float], unit: str) -> None:
    points = [(2020 + place, value) for place, value in enumerate(values)]

    drawn = (
        charts.line_chart([charts.Series("a", points)], unit=unit),
        charts.step_chart(points, points, unit=unit),
        charts.sparkline(values, values[0]),
    )

    assert [ElementTree.fromstring(one).tag for one in drawn] == ["figure", "figure", "svg"]


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_cover_the_values(low: float, spread: float) -> None:
    ticks = nice_ticks(low, low + spread)

    slack = 1e-3 * max(1.0, abs(low), spread)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= low + spread - slack
    assert 2 <= len(ticks) <= 8


def test_bins_take_their_lower_edge() -> None:
    bins = charts.Bins((60, 70, 80, 90))

    assert [bins.place(value) for value in (None, 0, 59.9, 60, 89.9, 90, 100)] == [0, 1, 1, 2, 4, 5, 5]
