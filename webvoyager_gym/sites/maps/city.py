"""The generator of the map site's worlds: streets, river, tram lines, places and the visitor's own things."""

from __future__ import annotations

import math

import numpy as np

from webvoyager_gym.sites.kit import generator, one_of, own_name, slug_of
from webvoyager_gym.sites.maps import names
from webvoyager_gym.sites.maps.world import (
    CATEGORIES,
    COLUMNS,
    HEIGHT,
    METRES,
    ROWS,
    WIDTH,
    Edge,
    Line,
    Node,
    Place,
    Review,
    World,
)

PLACES_EACH = (5, 5, 4, 4, 5, 4, 5, 4)
LANDMARKS = 6
WORDS_EACH = 32
"""How many words of each list a world uses, so that many names share one."""


def build_world(split: str, seed: int) -> World:
    """The world of a split and seed."""
    random = generator("maps", split, seed)

    def own(first: tuple[str, ...], second: tuple[str, ...], count: int, gap: str = " ") -> tuple[str, ...]:
        taken: set[str] = set()

        def name() -> str:
            return one_of(random, first) + gap + one_of(random, second)

        return tuple(own_name(name, split, taken) for _ in range(count))

    city = own(names.CITY_BEGINNINGS, names.CITY_ENDINGS, 1, "")[0]
    streets = own(names.STREET_WORDS, names.STREET_KINDS, ROWS + COLUMNS + 3)
    rows, columns, paths = streets[:ROWS], streets[ROWS : ROWS + COLUMNS], streets[ROWS + COLUMNS :]
    nodes = _nodes(random)
    river = int(random.integers(2, 5))
    bridges = tuple(sorted(random.permutation(COLUMNS)[:3].tolist()))
    edges = _edges(nodes, river, bridges, rows, columns, paths, random)
    lines = _lines(river, bridges, random)
    stopping = sorted({node for line in lines for node in line.nodes})
    stops = dict(zip(stopping, own(names.STREET_WORDS, names.STOP_KINDS, len(stopping)), strict=True))
    people = own(names.FIRST_NAMES, names.LAST_NAMES, 14)
    words = [
        tuple(random.permutation(words)[:WORDS_EACH].tolist()) for words in (names.PLACE_FIRST, names.PLACE_SECOND)
    ]
    titles = own(words[0], words[1], sum(PLACES_EACH))
    places = _places(titles, nodes, rows, columns, people, random)
    kept = random.permutation(len(places)).tolist()
    slugs = [places[number].slug for number in kept]
    return World(
        city,
        nodes,
        edges,
        river,
        bridges,
        rows,
        columns,
        lines,
        stops,
        places,
        people,
        starred=tuple(sorted(slugs[:3])),
        lists=tuple(
            (name, tuple(sorted(slugs[3 + 3 * number : 6 + 3 * number])))
            for number, name in enumerate(names.LIST_NAMES)
        ),
        labels=tuple(sorted(zip(slugs[12:14], random.choice(names.LABELS, 2, replace=False).tolist(), strict=True))),
    )


def _nodes(random: np.random.Generator) -> tuple[Node, ...]:
    """Crossings on a grid that is not quite straight, row after row."""
    across, down = WIDTH / COLUMNS, HEIGHT / ROWS
    return tuple(
        Node(
            round(across * (column + 0.5)) + int(random.integers(-15, 16)),
            round(down * (row + 0.5)) + int(random.integers(-15, 16)),
        )
        for row in range(ROWS)
        for column in range(COLUMNS)
    )


def _metres(a: Node, b: Node) -> int:
    return 10 * round(math.hypot(a.x - b.x, a.y - b.y) * METRES / 10)


