"""Whole numbers and lists of numbers: common divisors, prime factors, statistics."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Sequence
from fractions import Fraction

from webvoyager_gym.sites.calculator.engine.answer import Amount, Answer, Manner, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import Quantity, Undefined, number_text
from webvoyager_gym.sites.calculator.engine.tokens import Token, Unclear, tokens

LARGEST = 10**9
"""Largest number that is factorised."""
Numbers = Sequence[Fraction]


def _deviation(numbers: Numbers) -> Quantity:
    if len(numbers) < 2:
        raise Undefined("a standard deviation needs two numbers")
    mean = Fraction(sum(numbers), len(numbers))
    return math.sqrt(sum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1))


def _mode(numbers: Numbers) -> Quantity:
    most = statistics.multimode(numbers)
    if len(most) > 1:
        raise Undefined("no number is more frequent than the others")
    return most[0]


STATISTICS: dict[str, tuple[str, Callable[[Numbers], Quantity]]] = {
    "mean": ("Mean", lambda numbers: Fraction(sum(numbers), len(numbers))),
    "median": ("Median", statistics.median),
    "mode": ("Mode", _mode),
    "range": ("Range", lambda numbers: max(numbers) - min(numbers)),
    "sum": ("Sum", lambda numbers: Fraction(sum(numbers))),
    "standard deviation": ("Sample standard deviation", _deviation),
}
_NAMES = {
    "average": "mean", "arithmetic mean": "mean", "total": "sum", "sample standard deviation": "standard deviation",
    **{name: name for name in STATISTICS},
}  # fmt: skip
_COMMON = {
    "gcd": "gcd", "greatest common divisor": "gcd", "greatest common factor": "gcd", "highest common factor": "gcd",
    "lcm": "lcm", "least common multiple": "lcm", "lowest common multiple": "lcm",
}  # fmt: skip
_FACTORS = ("prime factors", "prime factorisation", "prime factorization", "factorise", "factorize", "factor")


def _starts(names: Sequence[str]) -> re.Pattern[str]:
    longest = "|".join(sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:the )?({longest})\b[ :]*(?:of\b)?[ :]*(.*)")


_STATISTIC, _DIVISOR, _FACTOR = _starts(tuple(_NAMES)), _starts(tuple(_COMMON)), _starts(_FACTORS)


def about_lists(text: str, manner: Manner) -> Answer | None:
    """The answer to an input about a list or whole numbers; None if it is none. Raises Unclear and Undefined."""
    plain = " ".join(text.casefold().strip(" ?.").split())
    if match := re.fullmatch(r"(?:the )?(?:statistics|statistic)(?: of)?:? (.*)", plain):
        return _all_statistics(_numbers(match[1]), manner)
    if match := _STATISTIC.fullmatch(plain):
        return _statistic(_NAMES[match[1]], _numbers(match[2]), manner)
    if match := _DIVISOR.fullmatch(plain):
        return _common(_COMMON[match[1]], _whole(_numbers(match[2])))
    if match := _FACTOR.fullmatch(plain):
        return _factorised(_whole(_numbers(match[2])))
    return None


def _numbers(text: str) -> tuple[Fraction, ...]:
    """The numbers of a list that is separated by commas, semicolons, "and" or spaces."""
    pieces = [*tokens(text, thousands=False), Token("symbol", ",")]
    found: list[Fraction] = []
    sign = 1
    for piece in pieces:
        if piece.kind == "number":
            found.append(sign * Fraction(piece.text))
        elif piece.text not in (",", ";", "and", "-", "(", ")"):
            raise Unclear(f"“{piece.text}” is no number.")
        sign = -1 if piece.text == "-" else 1
    if not found:
        raise Unclear("There are no numbers in that list.")
    return tuple(found)


def _whole(numbers: Numbers) -> tuple[int, ...]:
    if any(number.denominator != 1 or number < 1 or number > LARGEST for number in numbers):
        raise Undefined(f"only for whole numbers from 1 to {LARGEST:,}")
    return tuple(int(number) for number in numbers)


def _list_text(numbers: Sequence[Quantity]) -> str:
    return ", ".join(number_text(number, 6).replace(",", "") for number in numbers)


def _statistic(name: str, numbers: Numbers, manner: Manner) -> Answer:
    function = STATISTICS[name][1]
    ordered = Pod("sorted", "Sorted list", (_list_text(sorted(numbers)),))
    return Answer(
        f"{name} of {_list_text(numbers)}",
        amount=Amount(function(numbers)),
        pods=(ordered, Pod("count", "Length of the list", (f"{len(numbers)} numbers",))),
        steps=(
            f"Sum: {number_text(sum(numbers), manner.decimals)}",
            f"Numbers: {len(numbers)}",
            f"Mean: {number_text(Fraction(sum(numbers), len(numbers)), manner.decimals)}",
        )
        if name in ("mean", "standard deviation")
        else (),
        tabs=(("Statistics", (_table(numbers, manner),)),),
    )


def _table(numbers: Numbers, manner: Manner) -> Pod:
    rows = []
    for title, function in STATISTICS.values():
        try:
            rows.append((title, number_text(function(numbers), manner.decimals)))
        except Undefined as undefined:
            rows.append((title, f"none: {undefined}"))
    return Pod("statistics", "Statistics", rows=tuple(rows))


def _all_statistics(numbers: Numbers, manner: Manner) -> Answer:
    return Answer(f"statistics of {_list_text(numbers)}", pods=(_table(numbers, manner),))


def euclid(first: int, second: int) -> tuple[tuple[int, int, int, int], ...]:
    """Euclid's divisions, larger number first: (dividend, divisor, quotient, remainder) down to remainder 0."""
    found = []
    large, small = max(first, second), min(first, second)
    while small:
        found.append((large, small, *divmod(large, small)))
        large, small = small, large % small
    return tuple(found)


