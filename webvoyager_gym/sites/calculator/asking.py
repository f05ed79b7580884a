"""Tasks whose answer the input line gives: sums, roots, conversions, dates, lists, equations and their steps."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.actions import Action
from webvoyager_gym.sites.calculator.engine.arithmetic import value
from webvoyager_gym.sites.calculator.engine.days import shifted
from webvoyager_gym.sites.calculator.engine.lists import STATISTICS, euclid
from webvoyager_gym.sites.calculator.engine.syntax import parse
from webvoyager_gym.sites.calculator.engine.units import convert, fits
from webvoyager_gym.sites.calculator.reach import DeskHand, DeskQuestion, Wordings, ask, open_tab, see
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit import TODAY, Day, Expected, Impossible, Number, Params
from webvoyager_gym.sites.kit.changes import one_of, unfold
from webvoyager_gym.sites.kit.days import day_text


def some(random: np.random.Generator, low: int, high: int) -> int:
    """A whole number from low to high."""
    return int(random.integers(low, high + 1))


def rounded(amount: Any, decimals: int, unit: str = "") -> Number:
    """An answer that is right when it is rounded to so many decimals."""
    return Number(float(amount), unit, tolerance=0.5 * 10.0**-decimals, decimals=decimals)


class Typed(DeskQuestion):
    """A task that is done by typing its parameter "text" and reading the result."""

    def look(self, hand: DeskHand) -> Action | None:
        return ask(hand, hand.params["text"]) or open_tab(hand) or see(hand, "Input")


class Arithmetic(Typed):
    """A sum of two or three operations, in words."""

    name = "arithmetic"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": ("What is {text}?", "Work out {text}.", "Calculate {text} and give the exact result.")
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        a, b, c = some(random, 112, 989), some(random, 13, 97), some(random, 11, 899)
        share = some(random, 3, 94)
        return {
            "text": one_of(
                random,
                (
                    f"{a} times {b} minus {c}",
                    f"{a} times {b} plus {c}",
                    f"{a} plus {b} times {c}",
                    f"{share} percent of {a * 100}",
                    f"{b} squared plus {c}",
                    f"({a} + {b}) * {c}",
                    f"{a * b} divided by {b} plus {c}",
                    f"{some(random, 3, 9)} to the power of {some(random, 4, 7)} minus {c}",
                ),
            )
        }

    def expected(self, world: World, params: Params) -> Expected:
        return Number(float(value(parse(params["text"]))))


class MoreDigits(Typed):
    """A root or a quotient to more decimals than are shown unasked."""

    name = "more-digits"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "Give the {text} to {decimals} decimal places.",
            "What is the {text}? I need {decimals} decimals.",
            "Find the {text} with {decimals} digits after the point.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        number = some(random, 11, 990)
        text = one_of(random, (f"square root of {number}", f"cube root of {number}", f"square root of {number}.5"))
        return {"text": text, "decimals": some(random, 6, 8)} if value(parse(text)) % 1 else None

    def expected(self, world: World, params: Params) -> Expected:
        return rounded(value(parse(params["text"])), params["decimals"])

    def look(self, hand: DeskHand) -> Action | None:
        step = super().look(hand)
        return step or (None if hand.query.get("digits") else hand.click(key="digits"))


class Conversion(Typed):
    """A conversion between units, some of which only this world has."""

    name = "convert"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "Convert {text}. Round to {decimals} decimals.",
            "How much is {text}, to {decimals} decimal places?",
            "Work out {text} and round to {decimals} decimals.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        unit = one_of(random, (*world.old_units, *fits(world.units, "length"), *fits(world.units, "weight")))
        other = one_of(random, fits(world.units, unit.dimension))
        amount = Fraction(some(random, 15, 990), one_of(random, (1, 2, 10)))
        found = convert(amount, unit, other)
        if unit == other or not 1 <= found <= 100_000:
            return None
        text = f"{float(amount):g} {unit.name} to {other.name}"
        return {"text": text, "decimals": 2, "found": float(found)}

    def expected(self, world: World, params: Params) -> Expected:
        return rounded(params["found"], params["decimals"])


class MisfitUnits(Typed):
    """A conversion between units that measure different things."""

    name = "misfit-units"
    kind = "compute"
    feasible = False
    wordings: ClassVar[Wordings] = {
        "": ("Convert {text}.", "How much is {text}? Round to 2 decimals.", "Work out {text}, to 2 decimal places.")
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        unit, other = one_of(random, world.units), one_of(random, world.units)
        if unit.dimension == other.dimension or "temperature" in (unit.dimension, other.dimension):
            return None
        return {"text": f"{some(random, 12, 480)} {unit.name} to {other.name}"}

    def expected(self, world: World, params: Params) -> Expected:
        return Impossible("these units do not fit, it is not possible")

    def look(self, hand: DeskHand) -> Action | None:
        return ask(hand, hand.params["text"]) or see(hand, "Not possible")


class DateAfter(Typed):
    """The date so many days or weeks after or before another."""

    name = "date-after"
    kind = "plan"
    wordings: ClassVar[Wordings] = {
        "": (
            "Which date is {text}?",
            "A parcel is due {text}. On which date is that?",
            "Work out the date that is {text}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        day = TODAY + datetime.timedelta(days=some(random, 5, 900))
        count, unit = one_of(random, ((some(random, 34, 480), "day"), (some(random, 6, 70), "week")))
        before = bool(random.integers(2))
        return {
            "text": f"{count} {unit}s {'before' if before else 'after'} {day_text(day)}",
            "found": shifted(day, -count if before else count, unit).isoformat(),
        }

    def expected(self, world: World, params: Params) -> Expected:
        return Day(datetime.date.fromisoformat(params["found"]))


class Statistic(Typed):
    """A statistic of a list of numbers."""

    name = "statistic"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "": (
            "Find the {text}. Give at most {decimals} decimals.",
            "What is the {text}? Round to {decimals} decimals.",
            "Work out the {text}, rounded to {decimals} decimals.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        numbers = [some(random, 12, 98) for _ in range(some(random, 5, 7))]
        fact = one_of(random, ("mean", "median", "sample standard deviation", "range"))
        return {"text": f"{fact} of {', '.join(map(str, numbers))}", "numbers": numbers, "decimals": 2}

    def expected(self, world: World, params: Params) -> Expected:
        name = params["text"].partition(" of ")[0].removeprefix("sample ")
        return rounded(STATISTICS[name][1]([Fraction(number) for number in params["numbers"]]), params["decimals"])


class Equation(Typed):
    """The solution of a linear equation, or one of the two of a quadratic one."""

    name = "equation"
    kind = "compute"
    wordings: ClassVar[Wordings] = {
        "line": ("Solve {text}. What is x?", "For which x is {text}?", "Find the x that solves {text}."),
        "larger": (
            "Solve {text}. Give the larger solution.",
            "Which is the larger x that solves {text}?",
            "Of the two solutions of {text}, give the larger one.",
        ),
        "smaller": (
            "Solve {text}. Give the smaller solution.",
            "Which is the smaller x that solves {text}?",
            "Of the two solutions of {text}, give the smaller one.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        fact = one_of(random, tuple(self.wordings))
        if fact == "line":
            a, x, b = some(random, 3, 19), some(random, 4, 60), some(random, 5, 90)
            return {"text": f"{a}x + {b} = {a * x + b}", "fact": fact, "found": x}
        p, q = some(random, -19, 25), some(random, -19, 25)
        if p == q or not p + q or not p * q:
            return None
        sums, products = -(p + q), p * q
        text = f"x^2 {'+' if sums > 0 else '-'} {abs(sums)}x {'+' if products > 0 else '-'} {abs(products)} = 0"
        return {"text": text, "fact": fact, "found": max(p, q) if fact == "larger" else min(p, q)}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(params["found"])


class StepByStep(Typed):
    """A number that only the step-by-step solution shows."""

    name = "step-by-step"
    kind = "look up"
    wordings: ClassVar[Wordings] = {
        "remainder": (
            "In the step-by-step solution of the {text}, which remainder does the first division leave?",
            "Open the step-by-step solution of the {text}. What is the remainder in the first line?",
            "Work out the {text} step by step. What remains after the first division?",
        ),
        "discriminant": (
            "What is the discriminant in the step-by-step solution of {text}?",
            "Solve {text} and look at the step-by-step solution: how much is the discriminant?",
            "Find the discriminant of {text} in its step-by-step solution.",
        ),
        "quotient": (
            "In the step-by-step solution of the {text}, what is the result of the first line?",
            "Open the step-by-step solution of the {text}. What does the first division give?",
            "Work out the {text} step by step. What is left after the first division?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        fact = one_of(random, tuple(self.wordings))
        if fact == "remainder":
            a, b = some(random, 20, 90) * 12, some(random, 9, 44) * 6
            line = euclid(a, b)[0]
            if a <= b or not line[3]:
                return None
            return {"text": f"gcd of {a} and {b}", "fact": fact, "found": line[3], "said": f"= {line[2]} × {line[1]}"}
        if fact == "quotient":
            prime, rest = one_of(random, (2, 3, 5, 7)), some(random, 60, 900) * 7
            number = prime * rest
            least = next(p for p in (2, 3, 5, 7) if number % p == 0)
            said = f"{number} ÷ {least} ="
            return {"text": f"prime factors of {number}", "fact": fact, "found": number // least, "said": said}
        a, b, c = some(random, 2, 7), some(random, 12, 40), some(random, 3, 15)
        return {
            "text": f"{a}x^2 + {b}x + {c} = 0", "fact": fact, "found": b * b - 4 * a * c, "said": "Discriminant",
        }  # fmt: skip

    def expected(self, world: World, params: Params) -> Expected:
        return Number(params["found"])

    def look(self, hand: DeskHand) -> Action | None:
        step = ask(hand, hand.params["text"]) or open_tab(hand)
        return step or unfold(hand, "steps", hand.params["said"])


ASKING = (
    Arithmetic(), MoreDigits(), Conversion(), MisfitUnits(), DateAfter(), Statistic(), Equation(), StepByStep(),
)  # fmt: skip