def _edges(
    nodes: tuple[Node, ...],
    river: int,
    bridges: tuple[int, ...],
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    paths: tuple[str, ...],
    random: np.random.Generator,
) -> tuple[Edge, ...]:
    """Streets along rows and columns with gaps, the bridges, and three diagonal paths; everything can be reached."""
    edges: list[Edge] = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            node = row * COLUMNS + column
            if column + 1 < COLUMNS:
                edges.append(Edge(node, node + 1, rows[row], _metres(nodes[node], nodes[node + 1])))
            if row + 1 < ROWS and (row != river or column in bridges):
                edges.append(Edge(node, node + COLUMNS, columns[column], _metres(nodes[node], nodes[node + COLUMNS])))
    for gone in [edges[place] for place in random.permutation(len(edges))[:26].tolist()]:
        rest = [edge for edge in edges if edge != gone]
        is_bridge = gone.b - gone.a == COLUMNS and gone.a // COLUMNS == river
        if not is_bridge and _connected(rest) and random.random() < 0.6:
            edges = rest
    for name in paths:
        row = int(random.choice([row for row in range(ROWS - 1) if row != river]))
        column = int(random.integers(COLUMNS - 1))
        node = row * COLUMNS + column
        a, b = (node, node + COLUMNS + 1) if random.random() < 0.5 else (node + 1, node + COLUMNS)
        edges.append(Edge(a, b, name, _metres(nodes[a], nodes[b]), path=True))
    return tuple(edges)


def _connected(edges: list[Edge]) -> bool:
    reached, pending = {0}, [0]
    around: dict[int, list[int]] = {}
    for edge in edges:
        around.setdefault(edge.a, []).append(edge.b)
        around.setdefault(edge.b, []).append(edge.a)
    while pending:
        for other in around.get(pending.pop(), ()):
            if other not in reached:
                reached.add(other)
                pending.append(other)
    return len(reached) == ROWS * COLUMNS


def _lines(river: int, bridges: tuple[int, ...], random: np.random.Generator) -> tuple[Line, ...]:
    """One line from west to east and one from north to south over a bridge; not every crossing is a stop."""
    row = int(random.choice([river - 1, river + 1, river + 2]))
    column = int(random.choice(bridges))
    east = [row * COLUMNS + x for x in range(COLUMNS) if x in (0, 2, 3, 5, 6) or x == column]
    south = [y * COLUMNS + column for y in range(ROWS) if y in (0, 1, 3, 5, 6) or y == row]
    return Line("Tram 1", "#d4572a", tuple(east)), Line("Tram 2", "#7a3fb0", tuple(south))


def _places(
    titles: tuple[str, ...],
    nodes: tuple[Node, ...],
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    people: tuple[str, ...],
    random: np.random.Generator,
) -> tuple[Place, ...]:
    places: list[Place] = []
    spots = random.permutation(len(nodes)).tolist()
    # All places of one category are closed on Sundays, and the best ones of some others.
    resting = int(random.integers(len(CATEGORIES)))
    for number, (category, count) in enumerate(zip(CATEGORIES, PLACES_EACH, strict=True)):
        ratings = random.permutation(range(26, 50))[:count].tolist()
        for which in range(count):
            name, node = titles[len(places)], spots[len(places)]
            street = rows[node // COLUMNS] if random.random() < 0.5 else columns[node % COLUMNS]
            writers = random.permutation(len(people))[:3].tolist()
            remarks = random.permutation(len(names.REMARKS)).tolist()
            best = ratings[which] == max(ratings)
            places.append(
                Place(
                    slug_of(name),
                    name,
                    category,
                    node,
                    f"{int(random.integers(1, 90))} {street}",
                    f"555-{int(random.integers(1000, 10000))}",
                    ratings[which] / 10,
                    _hours(random, resting=number == resting or (best and number % 2 == resting % 2)),
                    tuple(
                        Review(people[who], int(random.integers(1, 6)), names.REMARKS[remarks[line]])
                        for line, who in enumerate(writers)
                    ),
                    landmark=which == 0 and number < LANDMARKS,
                    art=int(random.integers(1 << 30)),
                )
            )
    return tuple(places)


def _hours(random: np.random.Generator, *, resting: bool) -> tuple[tuple[int, int] | None, ...]:
    """Opening hours of a week; every second place is closed on one day, many on Sunday."""
    start, end = 30 * int(random.integers(14, 21)), 30 * int(random.integers(34, 46))
    week: list[tuple[int, int] | None] = [(start, end)] * 5
    week += [(start + 30 * int(random.integers(1, 5)), end - 30 * int(random.integers(1, 7)))]
    week += [(start + 90, end - 30 * int(random.integers(4, 9)))]
    week[int(random.integers(5))] = (start, end + 30 * int(random.integers(1, 3)))
    shut = 6 if resting else int(random.choice([0, 1, 2, 3, 4, 6, 6, 6, 7, 7, 7, 7]))
    return tuple(None if day == shut else hours for day, hours in enumerate(week))
