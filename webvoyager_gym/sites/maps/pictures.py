"""Pictures drawn as SVG from numbers alone: the map, its pins and the icons of categories, places' fronts.

What they show (which kind of place a pin or a button stands for, where on the map a letter is) is not in the words.
"""

from __future__ import annotations

from markupsafe import Markup

from webvoyager_gym.sites.kit import generator, one_of
from webvoyager_gym.sites.maps.routes import Route
from webvoyager_gym.sites.maps.world import COLUMNS, HEIGHT, WIDTH, Node, Place, World

COLOURS = {
    "cafe": "#a5652a", "restaurant": "#d1492e", "museum": "#6b5bb5", "library": "#2d6f9e", "pharmacy": "#c0264b",
    "park": "#2f8a46", "hotel": "#c2308f", "cinema": "#39424f",
}  # fmt: skip
ICONS = {
    "cafe": '<path d="M5 8h11v6a5 5 0 0 1-5 5h-1a5 5 0 0 1-5-5zM16 10h2a2.5 2.5 0 0 1 0 5h-2M8 5.5V3M12.5 5.5V3" {}/>',
    "restaurant": '<path d="M7 3v6M10 3v6M13 3v6M7 9a3 3 0 0 0 6 0M10 12v9M18 21V3c-2 1.5-3 5-3 8h3" {}/>',
    "museum": '<path d="M3 9l9-5.5L21 9zM5 20h14M6.5 9.5V18M10 9.5V18M14 9.5V18M17.5 9.5V18" {}/>',
    "library": '<path d="M12 6.5C9 4 6 4 3.5 4.5v14C6 18 9 18 12 20.5c3-2.5 6-2.5 8.5-2v-14C18 4 15 4 12 6.5z'
    'M12 6.5v14" {}/>',
    "pharmacy": '<path d="M9.5 3.5h5v6h6v5h-6v6h-5v-6h-6v-5h6z" {}/>',
    "park": '<path d="M12 3 6 11h3l-4.5 6h15L15 11h3zM12 17v4.5" {}/>',
    "hotel": '<path d="M3.5 20V5M3.5 16.5h17V20M20.5 16.5v-3a3 3 0 0 0-3-3h-8v6M6.5 13.300a1.6 1.6 0 1 0 0-.1" {}/>',
    "cinema": '<path d="M3.5 9.5h17V20h-17zM3.5 9.5 19.5 5M8 9.300l2-3M13 8.800l2-3.5M10.5 12.5v4.5l4-2.200z" {}/>',
}  # fmt: skip
_PEN = 'fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"'


def icon(category: str, size: int = 26) -> Markup:
    """The icon of a category, in its colour."""
    drawn = ICONS[category].replace("{}", _PEN.format(COLOURS[category]))
    return _svg("0 0 24 24", drawn, f'width="{size}" height="{size}"')


def pin(category: str) -> Markup:
    """A round pin with the category's icon, 36 x 36."""
    drawn = ICONS[category].replace("{}", _PEN.format("#fff"))
    return _svg(
        "0 0 36 36",
        f'<circle cx="18" cy="18" r="16.5" fill="{COLOURS[category]}" stroke="#fff" stroke-width="2"/>'
        f'<g transform="translate(6.5 6.5) scale(0.96)">{drawn}</g>',
    )


def letter_pin(letter: str) -> Markup:
    """A pin with a letter, or with a dot for "", 34 x 42."""
    inside = (
        f'<text x="17" y="22" text-anchor="middle" font-family="Inter, sans-serif" font-size="17" font-weight="700" '
        f'fill="#fff">{letter}</text>'
        if letter
        else '<circle cx="17" cy="16" r="5.5" fill="#fff"/>'
    )
    shape = '<path d="M17 41 C11 31 3 25 3 16 a14 14 0 0 1 28 0 C31 25 23 31 17 41z" fill="#d3231f" stroke="#fff" '
    return _svg("0 0 34 42", f'{shape}stroke-width="2"/>{inside}')


def city_map(world: World, route: Route | None, box: tuple[float, float, float, float]) -> Markup:
    """The part of the map in the box (x, y, width, height), with a route on it."""
    if "map" not in world.memo:
        world.memo["map"] = _base(world)
    drawn = world.memo["map"]
    if route is not None:
        points = " ".join(f"{world.nodes[node].x},{world.nodes[node].y}" for node in route.nodes)
        drawn += (
            f'<polyline points="{points}" fill="none" stroke="#fff" stroke-width="11" stroke-linejoin="round"/>'
            f'<polyline points="{points}" fill="none" stroke="#2563d9" stroke-width="6.5" stroke-linejoin="round" '
            'stroke-linecap="round"/>'
        )
    return _svg(" ".join(f"{value:g}" for value in box), drawn, 'preserveAspectRatio="none"')


