"""A standing as the points of a chart."""

from phuong.plans.queries import DAYS_A_YEAR, Standing

Points = list[tuple[float, float]]


def target_points(standing: Standing) -> Points:
    """Give (year, target) of every target that is a number."""
    return [(float(each.year), float(each.value)) for each in standing.targets if each.value is not None]


def series_points(standing: Standing) -> Points:
    """Give (year with fraction, figure) of the series counted."""
    return [
        (point.as_of.year + (point.as_of.timetuple().tm_yday - 1) / DAYS_A_YEAR, float(point.value))
        for point in standing.series
        if point.value is not None
    ]
