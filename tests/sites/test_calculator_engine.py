"""What the answer engine understands, checked against Python's own arithmetic."""

from __future__ import annotations

import ast
import datetime
import math
import operator
import re
import statistics
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webvoyager_gym.sites.calculator.engine.answer import Answer
from webvoyager_gym.sites.calculator.engine.arithmetic import Undefined, number_text, value
from webvoyager_gym.sites.calculator.engine.days import shifted, working_days
from webvoyager_gym.sites.calculator.engine.equations import polynomial, roots
from webvoyager_gym.sites.calculator.engine.lists import factors
from webvoyager_gym.sites.calculator.engine.syntax import parse, written
from webvoyager_gym.sites.calculator.engine.tokens import Unclear
from webvoyager_gym.sites.calculator.engine.units import UNITS, convert
from webvoyager_gym.sites.calculator.facts import temperature
from webvoyager_gym.sites.calculator.forms import balances, payment
from webvoyager_gym.sites.calculator.state import new_desk
from webvoyager_gym.sites.calculator.understand import NotUnderstood, understand
from webvoyager_gym.sites.calculator.world import build_world
from webvoyager_gym.sites.kit.world import split_of

WORLD = build_world("train", 1)
quick = settings(max_examples=100, deadline=None, derandomize=True)

# ---- expressions ----------------------------------------------------------------------------------------------------

numbers = st.one_of(
    st.integers(0, 2000).map(str), st.decimals(0, 99, places=2, allow_nan=False).map(lambda number: f"{number:f}")
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda a, sign, b: f"{a} {sign} {b}", inner, st.sampled_from("+-*/"), inner),
        st.builds(lambda a: f"({a})", inner),
        st.builds(lambda a: f"-{a}", inner),
        st.builds(lambda a, power: f"({a}) ** {power}", inner, st.integers(-2, 3)),
        st.builds(lambda a, power: f"{a} ** {power}", numbers, st.integers(-2, 3)),
    )


expressions = st.recursive(numbers, _grown, max_leaves=7).filter(lambda text: len(text) <= 150)
_PYTHON: dict[type[ast.AST], Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg,
}  # fmt: skip


def by_python(text: str) -> Fraction:
    """What Python's own grammar and fractions make of an expression."""

    def worth(node: ast.AST) -> Fraction:
        if isinstance(node, ast.Constant):
            return Fraction(str(ast.get_source_segment(text, node)))
        if isinstance(node, ast.UnaryOp):
            return Fraction(_PYTHON[type(node.op)](worth(node.operand)))
        assert isinstance(node, ast.BinOp)
        return Fraction(_PYTHON[type(node.op)](worth(node.left), worth(node.right)))

    return worth(ast.parse(text, mode="eval").body)


@quick
@given(expressions)
def test_expressions_have_the_value_that_python_gives_them(text: str) -> None:
    text = re.sub(r"(?<![\d.])0+(?=\d)", "", text)
    try:
        expected = by_python(text)
    except ZeroDivisionError:
        with pytest.raises(Undefined):
            value(parse(text))
    else:
        assert value(parse(text)) == expected


@quick
@given(st.recursive(numbers | st.just("x"), _grown, max_leaves=7).filter(lambda text: len(text) <= 150))
def test_the_canonical_spelling_means_the_same(text: str) -> None:
    node = parse(text)
    assert parse(written(node)) == node


@pytest.mark.parametrize(
    ("in_words", "in_signs"),
    [
        ("348 times 27 minus 15", "348 * 27 - 15"),
        ("12 plus 3 multiplied by 4", "12+3*4"),
        ("100 divided by 8", "100 ÷ 8"),
        ("square root of 144 plus 5", "sqrt(144) + 5"),
        ("cube root of 27", "cbrt 27"),
        ("2 to the power of 10", "2^10"),
        ("15 percent of 80", "15% of 80"),
        ("9 squared minus 2 cubed", "9² − 2³"),
        ("12 x 30", "12 × 30"),
        ("1,250 times 2", "1250 * 2"),
        ("What is 7 times 6?", "7*6="),
    ],
)
def test_words_mean_what_signs_mean(in_words: str, in_signs: str) -> None:
    first, second = understand(in_words, WORLD), understand(in_signs, WORLD)
    assert isinstance(first, Answer)
    assert isinstance(second, Answer)
    assert first.amount is not None
    assert first == second


