"""Arithmetic in signs and in English words: a recursive-descent parser and the tree it gives.

sum     = product (("+" | "-") product)*
product = signed (("*" | "/" | "of" after a percentage | nothing) signed)*
signed  = "-" signed | power
power   = atom postfix* ("^" signed)?
postfix = "%" | "!" | "squared" | "cubed"
atom    = number | constant | "x" | "(" sum ")" | function ("of")? postfixed atom
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from webvoyager_gym.sites.calculator.engine.tokens import Token, Unclear, tokens

DEEPEST = 40
"""How deep brackets, signs and powers may be nested."""


@dataclass(frozen=True, slots=True)
class Value:
    """A number as it was typed."""

    number: Fraction


@dataclass(frozen=True, slots=True)
class Symbol:
    """A constant ("pi", "e") or the unknown "x"."""

    name: str


@dataclass(frozen=True, slots=True)
class Single:
    """Something done to one operand: "-", "%", "!", or a function by its name."""

    operator: str
    of: Node


@dataclass(frozen=True, slots=True)
class Pair:
    """One of + - * / ^ between two operands."""

    operator: str
    left: Node
    right: Node


Node = Value | Symbol | Single | Pair

_PHRASES: dict[tuple[str, ...], str] = {
    ("to", "the", "power", "of"): "^",
    ("to", "the", "power"): "^",
    ("raised", "to", "the", "power", "of"): "^",
    ("multiplied", "by"): "*",
    ("divided", "by"): "/",
    ("the", "square", "root", "of"): "sqrt",
    ("square", "root", "of"): "sqrt",
    ("square", "root"): "sqrt",
    ("the", "cube", "root", "of"): "cbrt",
    ("cube", "root", "of"): "cbrt",
    ("absolute", "value", "of"): "abs",
    ("percent", "of"): "% of",
    ("per", "cent", "of"): "% of",
    ("per", "cent"): "%",
    ("percent",): "%",
    ("plus",): "+",
    ("minus",): "-",
    ("times",): "*",
    ("over",): "/",
    ("squared",): "squared",
    ("cubed",): "cubed",
}
_LONGEST_PHRASE = max(map(len, _PHRASES))
FUNCTIONS = ("sqrt", "cbrt", "sin", "cos", "tan", "ln", "log", "abs")
CONSTANTS = ("pi", "e")
WORDS = {word for phrase in _PHRASES for word in phrase} | {*FUNCTIONS, *CONSTANTS, "x", "of"}
"""All words that arithmetic is written with."""


def parse(text: str) -> Node:
    """The tree of an expression. Raises Unclear."""
    return parse_tokens(tokens(text))


def parse_tokens(pieces: Sequence[Token]) -> Node:
    """The tree of an expression that is cut already. Raises Unclear."""
    parser = _Parser(_plain(pieces))
    node = parser.sum(0)
    if parser.ahead:
        raise Unclear(f"We did not expect “{parser.ahead}” there.")
    return node


def _plain(pieces: Sequence[Token]) -> list[str]:
    """The tokens as signs, phrases of several words as one; an "x" between two numbers means times."""
    found: list[str] = []
    at = 0
    while at < len(pieces):
        for length in range(min(_LONGEST_PHRASE, len(pieces) - at), 0, -1):
            sign = _PHRASES.get(tuple(piece.text for piece in pieces[at : at + length]))
            if sign is not None:
                found += sign.split()
                at += length
                break
        else:
            between = 0 < at < len(pieces) - 1 and pieces[at - 1].kind == pieces[at + 1].kind == "number"
            found.append("*" if pieces[at].text == "x" and between else pieces[at].text)
            at += 1
    return found


class _Parser:
    """Reads signs from the left; one method for each line of the grammar."""

    def __init__(self, signs: Sequence[str]) -> None:
        self.signs = signs
        self.at = 0

    @property
    def ahead(self) -> str:
        return self.signs[self.at] if self.at < len(self.signs) else ""

    def take(self, *signs: str) -> str:
        """The next sign if it is one of these, else ""."""
        if self.ahead and self.ahead in signs:
            self.at += 1
            return self.signs[self.at - 1]
        return ""

    def sum(self, depth: int) -> Node:
        node = self.product(depth)
        while sign := self.take("+", "-"):
            node = Pair(sign, node, self.product(depth))
        return node

    def product(self, depth: int) -> Node:
        node = self.signed(depth)
        while True:
            if sign := self.take("*", "/"):
                node = Pair(sign, node, self.signed(depth))
            elif isinstance(node, Single) and node.operator == "%" and self.take("of"):
                node = Pair("*", node, self.signed(depth))
            elif self.ahead == "(" or self.ahead in FUNCTIONS or self.ahead in (*CONSTANTS, "x"):
                node = Pair("*", node, self.power(depth))
            else:
                return node

    def signed(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise Unclear("That is nested too deeply.")
        if self.take("-"):
            return Single("-", self.signed(depth + 1))
        self.take("+")
        return self.power(depth)

    def power(self, depth: int) -> Node:
        node = self.postfixed(depth)
        return Pair("^", node, self.signed(depth + 1)) if self.take("^") else node

    def postfixed(self, depth: int) -> Node:
        node = self.atom(depth)
        while sign := self.take("%", "!", "squared", "cubed"):
            power = {"squared": 2, "cubed": 3}.get(sign)
            node = Pair("^", node, Value(Fraction(power))) if power else Single(sign, node)
        return node

    def atom(self, depth: int) -> Node:
        sign = self.ahead
        if not sign:
            raise Unclear("Something is missing at the end.")
        self.at += 1
        if sign[0].isdecimal() or sign[0] == ".":
            return Value(Fraction(sign))
        if sign in CONSTANTS or sign == "x":
            return Symbol(sign)
        if sign == "(":
            node = self.sum(depth + 1)
            if not self.take(")"):
                raise Unclear("A bracket is not closed.")
            return node
        if sign in FUNCTIONS:
            if depth > DEEPEST:
                raise Unclear("That is nested too deeply.")
            self.take("of")
            return Single(sign, self.postfixed(depth + 1))
        raise Unclear(f"We did not understand “{sign}”.")


_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_SIGNS = {"+": " + ", "-": " - ", "*": " × ", "/": " ÷ ", "^": "^"}


def written(node: Node) -> str:
    """The tree in one canonical spelling with no needless brackets; it parses to the same tree."""
    return _written(node, 0)


def _written(node: Node, least: int) -> str:
    if isinstance(node, Value):
        return _decimal(node.number)
    if isinstance(node, Symbol):
        return node.name
    if isinstance(node, Single):
        if node.operator in FUNCTIONS:
            text, strength = f"{node.operator}({_written(node.of, 0)})", 5
        elif node.operator == "-":
            text, strength = f"-{_written(node.of, 3)}", 3
        else:
            text, strength = f"{_written(node.of, 5)}{node.operator}", 5
    else:
        strength = _STRENGTH[node.operator]
        # A power takes a signed exponent without brackets, and is right-associative; the others are left-associative.
        left, right = (5, 3) if node.operator == "^" else (strength, strength + 1)
        sign = "" if _is_term(node) else _SIGNS[node.operator]
        text = f"{_written(node.left, left)}{sign}{_written(node.right, right)}"
    return f"({text})" if strength < least else text


def _is_term(node: Pair) -> bool:
    """Whether it is a number times x or a power of x, which is written "3x^2"."""
    base = node.right.left if isinstance(node.right, Pair) and node.right.operator == "^" else node.right
    return node.operator == "*" and isinstance(node.left, Value) and base == Symbol("x")


def _decimal(number: Fraction) -> str:
    """A number that was typed as a decimal, exactly."""
    if number.denominator == 1:
        return str(number.numerator)
    digits = 0
    while (number * 10**digits).denominator != 1:
        digits += 1
    whole = str((number * 10**digits).numerator).rjust(digits + 1, "0")
    return f"{whole[:-digits]}.{whole[-digits:]}"
