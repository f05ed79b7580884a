"""Curves with intervals as SVG: success by a number, a line for each way of acting."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from leaderboards.charts import WIDTH, free_height, highest_share, share_grid, short, svg
from webvoyager_gym.stats import Estimate

_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 56, WIDTH - 200, 16, 272, 318
_MARGIN = 36
"""Pixels between the ends of the axis and the outermost points."""
_APART = 9
"""Pixels between the points of neighbouring lines, whose intervals would hide each other."""

Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a figure.

    Attributes:
        name: at its end.
        points: (x, success with its interval), by ascending x; of a line with one point the share is drawn all across.
        baseline: whether it is what others are compared with, which has a colour of its own.
    """

    name: str
    points: tuple[tuple[float, Estimate], ...]
    baseline: bool = False


def curve_chart(lines: Sequence[Line], words: str, logarithmic: bool = False) -> Markup:
    """Success of each line by x.

    Args:
        words: what x is.
        logarithmic: of x, which is then above 0.
    """
    curves = [line for line in lines if len(line.points) > 1]
    places = sorted({place for line in curves for place, _ in line.points})
    shares = [share for line in lines for _, share in line.points if not math.isnan(share.value)]
    if not places or not shares:
        return Markup()
    most = highest_share(shares)
    along: Scale = math.log if logarithmic else float
    low, high = along(places[0]), along(places[-1])

    def x(place: float) -> float:
        return _LEFT + _MARGIN + (_RIGHT - _LEFT - 2 * _MARGIN) * (along(place) - low) / (high - low)

    def y(share: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * share / most

    parts = share_grid(most, _LEFT, _RIGHT, y)
    parts += [
        f'<text class="axis" x="{x(place):.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{short(place)}</text>'
        for place in places
    ]
    parts.append(
        f'<text class="axis" x="{(_LEFT + _RIGHT) / 2}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(words)}</text>'
    )
    taken: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda line: -line.points[-1][1].value):
        if line in curves:
            shift = _APART * (curves.index(line) - (len(curves) - 1) / 2)
            drawn = _curve([(x(place) + shift, share) for place, share in line.points], y)
        else:
            height = y(line.points[0][1].value)
            drawn = f'<line class="level" x1="{_LEFT}" x2="{_RIGHT}" y1="{height:.1f}" y2="{height:.1f}"/>'
        at = free_height(_RIGHT, y(line.points[-1][1].value), taken)
        look = "baseline" if line.baseline else f"line-{lines.index(line) % 3}"
        parts.append(
            f'<g class="{look}">{drawn}<text x="{_RIGHT + 10}" y="{at + 4:.1f}">{escape(line.name)}</text></g>'
        )
    return svg(_HEIGHT, f"Success by {words}", parts)


def _curve(points: Sequence[tuple[float, Estimate]], y: Scale) -> str:
    """The intervals, the line, and the points on it, at their places in the figure."""
    points = [(at, share) for at, share in points if not math.isnan(share.value)]
    intervals = (
        f'<line class="interval" x1="{at:.1f}" x2="{at:.1f}" y1="{y(share.low):.1f}" y2="{y(share.high):.1f}"/>'
        for at, share in points
    )
    way = " ".join(f"{at:.1f},{y(share.value):.1f}" for at, share in points)
    marks = (
        f'<circle class="mean" cx="{at:.1f}" cy="{y(share.value):.1f}" r="5"><title>{100 * share.value:.1f} %</title>'
        "</circle>"
        for at, share in points
    )
    return "".join([*intervals, f'<polyline class="way" points="{way}"/>', *marks])