def _common(name: str, numbers: Sequence[int]) -> Answer:
    steps: tuple[str, ...] = ()
    if len(numbers) == 2:
        lines = euclid(numbers[0], numbers[1])
        steps = tuple(f"{a} = {times} × {b} + {rest}" for a, b, times, rest in lines)
        greatest = math.gcd(*numbers)
        last = f"{numbers[0]} × {numbers[1]} ÷ {greatest} = {math.lcm(*numbers)}"
        steps = (*steps, f"The last divisor is {greatest}." if name == "gcd" else last)
    found = math.gcd(*numbers) if name == "gcd" else math.lcm(*numbers)
    rows = tuple((str(number), factors_text(number)) for number in numbers)
    return Answer(
        f"{name} of {', '.join(map(str, numbers))}",
        amount=Amount(Fraction(found)),
        pods=(Pod("factors", "Prime factors", rows=rows),),
        steps=steps,
    )


def factors(number: int) -> dict[int, int]:
    """Prime factors and their powers."""
    found: dict[int, int] = {}
    divisor = 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            found[divisor] = found.get(divisor, 0) + 1
            number //= divisor
        divisor += 1 if divisor == 2 else 2
    return {**found, number: 1} if number > 1 else found


def factors_text(number: int) -> str:
    """A factorisation such as "2^3 × 5"."""
    powers = [str(prime) if power == 1 else f"{prime}^{power}" for prime, power in factors(number).items()]
    return " × ".join(powers) or str(number)


def _factorised(numbers: Sequence[int]) -> Answer:
    if len(numbers) != 1:
        raise Undefined("one number at a time, please")
    number = numbers[0]
    found = factors(number)
    steps, rest = [], number
    for prime, power in found.items():
        for _ in range(power):
            steps.append(f"{rest} ÷ {prime} = {rest // prime}")
            rest //= prime
    kind = f"{number} is a prime number" if found == {number: 1} else f"{sum(found.values())} prime factors"
    return Answer(
        f"prime factors of {number}",
        pods=(Pod("result", "Result", (factors_text(number),)), Pod("kind", "Number of factors", (kind,))),
        steps=tuple(steps),
    )
