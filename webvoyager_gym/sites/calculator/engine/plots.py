"""Drawings made of numbers. What they say is in the picture alone: a page's words never hold text of an SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 560, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 14, 30
_LETTERS = "JFMAMJJASOND"
COLOURS = ("#2f855a", "#d69e2e", "#c05621", "#2b6cb0", "#805ad5")


def _svg(parts: Sequence[str], width: int = WIDTH, height: int = HEIGHT) -> Markup:
    return Markup(f'<svg class="plot" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(parts)}</svg>')


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    return f'<path class="{name}" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def curve(points: Sequence[tuple[float, float]], *, every: int = 1, unit: str = "") -> Markup:
    """A curve with its axes; a tick and a number at every so many units of x. Gaps are nan."""
    known = sorted(y for _, y in points if math.isfinite(y))
    # What shoots up at the ends must not flatten the rest.
    low, high = known[len(known) // 14], known[-1 - len(known) // 14]
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    low, high = low - (high - low) * 0.08, high + (high - low) * 0.08
    first, last = points[0][0], points[-1][0]

    def px(x: float) -> float:
        return _LEFT + (x - first) / (last - first) * (WIDTH - _LEFT - _RIGHT)

    def py(y: float) -> float:
        return _TOP + (high - y) / (high - low) * (HEIGHT - _TOP - _BOTTOM)

    parts = []
    step = _nice((high - low) / 5)
    for number in range(math.ceil(low / step), math.floor(high / step) + 1):
        parts.append(_line(_LEFT, py(number * step), WIDTH - _RIGHT, py(number * step), "grid"))
        parts.append(_text(_LEFT - 6, py(number * step) + 4, f"{number * step:g}", "end"))
    for number in range(math.ceil(first), math.floor(last) + 1):
        if number % every == 0:
            parts.append(_line(px(number), _TOP, px(number), HEIGHT - _BOTTOM, "grid"))
            parts.append(_text(px(number), HEIGHT - 10, f"{number}{unit}"))
    parts.append(_line(_LEFT, py(0), WIDTH - _RIGHT, py(0), "axis"))
    if first <= 0 <= last:
        parts.append(_line(px(0), _TOP, px(0), HEIGHT - _BOTTOM, "axis"))
    path, pen = "", "M"
    for x, y in points:
        if not math.isfinite(y) or not low - (high - low) <= y <= high + (high - low):
            pen = "M"
            continue
        path += f"{pen}{px(x):.1f} {min(max(py(y), -40), HEIGHT + 40):.1f}"
        pen = "L"
    parts.append(f'<path class="curve" d="{path}"/>')
    return _svg(parts)


def _nice(size: float) -> float:
    """1, 2 or 5 times a power of ten, about this size."""
    power = 10.0 ** math.floor(math.log10(size))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= size)


def months(values: Sequence[float]) -> Markup:
    """Twelve bars with the first letters of the months below them."""
    highest = max(values)
    wide = (WIDTH - _LEFT - _RIGHT) / 12
    parts = [_line(_LEFT, HEIGHT - _BOTTOM, WIDTH - _RIGHT, HEIGHT - _BOTTOM, "axis")]
    for index, amount in enumerate(values):
        tall = amount / highest * (HEIGHT - _TOP - _BOTTOM)
        x, y = _LEFT + index * wide, HEIGHT - _BOTTOM - tall
        parts.append(f'<rect class="bar" x="{x + 6:.1f}" y="{y:.1f}" width="{wide - 12:.1f}" height="{tall:.1f}"/>')
        parts.append(_text(x + wide / 2, HEIGHT - 10, _LETTERS[index]))
    return _svg(parts)


def strip(values: Sequence[float], own: float) -> Markup:
    """Dots on a line at the places of the values, the own one larger; no numbers."""
    low, high = min(values), max(values)
    spots = [20 + (value - low) / ((high - low) or 1) * (WIDTH - 40) for value in values]
    mine = spots[values.index(own)]
    dots = [f'<circle class="dot" cx="{spot:.1f}" cy="22" r="6"/>' for spot in spots]
    return _svg(
        [_line(8, 22, WIDTH - 8, 22, "axis"), *dots, f'<circle class="own" cx="{mine:.1f}" cy="22" r="10"/>'], 560, 44
    )


def number_line(value: float) -> Markup:
    """A number on a line between round numbers."""
    step = _nice(max(abs(value), 1e-9) / 4)
    first = math.floor(value / step) - 3
    parts = [_line(8, 22, WIDTH - 8, 22, "axis")]
    for index in range(8):
        x = 40 + index * 68.5
        parts.append(_line(x, 15, x, 29, "axis"))
        parts.append(_text(x, 50, f"{(first + index) * step:,.10g}"))
    x = 40 + (value / step - first) * 68.5
    return _svg([*parts, f'<circle class="own" cx="{x:.1f}" cy="22" r="8"/>'], 560, 60)


def pie(shares: Sequence[float], labels: Sequence[str]) -> Markup:
    """A pie; the labels, words of the site's own, stand in its legend."""
    total, angle, parts = sum(shares), -math.pi / 2, []
    cx, cy, radius = 180.0, 145.0, 124.0
    for index, (share, label) in enumerate(zip(shares, labels, strict=True)):
        end = angle + share / total * 2 * math.pi
        large = int(end - angle > math.pi)
        x1, y1 = cx + radius * math.cos(angle), cy + radius * math.sin(angle)
        x2, y2 = cx + radius * math.cos(end), cy + radius * math.sin(end)
        shape = f"M{cx} {cy}L{x1:.1f} {y1:.1f}A{radius} {radius} 0 {large} 1 {x2:.1f} {y2:.1f}Z"
        parts.append(f'<path class="slice" fill="{COLOURS[index]}" d="{shape}"/>')
        y = 70 + index * 38
        parts.append(f'<rect x="372" y="{y - 13}" width="18" height="18" rx="4" fill="{COLOURS[index]}"/>')
        parts.append(_text(402, y + 1, label, "start"))
        angle = end
    return _svg(parts)


def triangle(a: float, b: float, c: float) -> Markup:
    """A triangle with its three sides to scale, c at the bottom; named by their letters."""
    x = (b * b + c * c - a * a) / (2 * c)
    y = math.sqrt(max(b * b - x * x, 0.0))
    low, high = min(0.0, x), max(c, x)
    scale = min(300 / (high - low), 150 / max(y, 1e-9))
    corners = [(30 + (px - low) * scale, 190 - py * scale) for px, py in ((0.0, 0.0), (c, 0.0), (x, y))]
    path = "L".join(f"{px:.1f} {py:.1f}" for px, py in corners)
    (x1, y1), (x2, y2), (x3, y3) = corners
    names = [
        _text((x2 + x3) / 2 + 12, (y2 + y3) / 2, "a"),
        _text((x1 + x3) / 2 - 12, (y1 + y3) / 2, "b"),
        _text((x1 + x2) / 2, y1 + 18, "c"),
    ]
    return _svg([f'<path class="shape" d="M{path}Z"/>', *names], 380, 220)
