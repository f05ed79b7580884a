"""Values of trees: exact fractions as long as that is possible, floating-point numbers after that."""

from __future__ import annotations

import math
from fractions import Fraction

from webvoyager_gym.sites.calculator.engine.syntax import Node, Pair, Single, Symbol, Value, written

Quantity = Fraction | float
MOST_BITS = 4000
"""Exact numbers are kept up to this size; beyond it they are approximated."""
MOST_FACTORIAL = 170


class Undefined(ArithmeticError):
    """The expression is understood but has no value; the message says why."""


def value(node: Node, *, x: Quantity | None = None, degrees: bool = True) -> Quantity:
    """What an expression is worth.

    Args:
        node: its tree.
        x: what the unknown stands for, if anything.
        degrees: whether angles are in degrees; else in radians.

    Raises:
        Undefined: division by zero, a root of a negative number, an unknown without a value, too large a result.
    """
    try:
        found = _value(node, x, degrees)
    except OverflowError as error:
        raise Undefined("too large to write down") from error
    if isinstance(found, float) and not math.isfinite(found):
        raise Undefined("too large to write down")
    return found


def _value(node: Node, x: Quantity | None, degrees: bool) -> Quantity:
    if isinstance(node, Value):
        return node.number
    if isinstance(node, Symbol):
        if node.name == "x":
            if x is None:
                raise Undefined("it depends on x")
            return x
        return math.pi if node.name == "pi" else math.e
    if isinstance(node, Single):
        return single(node.operator, _value(node.of, x, degrees), degrees)
    left, right = _value(node.left, x, degrees), _value(node.right, x, degrees)
    if _adds_share(node):
        right = left * right
    return pair(node.operator, left, right)


def _adds_share(node: Pair) -> bool:
    """Whether a percentage is added to or taken from something: 200 + 15% is 230."""
    return node.operator in "+-" and isinstance(node.right, Single) and node.right.operator == "%"


def size(number: Quantity) -> Quantity:
    """The number without its sign."""
    return -number if number < 0 else number


def single(operator: str, operand: Quantity, degrees: bool = True) -> Quantity:
    """A sign, a percentage, a factorial or a function of one value. Raises Undefined."""
    if operator == "-":
        return -operand
    if operator == "%":
        return operand / 100
    if operator == "abs":
        return size(operand)
    if operator == "!":
        if operand != int(operand) or not 0 <= operand <= MOST_FACTORIAL:
            raise Undefined(f"a factorial is of a whole number from 0 to {MOST_FACTORIAL}")
        return Fraction(math.factorial(int(operand)))
    if operator in ("sqrt", "cbrt"):
        return _root(operand, 2 if operator == "sqrt" else 3)
    if operator in ("ln", "log"):
        if operand <= 0:
            raise Undefined("only positive numbers have a logarithm")
        return math.log(operand) if operator == "ln" else math.log10(operand)
    angle = math.radians(float(operand)) if degrees else float(operand)
    found = {"sin": math.sin, "cos": math.cos, "tan": math.tan}[operator](angle)
    if operator == "tan" and abs(math.cos(angle)) < 1e-12:
        raise Undefined("the tangent has no value there")
    return 0.0 if abs(found) < 1e-15 else found


def pair(operator: str, left: Quantity, right: Quantity) -> Quantity:
    """One operation on two values. Raises Undefined."""
    if operator == "^":
        return _power(left, right)
    if operator == "/" and right == 0:
        raise Undefined("division by zero")
    found: Quantity
    if operator == "+":
        found = left + right
    elif operator == "-":
        found = left - right
    else:
        found = left * right if operator == "*" else left / right
    return _kept(found)


def _kept(number: Quantity) -> Quantity:
    """The number itself, approximated if it has grown too long."""
    if isinstance(number, Fraction) and number.numerator.bit_length() + number.denominator.bit_length() > MOST_BITS:
        return float(number)
    return number


def _power(base: Quantity, exponent: Quantity) -> Quantity:
    if base == 0 and exponent < 0:
        raise Undefined("division by zero")
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 1:
        bits = base.numerator.bit_length() + base.denominator.bit_length()
        if bits * abs(exponent) <= MOST_BITS or base in (0, 1, -1):
            return Fraction(base ** int(exponent % 2 if base == -1 else exponent))
    if base < 0 and exponent != int(exponent):
        raise Undefined("a negative number has no such power")
    return math.pow(base, exponent)


def _root(number: Quantity, degree: int) -> Quantity:
    if number < 0 and degree == 2:
        raise Undefined("a negative number has no square root")
    if isinstance(number, Fraction):
        parts = [_whole_root(abs(part), degree) for part in (number.numerator, number.denominator)]
        if parts[0] is not None and parts[1] is not None:
            return Fraction(parts[0] if number >= 0 else -parts[0], parts[1])
    return math.sqrt(number) if degree == 2 else math.cbrt(number)


def _whole_root(number: int, degree: int) -> int | None:
    """The root if it is whole."""
    if degree == 2:
        root = math.isqrt(number)
    elif number.bit_length() > 50:
        return None
    else:
        root = round(math.cbrt(number))
    return root if root**degree == number else None


def number_text(number: Quantity, decimals: int) -> str:
    """A number as the site writes it: "9,381", "-0.3333", "1.2345 × 10^21"; no more than so many decimals."""
    if size(number) >= 10**15 or (0 < size(number) < Fraction(1, 10**decimals) / 2):
        return _scientific(number, decimals)
    rounded = round(Fraction(number), decimals)
    digits = f"{abs(rounded.numerator) * 10**decimals // rounded.denominator:0{decimals + 1}d}"
    whole, rest = (digits[:-decimals], digits[-decimals:].rstrip("0")) if decimals else (digits, "")
    return f"{'-' if rounded < 0 else ''}{int(whole):,}" + (f".{rest}" if rest else "")


def _scientific(number: Quantity, decimals: int) -> str:
    if isinstance(number, Fraction) and size(number) >= 10**300:
        digits = str(abs(round(number)))
        return f"{'-' if number < 0 else ''}{digits[0]}.{digits[1 : decimals + 1]} × 10^{len(digits) - 1}"
    mantissa, _, exponent = f"{float(number):.{decimals}e}".partition("e")
    return f"{mantissa} × 10^{int(exponent)}"


def steps(node: Node, decimals: int, degrees: bool = True) -> tuple[str, ...]:
    """The operations of an expression one after the other, each with its result. Raises Undefined."""
    found: list[str] = []

    def walk(part: Node) -> Quantity:
        if isinstance(part, Value | Symbol):
            return value(part)
        if isinstance(part, Single):
            operand = walk(part.of)
            result = single(part.operator, operand, degrees)
            if part.operator not in "-%":
                shown = number_text(operand, decimals)
                found.append(
                    f"{shown}! = {number_text(result, decimals)}"
                    if part.operator == "!"
                    else f"{part.operator}({shown}) = {number_text(result, decimals)}"
                )
            return result
        left, right = walk(part.left), walk(part.right)
        shown = number_text(right, decimals) if right >= 0 else f"({number_text(right, decimals)})"
        if _adds_share(part):
            shown, right = written(part.right), left * right
        sign = {"*": "×", "/": "÷"}.get(part.operator, part.operator)
        result = pair(part.operator, left, right)
        found.append(f"{number_text(left, decimals)} {sign} {shown} = {number_text(result, decimals)}")
        return result

    walk(node)
    return tuple(found)
