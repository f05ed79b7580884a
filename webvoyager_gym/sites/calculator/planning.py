"""Tasks that are worked out with an example form."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from webvoyager_gym.sites.calculator.asking import rounded, some
from webvoyager_gym.sites.calculator.engine.days import working_days
from webvoyager_gym.sites.calculator.forms import COUNTING, YEARS, angle, area, balances, payment, saved
from webvoyager_gym.sites.calculator.reach import DeskHand, DeskQuestion, Wordings, open_tab, see, work_out
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit import TODAY, Expected, Number, Params
from webvoyager_gym.sites.kit.changes import one_of
from webvoyager_gym.sites.kit.days import MONTHS, day_text


class FormTask(DeskQuestion):
    """A task with a form; its parameters "values" are what the form's address is to say.

    Attributes:
        form: the form's key.
        tab: slug of the tab with the answer.
        near: what stands beside the answer.
    """

    form: ClassVar[str]
    tab: ClassVar[str] = "answer"
    near: ClassVar[str]

    def words(self, world: World, params: Params) -> Mapping[str, Any]:
        return {**params, **params["values"]}

    def labels(self, params: Params) -> Mapping[str, str]:
        """What the fields are to show."""
        values: Mapping[str, str] = params["values"]
        return values

    def look(self, hand: DeskHand) -> Any:
        step = work_out(hand, self.form, self.labels(hand.params), hand.params["values"])
        return step or open_tab(hand, self.tab) or see(hand, hand.params.get("near", self.near), "work-out")


class LoanPayment(FormTask):
    """The monthly payment of a loan, or all of its interest."""

    name = "loan-payment"
    kind = "plan"
    form = "loan"
    near = "Interest in all"
    wordings: ClassVar[Wordings] = {
        "payment": (
            "How much is the monthly payment for a loan of ${amount} at {rate} % over {years} years?",
            "I borrow ${amount} for {years} years at {rate} % interest. What do I pay every month?",
            "Work out the monthly payment: amount ${amount}, interest rate {rate} %, {years} years.",
        ),
        "interest": (
            "How much interest in all does a loan of ${amount} at {rate} % over {years} years cost?",
            "I borrow ${amount} for {years} years at {rate} % interest. How much interest do I pay in all?",
            "Find the interest in all of a loan: amount ${amount}, interest rate {rate} %, {years} years.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        values = {
            "amount": str(some(random, 8, 180) * 500),
            "rate": f"{some(random, 15, 78) / 10:g}",
            "years": str(some(random, 3, 9)),
        }
        return {"values": values, "fact": one_of(random, tuple(self.wordings))}

    def expected(self, world: World, params: Params) -> Expected:
        values = params["values"]
        paid = payment(Fraction(values["amount"]), Fraction(values["rate"]), int(values["years"]))
        if params["fact"] == "interest":
            paid = paid * 12 * int(values["years"]) - float(values["amount"])
        return rounded(paid, 2, "$")


class LoanBalance(LoanPayment):
    """What is still owed after some of a loan's years, in a table on another tab."""

    name = "loan-balance"
    tab = "yearly-balance"
    near = "Still owed"
    wordings: ClassVar[Wordings] = {
        "": (
            "A loan of ${amount} at {rate} % runs for {years} years. How much is still owed after year {year}?",
            "I borrow ${amount} for {years} years at {rate} % interest. What is the balance after year {year}?",
            "Loan of ${amount}, interest rate {rate} %, {years} years: what is still owed after year {year}?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        params = super().draw(world, random)
        if params is None:
            return None
        year = some(random, 1, int(params["values"]["years"]) - 1)
        return {"values": params["values"], "year": year, "near": f"After year {year}"}

    def expected(self, world: World, params: Params) -> Expected:
        values = params["values"]
        owed = balances(Fraction(values["amount"]), Fraction(values["rate"]), int(values["years"]))
        return rounded(owed[params["year"] - 1], 2, "$")


class Savings(FormTask):
    """What a savings plan comes to."""

    name = "savings-plan"
    kind = "plan"
    form = "savings"
    near = "Savings at the end"
    wordings: ClassVar[Wordings] = {
        "": (
            "I start with ${start} and save ${monthly} monthly at {rate} % for {years} years. What do I have then?",
            "Savings plan: start ${start}, monthly ${monthly}, interest rate {rate} %, {years} years. What is the end?",
            "Start with ${start}, save ${monthly} monthly at {rate} % interest: how much is it after {years} years?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        values = {
            "start": str(some(random, 4, 90) * 50), "monthly": str(some(random, 4, 60) * 5),
            "rate": f"{some(random, 8, 49) / 10:g}", "years": str(some(random, 3, 20)),
        }  # fmt: skip
        return {"values": values}

    def expected(self, world: World, params: Params) -> Expected:
        start, monthly, rate, years = (Fraction(params["values"][key]) for key in ("start", "monthly", "rate", "years"))
        return rounded(saved(start, monthly, rate, int(years)), 2, "$")


class TipSplit(FormTask):
    """What each pays of a bill with a tip."""

    name = "tip-split"
    kind = "compute"
    form = "tip"
    near = "Each person pays"
    wordings: ClassVar[Wordings] = {
        "": (
            "A bill of ${bill} with a tip of {tip} % is split among {people} people. What does each pay?",
            "{people} people share a bill of ${bill} and leave a {tip} % tip. How much does each person pay?",
            "Split ${bill} plus {tip} % tip between {people} people. What is one share?",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        bill = some(random, 1900, 38000)
        values = {"bill": f"{bill / 100:.2f}", "tip": str(some(random, 11, 22)), "people": str(some(random, 3, 9))}
        return {"values": values}

    def expected(self, world: World, params: Params) -> Expected:
        bill, tip, people = (Fraction(params["values"][key]) for key in ("bill", "tip", "people"))
        return rounded(bill * (100 + tip) / 100 / people, 2, "$")


class Triangle(FormTask):
    """The area or the largest angle of a triangle with given sides."""

    name = "triangle"
    kind = "compute"
    form = "triangle"
    near = "Perimeter and angles"
    wordings: ClassVar[Wordings] = {
        "area": (
            "What is the area of a triangle with sides a = {a}, b = {b} and c = {c}? Two decimals, please.",
            "A triangle has the sides {a}, {b} and {c}. Give its area to 2 decimals.",
            "Solve the triangle with the sides a {a}, b {b}, c {c}: how large is its area, to 2 decimals?",
        ),
        "angle": (
            "In a triangle with sides a = {a}, b = {b} and c = {c}, how many degrees is the angle across a?",
            "A triangle has the sides a = {a}, b = {b}, c = {c}. How large is the angle across a, in degrees?",
            "Solve the triangle with sides a {a}, b {b}, c {c}: what is the angle across a in degrees?",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        a, b, c = (some(random, 11, 95) for _ in range(3))
        if 2 * max(a, b, c) >= a + b + c - 2:
            return None
        return {"values": {"a": str(a), "b": str(b), "c": str(c)}, "fact": one_of(random, tuple(self.wordings))}

    def expected(self, world: World, params: Params) -> Expected:
        a, b, c = (Fraction(params["values"][key]) for key in "abc")
        return rounded(area(a, b, c) if params["fact"] == "area" else angle(a, b, c), 2)


class WorkingDays(FormTask):
    """How many working days there are up to a date, with drop-down lists for day, month and year."""

    name = "working-days"
    kind = "plan"
    form = "date-difference"
    near = "From and to"
    wordings: ClassVar[Wordings] = {
        "": (
            "How many working days (Monday to Friday) come after today, 2 March 2026, up to {last_text}?",
            "Count the working days after today (2 March 2026) until {last_text}.",
            "In the date difference form, find how many working days there are from 2 March 2026 to {last_text}.",
        )
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        last = TODAY + datetime.timedelta(days=some(random, 20, 1100))
        if last.year not in YEARS:
            return None
        values = {
            "first-day": str(TODAY.day), "first-month": str(TODAY.month), "first-year": str(TODAY.year),
            "last-day": str(last.day), "last-month": str(last.month), "last-year": str(last.year), "count": "working",
        }  # fmt: skip
        return {"values": values, "last": last.isoformat(), "last_text": day_text(last)}

    def labels(self, params: Params) -> Mapping[str, str]:
        values = params["values"]
        months = {key: MONTHS[int(values[key]) - 1] for key in ("first-month", "last-month")}
        return {**values, **months, "count": COUNTING["working"]}

    def expected(self, world: World, params: Params) -> Expected:
        return Number(working_days(TODAY, datetime.date.fromisoformat(params["last"])), "days")


class Meal(FormTask):
    """Energy or protein of two portions of food together."""

    name = "meal"
    kind = "plan"
    form = "meal"
    near = "Also in it"
    wordings: ClassVar[Wordings] = {
        "energy": (
            "How many kilocalories do {grams-1} g of {food-1} and {grams-2} g of {food-2} have together?",
            "A meal is {grams-1} g of {food-1} with {grams-2} g of {food-2}. How much energy is it, in kilocalories?",
            "Add up the kilocalories of {grams-1} g {food-1} and {grams-2} g {food-2}.",
        ),
        "protein": (
            "How many grams of protein do {grams-1} g of {food-1} and {grams-2} g of {food-2} have together?",
            "A meal is {grams-1} g of {food-1} with {grams-2} g of {food-2}. How much protein is in it, in grams?",
            "Add up the grams of protein in {grams-1} g {food-1} and {grams-2} g {food-2}.",
        ),
    }

    def draw(self, world: World, random: np.random.Generator) -> Params | None:
        foods = world.of("food")
        first, second = (foods[int(i)] for i in random.permutation(len(foods))[:2])
        fact = one_of(random, tuple(self.wordings))
        if first.values[fact] is None or second.values[fact] is None:
            return None
        grams = [str(some(random, 4, 60) * 5) for _ in range(2)]
        values = {"food-1": first.name, "grams-1": grams[0], "food-2": second.name, "grams-2": grams[1]}
        return {"values": values, "fact": fact}

    def expected(self, world: World, params: Params) -> Expected:
        values = params["values"]
        portions = [(world.thing("food", values[f"food-{n}"]), Fraction(values[f"grams-{n}"])) for n in (1, 2)]
        total = sum(Fraction(str(food.number(params["fact"]))) * grams / 100 for food, grams in portions)
        return Number(float(total), "kilocalories" if params["fact"] == "energy" else "grams", 0.06, 1)


PLANNING = (LoanPayment(), LoanBalance(), Savings(), TipSplit(), Triangle(), WorkingDays(), Meal())
