"""Pictures drawn as SVG from numbers alone: hotels in their scenery, towns, town maps, availability calendars.

What they show (a pool, a pin's colour, which days are full) stands nowhere else on the page that they are on.
"""

from __future__ import annotations

import calendar
import datetime
import math
from typing import Final

from markupsafe import Markup

from webvoyager_gym.sites.hotels.world import Hotel, Town
from webvoyager_gym.sites.kit import TODAY, generator, one_of

SKIES: Final = (
    ("#bfe0f5", "#f3f8fb"),
    ("#f9d8b4", "#fdf1e2"),
    ("#c9d6f2", "#f4f1fa"),
    ("#a9d8e6", "#eef8f4"),
    ("#f3c6c0", "#fbeee8"),
)
WALLS: Final = ("#f1e4cf", "#e7c9a9", "#d9dfe6", "#f3d6cd", "#cfdccb", "#e9e3f0", "#c98f72", "#f6efe3")
ROOFS: Final = ("#a4553c", "#5b6672", "#7a4a36", "#3f5d6e", "#8b3d3d", "#4d6349")
LAND: Final = (("#8fb77f", "#6d9c64"), ("#b8c58a", "#94a869"), ("#9fb6a5", "#7d9887"), ("#d8c79a", "#bfa873"))
PINS: Final = {
    "red": "#d3231f", "green": "#1f8f3a", "blue": "#1f5fd0", "yellow": "#f2c80f", "purple": "#7d2bb0",
    "orange": "#ee7a10", "pink": "#ee74b0", "black": "#17191c", "white": "#ffffff",
}  # fmt: skip
MAP_WIDTH, MAP_HEIGHT = 640, 420
FREE, FEW, FULL = "#bfe6c8", "#ffe08a", "#e2564d"


def hotel_picture(hotel: Hotel) -> Markup:
    """The hotel's house with its scenery, 320 x 200."""
    return _svg(320, 200, _scenery(hotel.art) + _house(hotel))