@pytest.mark.parametrize(
    ("text", "result"),
    [("200 + 15%", "230"), ("15% of 80", "12"), ("-2^2", "-4"), ("2^3^2", "512"), ("3(4+5)", "27"), ("5!", "120"),
     ("sin 30", "0.5"), ("1/3", "0.3333"), ("2 sqrt 9", "6"), ("10^21", "1.0000 × 10^21"), ("1/8^8", "5.9605 × 10^-8")],
)  # fmt: skip
def test_results_as_they_are_written(text: str, result: str) -> None:
    assert number_text(value(parse(text)), 4) == result


@given(st.integers(-(10**9), 10**9), st.integers(1, 9999), st.integers(1, 6))
@quick
def test_rounding_is_that_of_fractions(numerator: int, denominator: int, decimals: int) -> None:
    number = Fraction(numerator, denominator)
    text = number_text(number, decimals).replace(",", "")
    if "^" not in text:
        assert Fraction(text) == round(number, decimals)


@quick
@given(st.text(max_size=200))
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    assert isinstance(understand(text, WORLD), Answer | NotUnderstood)


@quick
@given(
    st.lists(
        st.sampled_from(
            [*"()+-*/^%!=x,;°", *"0123456789", " ", ".", " of ", "sqrt ", " in ", "km", "mean ", "plot ", "solve "]
        )
    )
)
def test_nothing_that_looks_like_a_sum_is_an_error(pieces: list[str]) -> None:
    assert isinstance(understand("".join(pieces), WORLD), Answer | NotUnderstood)


@pytest.mark.parametrize("text", ["(" * 150, "-" * 150, "9^9^9^9^9", "170!^170!", "sqrt " * 30, "1/0", "9" * 159])
def test_extravagant_input_is_answered(text: str) -> None:
    assert isinstance(understand(text, WORLD), Answer | NotUnderstood)


@pytest.mark.parametrize("text", ["(3", "3 +", "3 apples", "* 4", "2x + 3", "4 5"])
def test_what_makes_no_sense_gets_suggestions(text: str) -> None:
    answer = understand(text, WORLD)
    assert isinstance(answer, NotUnderstood)
    assert len(answer.suggestions) == 3
    assert all(isinstance(understand(suggestion, WORLD), Answer) for suggestion in answer.suggestions)


def test_a_misspelt_word_is_put_right() -> None:
    answer = understand("squre root of 50", WORLD)
    assert isinstance(answer, NotUnderstood)
    assert answer.suggestions[0] == "square root of 50"


# ---- units, dates, lists, equations ---------------------------------------------------------------------------------


@quick
@given(st.sampled_from(UNITS), st.sampled_from(UNITS), st.integers(-500, 5000))
def test_conversions_lead_back(unit: Any, other: Any, amount: int) -> None:
    if unit.dimension == other.dimension:
        assert convert(convert(Fraction(amount), unit, other), other, unit) == amount


@pytest.mark.parametrize(
    ("text", "result"),
    [("26.5 miles in kilometres", 42.647616), ("convert 12 inches to cm", 30.48), ("100 °C to °F", 212),
     ("32 fahrenheit in celsius", 0), ("how many grams are 3 ounces", 85.048569), ("0 kelvin in °C", -273.15),
     ("90 km/h to m/s", 25), ("12 in in cm", 30.48)],
)  # fmt: skip
def test_known_conversions(text: str, result: float) -> None:
    answer = understand(text, WORLD)
    assert isinstance(answer, Answer)
    assert answer.amount is not None
    assert float(answer.amount.value) == pytest.approx(result)


def test_units_that_do_not_fit_are_said_not_to() -> None:
    answer = understand("12 kilograms to litres", WORLD)
    assert isinstance(answer, Answer)
    assert "do not fit" in answer.pods[0].lines[0]


@quick
@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2040, 1, 1)), st.integers(-900, 900))
def test_months_and_working_days(day: datetime.date, count: int) -> None:
    later = shifted(day, count, "month")
    assert (later.year - day.year) * 12 + later.month - day.month == count
    assert later.day == day.day or (later + datetime.timedelta(days=1)).day == 1
    last = day + datetime.timedelta(days=abs(count))
    days = [day + datetime.timedelta(days=step) for step in range(1, abs(count) + 1)]
    assert working_days(day, last) == sum(one.weekday() < 5 for one in days)


