"""Lines in panels side by side, as SVG: enough for a curve, without a plotting library."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 440, 300, 60, 36, 56, 46
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""Told apart by the colour-blind as well (Okabe and Ito 2008)."""


TICKS_APART = 44
"""Pixels between two numbers on the horizontal axis; of those that lie closer some are left out."""


@dataclass(frozen=True)
class Panel:
    """One plot, from 0 upwards.

    Attributes:
        along: what the horizontal axis counts.
        lines: x and y of each line by name.
        logarithmic: whether each step to the right is a factor of 10 instead of a difference.
        unit: of y.
        intervals: low and high of each point of a line, by its name.
        levels: value, low and high of what is the same everywhere, by name; dashed, its interval shaded.
    """

    along: str
    lines: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    logarithmic: bool = False
    unit: str = "ms"
    intervals: Mapping[str, tuple[Sequence[float], Sequence[float]]] = field(default_factory=dict)
    levels: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    @property
    def highest(self) -> float:
        """Where the vertical axis ends."""
        drawn = [values for _, values in self.lines.values()]
        drawn += [high for _, high in self.intervals.values()]
        return _round_up(max(chain(*drawn, *self.levels.values()), default=1.0))


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
    xs = sorted({x for along, _ in panel.lines.values() for x in along}) or [1.0]
    highest = panel.highest
    scaled = [math.log10(x) if panel.logarithmic else x for x in xs]
    low, high = (scaled[0] if panel.logarithmic else 0.0), scaled[-1]
    end = WIDTH - RIGHT

    def across(x: float) -> float:
        place = math.log10(x) if panel.logarithmic else x
        return LEFT + (end - LEFT) * (place - low) / ((high - low) or 1.0)

    def up(y: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y / highest

    parts = []
    for share in range(5):
        y = highest * share / 4
        parts.append(f'<path d="M{LEFT} {up(y):.1f}H{end}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{up(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in _apart(xs if panel.logarithmic else [0.0, *xs], across):
        parts.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,.0f}</text>')
    colours = dict(zip([*panel.lines, *panel.levels], COLOURS, strict=False))
    for name, (value, least, most) in panel.levels.items():
        box = f'x="{LEFT}" y="{up(most):.1f}" width="{end - LEFT}" height="{up(least) - up(most):.1f}"'
        parts.append(f'<rect {box} fill="{colours[name]}" opacity="0.12"/>')
        dashes = f'stroke="{colours[name]}" stroke-width="2" stroke-dasharray="6 4"'
        parts.append(f'<path d="M{LEFT} {up(value):.1f}H{end}" {dashes}/>')
    for name, (along, values) in panel.lines.items():
        low_high = panel.intervals.get(name)
        for x, least, most in zip(along, *low_high, strict=True) if low_high else ():
            bar = f"M{across(x):.1f} {up(least):.1f}V{up(most):.1f}"
            parts.append(f'<path d="{bar}" stroke="{colours[name]}" stroke-width="2" opacity="0.5"/>')
        points = [(across(x), up(y)) for x, y in zip(along, values, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colours[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[name]}"/>' for x, y in points]
    for number, (name, colour) in enumerate(colours.items()):
        label = escape(f"{name}, {panel.unit}")
        parts.append(f'<text x="{LEFT}" y="{18 + 16 * number}" fill="{colour}">{label}</text>')
    middle = (LEFT + end) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(panel.along)}</text>')
    return "".join(parts)


def _apart(xs: Sequence[float], across: Callable[[float], float]) -> list[float]:
    """Of ascending numbers those, the last among them, that can stand beside each other."""
    kept: list[float] = []
    for x in reversed(xs):
        if not kept or across(kept[-1]) - across(x) >= TICKS_APART:
            kept.append(x)
    return kept


def _round_up(value: float) -> float:
    """The next 1, 2, 4, 6 or 8 times a power of ten; a quarter of each has few digits."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-9)))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if value <= step * power)
