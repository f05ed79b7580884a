"""Facts about things of the world: one thing and a property of it, or two things side by side."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from webvoyager_gym.sites.calculator import names
from webvoyager_gym.sites.calculator.engine import plots
from webvoyager_gym.sites.calculator.engine.answer import Amount, Answer, Manner, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import number_text, size
from webvoyager_gym.sites.calculator.engine.units import BY_NAME
from webvoyager_gym.sites.calculator.things import KINDS, PROPERTIES, Property, Thing, value_text
from webvoyager_gym.sites.calculator.world import World

NO_DATA = "No data available"
_FILLERS = frozenset((
    "a", "about", "an", "and", "at", "between", "by", "compare", "compared", "comparison", "difference", "does",
    "do", "for", "has", "have", "her", "his", "how", "is", "it", "its", "many", "me", "much", "of", "on", "or",
    "per", "tell", "than", "that", "the", "their", "to", "versus", "vs", "what", "when", "where", "which", "who",
    "whose", "with", "give", "show", "was", "were", "high", "large", "long", "old", "planet", "element", "food",
    "country", "atomic", "there", "are", "value", "fact", "facts", "contain", "contains", "more", "less", "higher",
    "lower", "larger", "smaller", "heavier", "lighter", "longer", "shorter", "bigger",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """Names found in the input, the other words, and how the names are written."""

    found: tuple[tuple[Thing, ...], ...]
    rest: str


def about_things(text: str, world: World, kind: str, manner: Manner) -> Answer | None:
    """The answer to an input that names things of the world; None if it names none.

    Args:
        text: what was typed.
        world: what there is.
        kind: what an ambiguous name is taken for; "" for the usual.
        manner: how numbers are wanted.
    """
    asked = _named(text, world)
    if not asked.found:
        return None
    if len(asked.found) > 1:
        return _compared(asked, kind, manner)
    candidates = asked.found[0]
    options = [(thing, _property(thing.kind, asked.rest)) for thing in candidates]
    # A property that only one of them can have settles what is meant.
    if any(known for _, (known, _) in options):
        options = [option for option in options if option[1][0]]
    chosen = next((option for option in options if option[0].kind == kind), options[0])
    thing, (known, rest) = chosen
    others = tuple(option[0].kind for option in options if option[0] is not thing)
    return _one(thing, known, rest, others, world)


def _named(text: str, world: World) -> _Asked:
    words = " ".join(re.findall(r"[^\W_]+|[%°]", text.casefold()))
    rest = f" {words} "
    found: list[tuple[int, tuple[Thing, ...]]] = []
    for name, things in world.by_name.items():
        at = rest.find(f" {name} ")
        if at >= 0:
            found.append((at, things))
            # Names taken out leave their place, so that the order of the others stays.
            rest = rest.replace(f" {name} ", f" {'_' * len(name)} ")
    return _Asked(tuple(things for _, things in sorted(found, key=lambda pair: pair[0])[:2]), rest.replace("_", ""))


def _property(kind: str, rest: str) -> tuple[Property | None, str]:
    """The property that words ask for, and the words left over that mean something else."""
    ways = [(way, known) for known in PROPERTIES[kind] for way in (known.label, known.key, *known.words)]
    for way, known in sorted(ways, key=lambda pair: -len(pair[0])):
        if f" {way} " in f" {' '.join(rest.split())} ":
            return known, _unused(f" {' '.join(rest.split())} ".replace(f" {way} ", " ", 1))
    return None, _unused(rest)


def _unused(rest: str) -> str:
    return " ".join(word for word in rest.split() if word not in _FILLERS)


def _amount(thing: Thing, known: Property) -> Amount | None:
    value = thing.values[known.key]
    if not isinstance(value, int | float):
        return None
    exact = Fraction(str(value))
    unit = BY_NAME.get(known.unit)
    return Amount(exact, unit, "" if unit else known.unit)


def _one(thing: Thing, known: Property | None, rest: str, others: Sequence[str], world: World) -> Answer:
    rows = tuple((one.label.capitalize(), value_text(thing, one)) for one in PROPERTIES[thing.kind])
    tabs: list[tuple[str, tuple[Pod, ...]]] = [
        ("All properties", (Pod("properties", f"Properties of {thing.name}", rows=rows),))
    ]
    tabs += _charts(thing)
    if known is None:
        glance = (Pod("facts", f"{thing.kind.capitalize()} at a glance", rows=rows[:4]),)
        return Answer(thing.name, None, glance, (), thing.kind, tuple(others), rest, tuple(tabs))
    meaning = f"{thing.name}: {known.label}"
    amount = _amount(thing, known)
    pods: tuple[Pod, ...] = (_place(thing, known, world),)
    if amount is None:
        value = thing.values[known.key]
        pods = (Pod("result", "Result", (str(value) if value is not None else NO_DATA,)),)
    elif thing.kind == "food":
        pods = (Pod("basis", "Basis", ("per 100 grams",)), *pods)
    return Answer(meaning, amount, pods, (), thing.kind, tuple(others), rest, tuple(tabs))


def temperature(thing: Thing, hour: float) -> float:
    """A planet's surface temperature at a local hour, about zero degrees: above it from thaw to freeze."""
    day = thing.freeze - thing.thaw
    if thing.thaw <= hour <= thing.freeze:
        return 22 * math.sin(math.pi * (hour - thing.thaw) / day)
    return -31 * math.sin(math.pi * ((hour - thing.freeze) % 24) / (24 - day))


