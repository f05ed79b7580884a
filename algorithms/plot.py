"""Lines in panels side by side, as SVG: enough for a curve, without a plotting library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 440, 300, 60, 36, 56, 46
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Told apart by the colour-blind as well (Okabe and Ito 2008)."""


@dataclass(frozen=True)
class Panel:
    """One plot, of milliseconds from 0 upwards.

    Attributes:
        along: what the horizontal axis counts.
        lines: x and y of each line by name.
        logarithmic: whether each step to the right is a factor of 10 instead of a difference.
    """

    along: str
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    logarithmic: bool = False


def svg(panels: Sequence[Panel]) -> str:
    """The panels as one picture."""
    drawn = "".join(
        f'<g transform="translate({number * WIDTH} 0)">{_panel(panel)}</g>' for number, panel in enumerate(panels)
    )
    width = WIDTH * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>{drawn}</svg>\n'
    )


def _panel(panel: Panel) -> str:
    xs = sorted({x for along, _ in panel.lines.values() for x in along})
    highest = _round_up(max(y for _, up in panel.lines.values() for y in up))
    scaled = [math.log10(x) if panel.logarithmic else x for x in xs]
    low, high = (scaled[0] if panel.logarithmic else 0.0), scaled[-1]

    def across(x: float) -> float:
        place = math.log10(x) if panel.logarithmic else x
        return LEFT + (WIDTH - LEFT - RIGHT) * (place - low) / ((high - low) or 1.0)

    def up(y: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y / highest

    parts = []
    for share in range(5):
        y = highest * share / 4
        parts.append(f'<path d="M{LEFT} {up(y):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{up(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in xs:
        parts.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,.0f}</text>')
    for number, (name, (along, values)) in enumerate(panel.lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = [(across(x), up(y)) for x, y in zip(along, values, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        parts.append(f'<text x="{LEFT}" y="{18 + 16 * number}" fill="{colour}">{escape(name)}, ms</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(panel.along)}</text>')
    return "".join(parts)


def _round_up(value: float) -> float:
    """The next 1, 2 or 4 times a power of ten; a quarter of each has few digits."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-9)))
    return next(step * power for step in (1, 2, 4, 10) if value <= step * power)