def town_picture(town: Town) -> Markup:
    """A row of roofs of the town, 320 x 200."""
    random = generator("town picture", town.art)
    parts = [_scenery(town.art)]
    x = -8
    while x < 320:
        width, height = int(random.integers(30, 58)), int(random.integers(42, 96))
        wall, roof = one_of(random, WALLS), one_of(random, ROOFS)
        parts.append(_rect(x, 172 - height, width, height, wall))
        parts.append(
            _polygon(roof, (x - 3, 172 - height), (x + width / 2, 172 - height - 22), (x + width + 3, 172 - height))
        )
        parts += [_rect(x + 8 + 16 * column, 184 - height, 8, 11, "#6f8ba0") for column in range((width - 10) // 16)]
        x += width + int(random.integers(0, 7))
    return _svg(320, 200, "".join(parts))


def town_map(town: Town) -> Markup:
    """Streets, a river and a park, MAP_WIDTH x MAP_HEIGHT; the pins are put on top of it by the page."""
    random = generator("town map", town.art)
    bend = int(random.integers(-70, 70))
    level = int(random.integers(120, 300))
    park_x, park_y = int(random.integers(60, 420)), int(random.integers(40, 260))
    parts = [
        _rect(0, 0, MAP_WIDTH, MAP_HEIGHT, "#eef0ea"),
        f'<rect x="{park_x}" y="{park_y}" width="130" height="92" rx="16" fill="#cfe5c2"/>',
        f'<path d="M-10 {level} C 200 {level + bend} 420 {level - bend} 650 {level + bend // 2}" '
        'stroke="#a9d1ea" stroke-width="26" fill="none"/>',
    ]
    for _ in range(5):
        a, b = (int(value) for value in random.integers(0, MAP_WIDTH, size=2))
        parts.append(f'<path d="M{a} -5 L{b} {MAP_HEIGHT + 5}" stroke="#fff" stroke-width="9"/>')
    for _ in range(4):
        a, b = (int(value) for value in random.integers(0, MAP_HEIGHT, size=2))
        parts.append(f'<path d="M-5 {a} L{MAP_WIDTH + 5} {b}" stroke="#fff" stroke-width="9"/>')
    return _svg(MAP_WIDTH, MAP_HEIGHT, "".join(parts))


def pin_places(town: Town, count: int) -> list[tuple[int, int]]:
    """Where the tips of so many pins are on the town's map, in pixels, none upon another."""
    random = generator("pins", town.art)
    cells = [(column, row) for row in range(3) for column in range(5)]
    chosen = random.permutation(len(cells))[:count].tolist()
    return [
        (
            64 + 126 * cells[cell][0] + int(random.integers(-26, 27)),
            92 + 132 * cells[cell][1] + int(random.integers(-24, 25)),
        )
        for cell in chosen
    ]


def pin_picture(colour: str) -> Markup:
    """A map pin of that colour, 36 x 44."""
    shape = "M18 42 C 12 32 4 26 4 16.5 A 14 14 0 0 1 32 16.5 C 32 26 24 32 18 42 Z"
    pin = f'<path d="{shape}" fill="{PINS[colour]}" stroke="#20252d" stroke-width="1.6"/>'
    return _svg(36, 44, pin + '<circle cx="18" cy="17" r="5" fill="#ffffffcc"/>')


def month_picture(hotel: Hotel, year: int, month: int) -> Markup:
    """A month, Monday first, 478 x 330; days are green (free), yellow (few rooms) or red (full), past days grey."""
    parts = [
        f'<text x="{34 + 68 * column}" y="18" font-size="14" fill="#59626e">{name}</text>'
        for column, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
    ]
    first, days = calendar.monthrange(year, month)
    for number in range(1, days + 1):
        day = datetime.date(year, month, number)
        row, column = divmod(first + number - 1, 7)
        colour = FULL if day in hotel.full else FEW if day in hotel.busy else FREE
        x, y = 3 + 68 * column, 28 + 50 * row
        if day < TODAY:
            colour = "#eceef1"
        parts.append(f'<rect x="{x}" y="{y}" width="62" height="45" rx="7" fill="{colour}"/>')
        parts.append(f'<text x="{x + 31}" y="{y + 29}" font-size="18" font-weight="600" fill="#191d23">{number}</text>')
    return _svg(478, 330, f'<g text-anchor="middle" font-family="Inter, sans-serif">{"".join(parts)}</g>')


def _scenery(art: int) -> str:
    """Sky, sun, and hills, mountains or the sea; the ground begins at y = 172."""
    random = generator("scenery", art)
    high, low = one_of(random, SKIES)
    near, far = one_of(random, LAND)
    kind = ("hills", "mountains", "sea")[int(random.integers(3))]
    sun_x, sun_y = int(random.integers(30, 290)), int(random.integers(24, 56))
    parts = [
        _rect(0, 0, 320, 200, low),
        _rect(0, 0, 320, 70, high),
        f'<ellipse cx="160" cy="70" rx="230" ry="26" fill="{low}"/>',
    ]
    parts.append(f'<circle cx="{sun_x}" cy="{sun_y}" r="15" fill="#ffe9a8"/>')
    if kind == "sea":
        parts += [
            _rect(0, 118, 320, 60, "#6fb3cc"),
            _rect(0, 132, 320, 3, "#9ccfe0"),
            _rect(40, 146, 180, 3, "#9ccfe0"),
        ]
        parts.append(_polygon("#ffffff", (270, 118), (270, 96), (286, 118)))
    else:
        height = 52 if kind == "mountains" else 24
        for number in range(4):
            x, rise = 90 * number - 30 + int(random.integers(0, 40)), height + int(random.integers(0, 26))
            if kind == "mountains":
                parts.append(_polygon("#93a3b3", (x - 60, 172), (x + 20, 172 - rise), (x + 100, 172)))
                parts.append(
                    _polygon("#f5f8fa", (x + 8, 172 - rise * 0.85), (x + 20, 172 - rise), (x + 32, 172 - rise * 0.85))
                )
            else:
                parts.append(f'<ellipse cx="{x + 30}" cy="176" rx="86" ry="{rise}" fill="{far}"/>')
    parts.append(_rect(0, 168, 320, 32, near))
    return "".join(parts)


def _house(hotel: Hotel) -> str:
    random = generator("house", hotel.art)
    wall, roof = one_of(random, WALLS), one_of(random, ROOFS)
    floors, columns = hotel.stars + int(random.integers(0, 2)), int(random.integers(4, 8))
    step_x, step_y = 20, min(24, 108 // floors)
    width, height = columns * step_x + 14, floors * step_y + 16
    x, top = int(random.integers(40, max(41, 270 - width))), 176 - height
    parts = [_tree(x - 22), _rect(x, top, width, height, wall)]
    match int(random.integers(3)):
        case 0:
            parts.append(_polygon(roof, (x - 6, top), (x + width / 2, top - 28), (x + width + 6, top)))
        case 1:
            parts.append(_rect(x - 5, top - 8, width + 10, 9, roof))
        case _:
            parts.append(
                _polygon(roof, (x - 5, top), (x + 12, top - 19), (x + width - 12, top - 19), (x + width + 5, top))
            )
    lit = random.random((floors, columns)) < 0.25
    door = columns // 2
    for floor in range(floors):
        for column in range(columns):
            left, above = x + 11 + column * step_x, top + 8 + floor * step_y
            if floor == floors - 1 and column == door:
                parts.append(_rect(left - 1, above, 14, 176 - above, roof))
            else:
                parts.append(_rect(left, above, 11, step_y - 9, "#ffe59a" if lit[floor, column] else "#6f8ba0"))
    parts += [_tree(x + width + 20), _tree(x + width + 46)]
    if "Pool" in hotel.facilities:
        parts.append(
            f'<ellipse cx="{x + width / 2:.0f}" cy="189" rx="58" ry="8" fill="#4fb6d8" stroke="#fff" stroke-width="2"/>'
        )
    return "".join(parts)


def _tree(x: float) -> str:
    height = 30 + math.floor((x * 7) % 17)
    return (
        _rect(x - 2, 150, 4, 26, "#7b5a3c")
        + f'<ellipse cx="{x:.0f}" cy="{176 - height}" rx="12" ry="{height // 2}" fill="#4f8a55"/>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"/>'


def _polygon(fill: str, *points: tuple[float, float]) -> str:
    return f'<polygon points="{" ".join(f"{x:g},{y:g}" for x, y in points)}" fill="{fill}"/>'


def _svg(width: int, height: int, body: str) -> Markup:
    """Everything in `body` comes from numbers and from tables of this file, so it needs no escaping."""
    return Markup(
        f'<svg viewBox="0 0 {width} {height}" preserveAspectRatio="xMidYMax slice" aria-hidden="true">{body}</svg>'
    )