def _charts(thing: Thing) -> list[tuple[str, tuple[Pod, ...]]]:
    """Tabs with drawings: what they show is in the picture alone."""
    if thing.kind == "planet":
        points = [(step / 4, temperature(thing, step / 4)) for step in range(97)]
        return [("Temperature", (Pod("day", "Surface temperature in °C by local hour", picture=plots.curve(points)),))]
    if thing.kind == "country":
        return [
            ("Rainfall", (Pod("rain", "Rainfall by month", picture=plots.months(thing.months)),)),
            ("Land use", (Pod("land", "Use of the land", picture=plots.pie(thing.land, names.LAND)),)),
        ]
    return []


def _place(thing: Thing, known: Property, world: World) -> Pod:
    """Where a thing stands among all of its kind."""
    values = [other.values[known.key] for other in world.of(thing.kind)]
    numbers = [value for value in values if isinstance(value, int | float)]
    own = thing.values[known.key]
    picture = plots.strip(numbers, own) if isinstance(own, int | float) else ""
    return Pod("place", f"Among all {KINDS[thing.kind]}", picture=picture)


def _compared(asked: _Asked, kind: str, manner: Manner) -> Answer:
    firsts, seconds = asked.found
    pairs = [(a, b) for a in firsts for b in seconds if a.kind == b.kind]
    if not pairs:
        first, second = firsts[0], seconds[0]
        meaning = f"{first.name} and {second.name}"
        line = f"A {first.kind} and a {second.kind} have no property in common that we compare."
        return Answer(meaning, pods=(Pod("result", "Result", (line,)),))
    options = [(pair, _property(pair[0].kind, asked.rest)) for pair in pairs]
    if any(known for _, (known, _) in options):
        options = [option for option in options if option[1][0]]
    pair, (known, rest) = next((option for option in options if option[0][0].kind == kind), options[0])
    others = tuple(option[0][0].kind for option in options if option[0] is not pair)
    first, second = pair
    shown = (known,) if known else PROPERTIES[first.kind]
    values = [(one.label.capitalize(), value_text(first, one), value_text(second, one)) for one in shown]
    rows = (("", first.name, second.name), *values)
    pods = [Pod("table", "Comparison", rows=rows)]
    meaning = f"{first.name} and {second.name}"
    if known:
        meaning = f"{meaning}: {known.label}"
        pods += _difference(first, second, known, manner)
    return Answer(meaning, None, tuple(pods), (), first.kind, others, rest)


def _difference(first: Thing, second: Thing, known: Property, manner: Manner) -> list[Pod]:
    a, b = _amount(first, known), _amount(second, known)
    if a is None or b is None:
        return []
    gap = number_text(size(a.value - b.value), known.decimals)
    pods = [Pod("difference", "Difference", (f"{gap} {known.unit}".strip(),))]
    if min(a.value, b.value) > 0 and known.key not in ("discovered", "founded", "number"):
        ratio = number_text(max(a.value, b.value) / min(a.value, b.value), manner.decimals)
        pods.append(Pod("ratio", "Ratio", (f"{ratio} to 1",)))
    return pods