@quick
@given(st.lists(st.integers(-50, 500), min_size=2, max_size=9))
def test_statistics_are_those_of_python(numbers: list[int]) -> None:
    text = ", ".join(map(str, numbers))
    for name, function in (("mean", statistics.fmean), ("median", statistics.median), ("sum", sum)):
        answer = understand(f"{name} of {text}", WORLD)
        assert isinstance(answer, Answer)
        assert answer.amount is not None
        assert float(answer.amount.value) == pytest.approx(function(numbers))
    answer = understand(f"sample standard deviation of {text}", WORLD)
    assert isinstance(answer, Answer)
    assert answer.amount is not None
    assert float(answer.amount.value) == pytest.approx(statistics.stdev(numbers))


@quick
@given(st.integers(1, 10**6))
def test_factors_multiply_to_the_number_and_are_prime(number: int) -> None:
    found = factors(number)
    assert math.prod(prime**power for prime, power in found.items()) == number
    assert all(all(prime % divisor for divisor in range(2, math.isqrt(prime) + 1)) for prime in found)


@quick
@given(st.integers(-30, 30), st.integers(-30, 30), st.integers(1, 9))
def test_solutions_solve_the_equation(p: int, q: int, a: int) -> None:
    parts = polynomial(parse(f"{a} * (x - ({p})) * (x - ({q}))"))
    assert roots(parts) == tuple(sorted({Fraction(p), Fraction(q)}))


def test_equations_beyond_the_second_power_are_only_drawn() -> None:
    cubic = understand("x^3 - 4x = 0", WORLD)
    assert isinstance(cubic, Answer)
    assert "plot it" in cubic.pods[0].lines[0]
    drawn = understand("plot x^3 - 4x", WORLD)
    assert isinstance(drawn, Answer)
    assert drawn.pods[0].picture
    with pytest.raises(Unclear):
        polynomial(parse("1 / x"))


def test_a_loan_is_paid_back_at_the_end() -> None:
    owed = balances(Fraction(10000), Fraction(9, 2), 7)
    assert owed[-1] == pytest.approx(0, abs=1e-6)
    assert list(owed) == sorted(owed, reverse=True)
    assert payment(Fraction(1200), Fraction(0), 1) == 100


# ---- the world ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_names_belong_to_their_split(split: str) -> None:
    for seed in range(8):
        world = build_world(split, seed)
        books = [name for name, _ in world.notebooks]
        for name in (*books, *world.fresh_notebooks, *world.fresh_entries, *(thing.name for thing in world.things)):
            assert split_of(name) == split


def test_every_thing_and_example_is_understood_and_its_meaning_means_the_same() -> None:
    for seed in range(4):
        world = build_world("train", seed)
        inputs = [text for _, examples in world.examples for text in examples]
        for text in (*inputs, *(entry.text for entry in world.entries), *(thing.name for thing in world.things)):
            answer = understand(text, world)
            assert isinstance(answer, Answer), text
            again = understand(answer.meaning, world, answer.kind)
            assert isinstance(again, Answer)
            assert (again.meaning, again.amount) == (answer.meaning, answer.amount)
        assert new_desk(world).effects() == new_desk(world).effects()


def test_a_name_of_two_things_is_taken_for_a_planet_unless_said_otherwise() -> None:
    name = WORLD.shared[0]
    usual, other = understand(f"{name} radius", WORLD), understand(f"{name} radius", WORLD, "element")
    assert isinstance(usual, Answer)
    assert isinstance(other, Answer)
    assert (usual.kind, usual.other_kinds) == ("planet", ("element",))
    assert (other.kind, other.other_kinds) == ("element", ("planet",))
    melting = understand(f"{name} melting point", WORLD)
    assert isinstance(melting, Answer)
    assert (melting.kind, melting.other_kinds) == ("element", ())


def test_a_planet_is_above_zero_from_thaw_to_freeze() -> None:
    for planet in WORLD.of("planet"):
        hours = [hour / 4 for hour in range(97)]
        warm = [hour for hour in hours if temperature(planet, hour) > 1e-9]
        assert (min(warm) - 0.25, max(warm) + 0.25) == (planet.thaw, planet.freeze)


def test_words_that_are_not_used_are_named() -> None:
    planet = next(thing for thing in WORLD.of("planet") if thing.name not in WORLD.shared)
    answer = understand(f"what is the radius of {planet.name} in miles?", WORLD)
    assert isinstance(answer, Answer)
    assert answer.unused == "in miles"
