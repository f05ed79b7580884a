"""Linear and quadratic equations in x, and the drawing of functions."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from fractions import Fraction

from webvoyager_gym.sites.calculator.engine import plots
from webvoyager_gym.sites.calculator.engine.answer import Answer, Manner, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import Quantity, Undefined, number_text, pair, value
from webvoyager_gym.sites.calculator.engine.syntax import Node, Pair, Single, Symbol, Value, parse, written
from webvoyager_gym.sites.calculator.engine.tokens import Unclear

HIGHEST = 3
"""Highest power of x that an equation is taken apart to."""
Polynomial = tuple[Fraction, ...]
"""Coefficients from the constant on."""


def about_equations(text: str, manner: Manner) -> Answer | None:
    """The answer to "solve …", "… = …" or "plot …"; None if it is none of these. Raises Unclear and Undefined."""
    plain = " ".join(text.casefold().strip(" ?.").split())
    if match := re.fullmatch(r"(?:plot|graph|draw)(?: the)?(?: function| curve| graph)?(?: of)?(?: y ?=)? (.+)", plain):
        return _plot(parse(match[1]), manner)
    match = re.fullmatch(r"(?:solve |roots of |zeros of )?(?:the )?(?:equation )?(.+?)(?: for x)?", plain)
    asked = plain.startswith(("solve ", "roots ", "zeros "))
    if match is None or not (asked or "=" in plain):
        return None
    sides = match[1].split("=")
    if len(sides) > 2:
        raise Unclear("There is more than one “=”.")
    left = parse(sides[0])
    right = parse(sides[1] if len(sides) == 2 else "0")
    return _solved(left, right, manner)


def polynomial(node: Node) -> Polynomial:
    """An expression as a polynomial in x.

    Raises:
        Unclear: it is none, or of too high a degree.
    """
    if isinstance(node, Symbol) and node.name == "x":
        return (Fraction(0), Fraction(1))
    if isinstance(node, Single) and node.operator == "-":
        return tuple(-part for part in polynomial(node.of))
    if isinstance(node, Pair) and node.operator in "+-":
        left, right = polynomial(node.left), polynomial(node.right)
        size = max(len(left), len(right))
        pairs = zip(_padded(left, size), _padded(right, size), strict=True)
        return tuple(a + b if node.operator == "+" else a - b for a, b in pairs)
    if isinstance(node, Pair) and node.operator == "*":
        return _product(polynomial(node.left), polynomial(node.right))
    if isinstance(node, Pair) and node.operator == "/":
        divisor = polynomial(node.right)
        if len(divisor) > 1 or not divisor[0]:
            raise Unclear("We solve equations without x below a line.")
        return tuple(part / divisor[0] for part in polynomial(node.left))
    if isinstance(node, Pair) and node.operator == "^":
        exponent = value(node.right)
        if exponent not in range(HIGHEST + 1):
            raise Unclear(f"We take powers of x up to {HIGHEST}.")
        found: Polynomial = (Fraction(1),)
        for _ in range(int(exponent)):
            found = _product(found, polynomial(node.left))
        return found
    constant = value(node)
    return (constant if isinstance(constant, Fraction) else Fraction(constant),)


def _padded(parts: Polynomial, size: int) -> Polynomial:
    return parts + (Fraction(0),) * (size - len(parts))


def _product(left: Polynomial, right: Polynomial) -> Polynomial:
    if len(left) + len(right) - 2 > 2 * HIGHEST:
        raise Unclear(f"We take powers of x up to {HIGHEST}.")
    found = [Fraction(0)] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            found[i + j] += a * b
    return tuple(found)


def _solved(left: Node, right: Node, manner: Manner) -> Answer:
    parts = list(polynomial(Pair("-", left, right)))
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    meaning = f"{written(left)} = {written(right)}"
    if len(parts) > 3:
        raise Undefined("we solve linear and quadratic equations; plot it instead to see where it is zero")
    if len(parts) == 1:
        return Answer(meaning, pods=(Pod("result", "Result", ("true for all x" if not parts[0] else "no solution",)),))
    return _linear(meaning, parts, manner) if len(parts) == 2 else _quadratic(meaning, parts, manner)


def _linear(meaning: str, parts: Sequence[Fraction], manner: Manner) -> Answer:
    c, b = (number_text(part, manner.decimals) for part in parts)
    opposite = number_text(-parts[0], manner.decimals)
    solution = number_text(-parts[0] / parts[1], manner.decimals)
    steps = (f"All on one side: {b} x + ({c}) = 0", f"{b} x = {opposite}", f"x = {opposite} ÷ {b} = {solution}")
    return Answer(meaning, pods=(Pod("result", "Solution", (f"x = {solution}",)),), steps=steps)


def roots(parts: Sequence[Fraction]) -> tuple[Quantity, ...]:
    """The real solutions of c + b x + a x² = 0, the smallest first."""
    c, b, a = parts
    discriminant = b * b - 4 * a * c
    if discriminant < 0:
        return ()
    root = value(Single("sqrt", Value(discriminant)))
    return tuple(sorted({pair("/", -b + sign * root, 2 * a) for sign in (-1, 1)}))


def _quadratic(meaning: str, parts: Sequence[Fraction], manner: Manner) -> Answer:
    c, b, a = (number_text(part, manner.decimals) for part in parts)
    discriminant = parts[1] ** 2 - 4 * parts[2] * parts[0]
    found = [number_text(root, manner.decimals) for root in roots(parts)]
    steps = (
        f"a = {a}, b = {b}, c = {c}",
        f"Discriminant: b^2 - 4ac = {number_text(discriminant, manner.decimals)}",
        f"x = (-b ± √discriminant) ÷ 2a: {' or '.join(found) or 'no real solution'}",
    )
    title = "Solutions" if len(found) > 1 else "Solution"
    lines = tuple(f"x = {root}" for root in found) or ("no real solution",)
    return Answer(meaning, pods=(Pod("result", title, lines),), steps=steps)


REACH = 6
"""A function is drawn from minus this to this."""


@functools.lru_cache(maxsize=256)
def _plot(node: Node, manner: Manner) -> Answer:
    points: list[tuple[float, float]] = []
    for step in range(-REACH * 20, REACH * 20 + 1):
        x = Fraction(step, 20)
        try:
            y = float(value(node, x=x, degrees=manner.degrees))
        except (Undefined, OverflowError):
            y = math.nan
        points.append((float(x), y))
    if all(math.isnan(y) for _, y in points):
        raise Undefined("there is nothing to draw between -6 and 6")
    picture = plots.curve(points)
    return Answer(f"plot {written(node)}", pods=(Pod("plot", "Plot", picture=picture),))
