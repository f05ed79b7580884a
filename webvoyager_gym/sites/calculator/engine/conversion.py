"""Conversions between units of measure: "26.5 miles in kilometres", "how many grams are 3 ounces"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from webvoyager_gym.sites.calculator.engine.answer import Amount, Answer, Manner, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import Undefined, number_text, value
from webvoyager_gym.sites.calculator.engine.syntax import parse_tokens, written
from webvoyager_gym.sites.calculator.engine.tokens import Token, tokens
from webvoyager_gym.sites.calculator.engine.units import Unit, convert, unit_at_end, unit_at_start

_TO = ("to", "in", "into", "as")
_BETWEEN = ("is", "are", "in", "there", "make", "makes")


def about_units(text: str, known: Mapping[str, Unit], manner: Manner) -> Answer | None:
    """The answer to an input that asks for a conversion, or is an amount of something; None if it is neither.

    Raises:
        Undefined: the units measure different things.
        Unclear: the amount was not understood.
    """
    pieces = tokens(text)
    if pieces and pieces[0].text == "convert":
        pieces = pieces[1:]
    split = _how_many(pieces, known) or _to(pieces, known)
    if split is not None:
        return _converted(*split, manner)
    found = unit_at_end(pieces, known)
    if found is None or len(pieces) == found[1]:
        return None
    unit, length = found
    node = parse_tokens(pieces[:-length])
    amount = value(node, degrees=manner.degrees)
    return Answer(f"{written(node)} {unit.name}", amount=Amount(amount, unit))


def _to(pieces: Sequence[Token], known: Mapping[str, Unit]) -> tuple[Sequence[Token], Unit, Unit] | None:
    """Tokens of the amount, its unit and the one it is wanted in, from "… miles in kilometres"."""
    for at in range(len(pieces) - 2, 0, -1):
        if pieces[at].text not in _TO:
            continue
        wanted = unit_at_end(pieces[at + 1 :], known)
        given = unit_at_end(pieces[:at], known)
        if wanted and given and wanted[1] == len(pieces) - at - 1:
            return pieces[: at - given[1]], given[0], wanted[0]
    return None


def _how_many(pieces: Sequence[Token], known: Mapping[str, Unit]) -> tuple[Sequence[Token], Unit, Unit] | None:
    """The same from "how many kilometres are 26.5 miles"."""
    if [piece.text for piece in pieces[:2]] != ["how", "many"]:
        return None
    wanted = unit_at_start(pieces[2:], known)
    if wanted is None:
        return None
    rest = list(pieces[2 + wanted[1] :])
    while rest and rest[0].text in _BETWEEN:
        rest.pop(0)
    given = unit_at_end(rest, known)
    return (rest[: -given[1]], given[0], wanted[0]) if given else None


def _converted(pieces: Sequence[Token], given: Unit, wanted: Unit, manner: Manner) -> Answer:
    if not pieces:
        pieces = (Token("number", "1"),)
    if pieces[0].text in ("a", "an", "one"):
        pieces = (Token("number", "1"), *pieces[1:])
    node = parse_tokens(pieces)
    amount = value(node, degrees=manner.degrees)
    meaning = f"{written(node)} {given.name} in {wanted.name}"
    if given.dimension != wanted.dimension:
        raise Undefined(
            f"these units do not fit: {given.name} measure {given.dimension}, {wanted.name} measure {wanted.dimension}"
        )
    found = convert(amount, given, wanted)
    one = number_text(convert(1, given, wanted), 6)
    steps: tuple[str, ...] = () if given.zero or wanted.zero else (f"1 {given.single} = {one} {wanted.name}",)
    if steps:
        shown = number_text(amount, 6)
        steps = (*steps, f"{shown} × {one} = {number_text(found, manner.decimals)} {wanted.name}")
    back = f"{number_text(convert(1, wanted, given), 6)} {given.name}"
    pods: tuple[Pod, ...] = (Pod("rate", f"One in {wanted.name}", (f"1 {given.single} = {one} {wanted.name}",)),)
    if steps:
        pods = (*pods, Pod("back", "The other way", (f"1 {wanted.single} = {back}",)))
    return Answer(meaning, amount=Amount(found, wanted), pods=pods, steps=steps)