def _base(world: World) -> str:
    """Land, parks, river, streets with their names, tram lines."""
    nodes = world.nodes
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#eceae2"/>']
    random = generator("maps blocks", world.city)
    for _ in range(330):
        x, y = int(random.integers(0, WIDTH)), int(random.integers(0, HEIGHT))
        size = f'width="{int(random.integers(9, 26))}" height="{int(random.integers(9, 22))}"'
        parts.append(f'<rect x="{x}" y="{y}" {size} rx="2" fill="#e2ded1"/>')
    for place in world.of("park"):
        spot = world.spot(place)
        parts.append(f'<rect x="{spot.x - 36}" y="{spot.y - 34}" width="72" height="68" rx="16" fill="#c6e3b8"/>')
    middle = [
        ((nodes[world.river * COLUMNS + x].y + nodes[(world.river + 1) * COLUMNS + x].y) / 2, nodes[x].x)
        for x in range(COLUMNS)
    ]
    course = f"M-20 {middle[0][0]:.0f} " + " ".join(f"L{x} {y:.0f}" for y, x in middle) + f" L680 {middle[-1][0]:.0f}"
    parts.append(f'<path d="{course}" stroke="#9fcdea" stroke-width="34" fill="none" stroke-linejoin="round"/>')
    for colour, width in (("#cfcabd", 13), ("#ffffff", 10)):
        for edge in world.edges:
            if not edge.path:
                parts.append(_line(nodes[edge.a], nodes[edge.b], colour, width))
    for edge in world.edges:
        if edge.path:
            parts.append(_line(nodes[edge.a], nodes[edge.b], "#7c9c6b", 3, 'stroke-dasharray="6 6"'))
    for line in world.lines:
        points = " ".join(f"{nodes[node].x},{nodes[node].y}" for node in line.nodes)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="3"/>')
        parts += [
            f'<circle cx="{nodes[n].x}" cy="{nodes[n].y}" r="5" fill="#fff" stroke="{line.colour}" stroke-width="3"/>'
            for n in line.nodes
        ]
    parts.append('<g font-family="Inter, sans-serif" font-size="11" font-weight="600" fill="#6a6558">')
    for row, name in enumerate(world.rows):
        spot = nodes[row * COLUMNS + 1 + row % 4]
        parts.append(f'<text x="{spot.x + 12}" y="{spot.y - 9}">{name}</text>')
    for column, name in enumerate(world.columns):
        spot = nodes[COLUMNS * (1 + 2 * (column % 3)) + column]
        parts.append(f'<text transform="translate({spot.x - 9} {spot.y + 14}) rotate(90)">{name}</text>')
    parts.append("</g>")
    return "".join(parts)


def front(place: Place) -> Markup:
    """The front of a place, or its trees, 320 x 130."""
    random = generator("maps front", place.art)
    colour = COLOURS[place.category]
    walls = ("#efe2cf", "#dfe5ea", "#f3ddd3", "#dde6d6", "#e9e0f0")
    parts = [
        '<rect width="320" height="130" fill="#d5e8f5"/>',
        '<rect y="108" width="320" height="22" fill="#b9b6ad"/>',
    ]
    if place.category == "park":
        parts[1] = '<rect y="96" width="320" height="34" fill="#9cc98a"/>'
        for _ in range(9):
            x, size = int(random.integers(10, 310)), int(random.integers(18, 34))
            parts.append(f'<path d="M{x} 104v-14" stroke="#7a5433" stroke-width="5"/>')
            parts.append(
                f'<circle cx="{x}" cy="{92 - size}" r="{size}" fill="hsl({int(random.integers(95, 140))} 38% 46%)"/>'
            )
    else:
        for x, width in ((-8, 92), (84, 152), (236, 92)):
            height = int(random.integers(74, 100))
            wall = one_of(random, walls)
            parts.append(f'<rect x="{x}" y="{108 - height}" width="{width}" height="{height}" fill="{wall}"/>')
            parts += [
                f'<rect x="{x + 12 + 24 * i}" y="{118 - height}" width="13" height="18" fill="#8fa6b8"/>'
                for i in range(width // 24 - (width % 24 < 12))
            ]
        parts.append('<rect x="94" y="72" width="132" height="36" fill="#34404d"/>')
        parts.append(f'<path d="M88 72h144l8 -18h-160z" fill="{colour}"/>')
        parts += [f'<path d="M{100 + 36 * i} 54h18l-2 18h-19z" fill="#ffffff66"/>' for i in range(4)]
        parts.append('<rect x="148" y="80" width="24" height="28" fill="#c9a87a"/>')
    return _svg("0 0 320 130", "".join(parts), 'preserveAspectRatio="xMidYMax slice"')


def _line(a: Node, b: Node, colour: str, width: float, more: str = "") -> str:
    return (
        f'<path d="M{a.x} {a.y}L{b.x} {b.y}" stroke="{colour}" stroke-width="{width}" stroke-linecap="round" {more}/>'
    )


def _svg(box: str, inside: str, more: str = "") -> Markup:
    return Markup(f'<svg viewBox="{box}" xmlns="http://www.w3.org/2000/svg" aria-hidden="true" {more}>{inside}</svg>')
