"""What the site makes of an input: its meaning and the boxes ("pods") of the answer."""

from __future__ import annotations

from dataclasses import dataclass

from webvoyager_gym.sites.calculator.engine.arithmetic import Quantity
from webvoyager_gym.sites.calculator.engine.units import Unit


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit: what can be shown with more digits and in other units.

    Attributes:
        value: how many.
        unit: of what; None for a bare number or for what no other unit measures.
        label: what is written after the number where there is no unit.
    """

    value: Quantity
    unit: Unit | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Pod:
    """A box of the answer: a heading above lines, a table of two columns or more, or a drawing.

    Attributes:
        key: what it is called in the page.
        title: its heading.
        lines: what it says.
        rows: a table; the first cell of each row is its name.
        picture: an SVG drawing made from numbers.
    """

    key: str
    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says to an input.

    Attributes:
        meaning: the input in the site's own words; typed again, it gives the same answer.
        amount: the result as a number; None where it is something else.
        pods: what follows the interpretation, in their order.
        steps: the way to the result.
        kind: what an ambiguous name is taken for; "" if nothing is assumed.
        other_kinds: what it could be as well.
        unused: words of the input that the answer does not use.
        tabs: further tabs, by their label, with their pods.
    """

    meaning: str
    amount: Amount | None = None
    pods: tuple[Pod, ...] = ()
    steps: tuple[str, ...] = ()
    kind: str = ""
    other_kinds: tuple[str, ...] = ()
    unused: str = ""
    tabs: tuple[tuple[str, tuple[Pod, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is wanted: decimals and the unit of angles."""

    decimals: int = 4
    degrees: bool = True
