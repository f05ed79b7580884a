"""From an input line to an answer: everyone who knows something is asked in turn."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from webvoyager_gym.sites.calculator.engine import plots
from webvoyager_gym.sites.calculator.engine.answer import Amount, Answer, Manner, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import Undefined, number_text, size, steps, value
from webvoyager_gym.sites.calculator.engine.conversion import about_units
from webvoyager_gym.sites.calculator.engine.days import about_days
from webvoyager_gym.sites.calculator.engine.equations import about_equations
from webvoyager_gym.sites.calculator.engine.lists import about_lists
from webvoyager_gym.sites.calculator.engine.syntax import parse, written
from webvoyager_gym.sites.calculator.engine.tokens import LONGEST, Unclear
from webvoyager_gym.sites.calculator.facts import about_things
from webvoyager_gym.sites.calculator.world import World

_OPENING = re.compile(
    r"(?:what(?:'s| is| are| was)|calculate|compute|work out|find|tell me|please|how much is)\s+", re.I
)
PLAIN = Manner()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The input means nothing here; why, and what could be tried instead."""

    why: str
    suggestions: tuple[str, ...]


def understand(text: str, world: World, kind: str = "", manner: Manner = PLAIN) -> Answer | NotUnderstood:
    """What the site makes of an input.

    Args:
        text: what was typed.
        world: the things and units there are.
        kind: what an ambiguous name is taken for; "" for the usual.
        manner: how numbers are wanted.
    """
    plain = " ".join(text.split())[: LONGEST + 1]
    while match := _OPENING.match(plain):
        plain = plain[match.end() :]
    found = _answer(plain, world, kind, manner)
    return found if isinstance(found, Answer) else NotUnderstood(found, suggestions(plain, world))


def _answer(plain: str, world: World, kind: str, manner: Manner) -> Answer | str:
    """The answer of the first who knows one, or why nobody does."""
    why = "Type something to work out."
    asking: tuple[Callable[[], Answer | None], ...] = (
        lambda: about_things(plain, world, kind, manner),
        lambda: about_days(plain),
        lambda: about_lists(plain, manner),
        lambda: about_equations(plain, manner),
        lambda: about_units(plain, world.unit_names, manner),
        lambda: _arithmetic(plain, manner),
    )
    for ask in asking if plain.strip(" ?.=") else ():
        try:
            answer = ask()
        except Unclear as unclear:
            why = str(unclear)
        except Undefined as undefined:
            return Answer(plain, pods=(Pod("result", "Result", (f"Not possible: {undefined}",)),))
        else:
            if answer is not None:
                return answer
    return why


def _arithmetic(text: str, manner: Manner) -> Answer:
    node = parse(text)
    meaning = written(node)
    try:
        found = value(node, degrees=manner.degrees)
    except Undefined as undefined:
        if "x" in meaning:
            raise Unclear("There is an x in it. Try “solve” or “plot” before it.") from undefined
        return Answer(meaning, pods=(Pod("result", "Result", (f"Not possible: {undefined}",)),))
    way = steps(node, manner.decimals, manner.degrees)
    pods = []
    if size(found) < 10**9 and found == int(found):
        whole = int(found)
        pods.append(Pod("parity", "Kind of number", (f"{'odd' if whole % 2 else 'even'} whole number",)))
    elif not isinstance(found, float) and found.denominator < 10**6 and abs(found) < 10**9:
        pods.append(Pod("fraction", "As a fraction", (f"{found.numerator}/{found.denominator}",)))
    if size(found) >= 10**6:
        pods.append(Pod("scientific", "Size", (f"{len(number_text(abs(int(found)), 0).replace(',', ''))} digits",)))
    if size(found) < 10**9:
        pods.append(Pod("line", "Number line", picture=plots.number_line(float(found))))
    return Answer(meaning, Amount(found), tuple(pods), way if len(way) > 1 else ())


def _nearest(word: str, known: Mapping[str, str]) -> str:
    """The known word that a word is nearly; itself if it is known, or near to none."""
    folded = word.casefold()
    if folded in known or not word.isalpha():
        return word
    alike = [other for other in known if abs(len(other) - len(folded)) <= 2]
    near = difflib.get_close_matches(folded, alike, n=1, cutoff=0.75)
    return known[near[0]] if near else word


def suggestions(text: str, world: World) -> tuple[str, ...]:
    """Inputs near to one that was not understood, with its misspelt words put right; else examples."""
    better = " ".join(_nearest(word, world.vocabulary) for word in text.split()[:12])
    useful = better != text and isinstance(_answer(better, world, "", PLAIN), Answer)
    return (*([better] if useful else []), *(inputs[0] for _, inputs in world.examples))[:3]
