"""Ways through the city: shortest paths (Dijkstra 1959) on foot, by bicycle, and by tram and on foot."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

from webvoyager_gym.sites.maps.world import Edge, Line, Place, World

MODES = {"walk": "Walk", "cycle": "Cycle", "transit": "Transit"}
WALKING, CYCLING, RIDING = 80, 230, 420
"""Metres a minute."""
BOARDING = 3.0
"""Minutes that waiting for a tram takes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the directions. `line` is the tram taken, "" on foot and by bicycle."""

    text: str
    line: str = ""
    leave: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one place to another. `nodes` are the crossings passed."""

    minutes: int
    metres: int
    steps: tuple[Step, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Move:
    """From one node to the next by an edge or with a line."""

    target: int
    minutes: float
    metres: int
    street: str = ""
    line: str = ""


def route(world: World, origin: Place, target: Place, mode: str) -> Route | None:
    """The quickest way; None by transit if no tram is of use."""
    key = "route", origin.slug, target.slug, mode
    if key not in world.memo:
        moves = _quickest(world, origin.node, target.node, mode)
        useless = mode == "transit" and not any(move.line for move in moves)
        world.memo[key] = None if useless else _told(world, origin.node, moves)
    found: Route | None = world.memo[key]
    return found


def walk_metres(world: World, origin: Place, target: Place) -> int:
    """How far it is on foot."""
    way = route(world, origin, target, "walk")
    assert way is not None
    return way.metres


def _moves(world: World, node: int, riding: str, mode: str) -> list[tuple[str, _Move]]:
    """What can be done at a node: (line that one is then on, the move)."""
    found = []
    speed = CYCLING if mode == "cycle" else WALKING
    for edge in world.around[node]:
        if not (edge.path and mode == "cycle"):
            found.append(("", _Move(_other(edge, node), edge.metres / speed, edge.metres, edge.street)))
    if mode == "transit":
        for line in world.lines:
            for stop in _next_stops(line, node):
                metres = _straight(world, node, stop)
                minutes = metres / RIDING + (0.0 if riding == line.name else BOARDING)
                found.append((line.name, _Move(stop, minutes, metres, line=line.name)))
    return found


def _quickest(world: World, start: int, end: int, mode: str) -> list[_Move]:
    heap: list[tuple[float, int, int, str]] = [(0.0, 0, start, "")]
    best = {(start, ""): 0.0}
    came: dict[tuple[int, str], tuple[tuple[int, str], _Move]] = {}
    count = 0
    while heap:
        minutes, _, node, riding = heapq.heappop(heap)
        if minutes > best[(node, riding)]:
            continue
        if node == end:
            moves = []
            at = (node, riding)
            while at in came:
                at, move = came[at]
                moves.append(move)
            return moves[::-1]
        for line, move in _moves(world, node, riding, mode):
            state, total = (move.target, line), minutes + move.minutes
            if total < best.get(state, math.inf) - 1e-9:
                best[state] = total
                came[state] = ((node, riding), move)
                count += 1
                heapq.heappush(heap, (total, count, move.target, line))
    raise RuntimeError("The city is in two pieces.")


def _told(world: World, start: int, moves: list[_Move]) -> Route:
    """The moves as directions, one line for each street and each tram."""
    steps: list[Step] = []
    nodes = [start]
    here = 0
    while here < len(moves):
        first = here
        kind = moves[first].street, moves[first].line
        while here < len(moves) and (moves[here].street, moves[here].line) == kind:
            here += 1
        part = moves[first:here]
        if kind[1]:
            leave, count = world.stops[part[-1].target], len(part)
            steps.append(
                Step(f"{kind[1]} to {leave}, {count} stop{'s' if count > 1 else ''}", line=kind[1], leave=leave)
            )
        else:
            steps.append(Step(f"{kind[0]}, {sum(move.metres for move in part)} m"))
        nodes += [move.target for move in part]
    minutes = max(1, math.ceil(sum(move.minutes for move in moves)))
    return Route(minutes, sum(move.metres for move in moves), tuple(steps), tuple(nodes))


def _other(edge: Edge, node: int) -> int:
    return edge.b if node == edge.a else edge.a


def _next_stops(line: Line, node: int) -> list[int]:
    if node not in line.nodes:
        return []
    place = line.nodes.index(node)
    return [line.nodes[other] for other in (place - 1, place + 1) if 0 <= other < len(line.nodes)]


def _straight(world: World, a: int, b: int) -> int:
    p, q = world.nodes[a], world.nodes[b]
    return 10 * round(math.hypot(p.x - q.x, p.y - q.y) / 2)
