"""The example forms: what they ask for and what they make of it."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from webvoyager_gym.sites.calculator.engine import plots
from webvoyager_gym.sites.calculator.engine.answer import Amount, Answer, Pod
from webvoyager_gym.sites.calculator.engine.arithmetic import number_text
from webvoyager_gym.sites.calculator.engine.days import counted, weekday, working_days
from webvoyager_gym.sites.calculator.engine.units import convert, fits
from webvoyager_gym.sites.calculator.world import World
from webvoyager_gym.sites.kit.days import MONTHS, day_text
from webvoyager_gym.sites.kit.world import TODAY

Values = Mapping[str, str]
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,4})?")
YEARS = range(2026, 2030)
COUNTING = {"all": "All days", "working": "Working days"}


class Wrong(ValueError):
    """What is typed into a form makes no sense; the message says why."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form; one with options is a drop-down list."""

    key: str
    label: str
    start: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """An example form: `fields` and `work` depend on the world; `work` raises Wrong."""

    key: str
    title: str
    blurb: str
    fields: Callable[[World], tuple[Field, ...]]
    work: Callable[[Values, World], Answer]


def _number(values: Values, key: str, label: str, *, zero: bool = False) -> Fraction:
    text = values[key].strip().replace(",", "").removeprefix("$")
    if not _NUMBER.fullmatch(text):
        raise Wrong(f"“{label}” has to be a number.")
    if not zero and not Fraction(text):
        raise Wrong(f"“{label}” has to be more than zero.")
    return Fraction(text)


def money(amount: float | Fraction) -> str:
    """An amount of money: "$1,204.50"."""
    return f"${float(round(Fraction(amount), 2)):,.2f}"


def payment(amount: Fraction, rate: Fraction, years: int) -> float:
    """What is paid every month for a loan, by its yearly rate in per cent."""
    monthly = float(rate) / 1200
    return (
        float(amount) / (12 * years) if not monthly else float(amount) * monthly / (1 - (1 + monthly) ** (-12 * years))
    )


def balances(amount: Fraction, rate: Fraction, years: int) -> tuple[float, ...]:
    """What is still owed at the end of each year."""
    monthly, paid = float(rate) / 1200, payment(amount, rate, years)
    owed, found = float(amount), []
    for month in range(1, 12 * years + 1):
        owed = owed * (1 + monthly) - paid
        if month % 12 == 0:
            found.append(max(owed, 0.0))
    return tuple(found)


def _loan(values: Values, world: World) -> Answer:
    amount, rate = _number(values, "amount", "Amount"), _number(values, "rate", "Interest rate", zero=True)
    years = _number(values, "years", "Years")
    if years.denominator != 1 or years > 30:
        raise Wrong("“Years” has to be a whole number up to 30.")
    paid = payment(amount, rate, int(years))
    rows = tuple((f"After year {year}", money(owed)) for year, owed in enumerate(balances(amount, rate, int(years)), 1))
    pods = (
        Pod("result", "Monthly payment", (money(paid),)),
        Pod("sums", "In all", rows=(("Paid in all", money(paid * 12 * int(years))),
                                    ("Interest in all", money(paid * 12 * int(years) - float(amount))))),
    )  # fmt: skip
    return Answer("", pods=pods, tabs=(("Yearly balance", (Pod("balance", "Still owed", rows=rows),)),))


def saved(start: Fraction, monthly: Fraction, rate: Fraction, years: int) -> float:
    """What is in the account after so many years; interest is paid every month, after which money is put in."""
    sum_, share = float(start), float(rate) / 1200
    for _ in range(12 * years):
        sum_ = sum_ * (1 + share) + float(monthly)
    return sum_


def _savings(values: Values, world: World) -> Answer:
    start, monthly = (_number(values, key, key.capitalize(), zero=True) for key in ("start", "monthly"))
    rate, years = _number(values, "rate", "Interest rate", zero=True), _number(values, "years", "Years")
    if years.denominator != 1 or years > 40:
        raise Wrong("“Years” has to be a whole number up to 40.")
    end = saved(start, monthly, rate, int(years))
    put_in = float(start + 12 * years * monthly)
    return Answer(
        "",
        pods=(
            Pod("result", "Savings at the end", (money(end),)),
            Pod("sums", "Made up of", rows=(("Put in", money(put_in)), ("Interest", money(end - put_in)))),
        ),
    )


def _tip(values: Values, world: World) -> Answer:
    bill, share = _number(values, "bill", "Bill"), _number(values, "tip", "Tip", zero=True)
    people = _number(values, "people", "People")
    if people.denominator != 1 or people > 100:
        raise Wrong("“People” has to be a whole number up to 100.")
    tip = bill * share / 100
    return Answer(
        "",
        pods=(
            Pod("result", "Each person pays", (money((bill + tip) / people),)),
            Pod("sums", "In all", rows=(("Tip", money(tip)), ("Bill with tip", money(bill + tip)))),
        ),
    )


def sides(values: Values) -> tuple[Fraction, Fraction, Fraction]:
    """The sides of a triangle, in their order. Raises Wrong."""
    a, b, c = (_number(values, key, f"Side {key}") for key in "abc")
    if 2 * max(a, b, c) >= a + b + c:
        raise Wrong("No triangle has such sides: one is as long as the others together.")
    return a, b, c


def area(a: Fraction, b: Fraction, c: Fraction) -> float:
    """The area of a triangle (Heron)."""
    half = (a + b + c) / 2
    return math.sqrt(half * (half - a) * (half - b) * (half - c))


def angle(opposite: Fraction, one: Fraction, other: Fraction) -> float:
    """The angle across a side, in degrees."""
    return math.degrees(math.acos((one * one + other * other - opposite * opposite) / (2 * one * other)))


def _triangle(values: Values, world: World) -> Answer:
    a, b, c = sides(values)
    angles = ((f"Angle {name}", f"{angle(*three):.2f}°") for name, three in
              (("across a", (a, b, c)), ("across b", (b, c, a)), ("across c", (c, a, b))))  # fmt: skip
    rows = (("Perimeter", number_text(a + b + c, 2)), *angles)
    return Answer(
        "",
        pods=(
            Pod("result", "Area", (f"{area(a, b, c):,.2f}",)),
            Pod("rest", "Perimeter and angles", rows=rows),
            Pod("drawing", "Drawing", picture=plots.triangle(float(a), float(b), float(c))),
        ),
    )


def _circle(values: Values, world: World) -> Answer:
    radius = float(_number(values, "radius", "Radius"))
    pods = (
        Pod("result", "Area", (f"{math.pi * radius * radius:,.2f}",)),
        Pod("rest", "Circumference", (f"{2 * math.pi * radius:,.2f}",)),
    )
    return Answer("", pods=pods)


def _converter(dimension: str) -> Callable[[Values, World], Answer]:
    def work(values: Values, world: World) -> Answer:
        amount = _number(values, "amount", "Amount", zero=True)
        units = {unit.name: unit for unit in fits(world.units, dimension)}
        given, wanted = units[values["from"]], units[values["to"]]
        return Answer("", amount=Amount(convert(amount, given, wanted), wanted))

    return work


def _day(values: Values, end: str) -> datetime.date:
    day, month, year = (int(values[f"{end}-{part}"]) for part in ("day", "month", "year"))
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise Wrong(f"There is no {day} {MONTHS[month - 1]} {year}.") from error


def _apart(values: Values, world: World) -> Answer:
    first, last = _day(values, "first"), _day(values, "last")
    if last < first:
        raise Wrong("The last date is before the first.")
    days = working_days(first, last) if values["count"] == "working" else (last - first).days
    return Answer(
        "",
        pods=(
            Pod("result", COUNTING[values["count"]], (counted(days, "day"),)),
            Pod("rule", "Counted", ("every day after the first, up to the last",)),
            Pod("ends", "From and to", (f"{weekday(first)}, {day_text(first)}", f"{weekday(last)}, {day_text(last)}")),
        ),
    )


def _meal(values: Values, world: World) -> Answer:
    rows = []
    portions = [
        (world.thing("food", values[f"food-{number}"]), _number(values, f"grams-{number}", "Grams", zero=True))
        for number in (1, 2)
    ]
    for key, label, unit in (("energy", "Energy", "kilocalories"), ("protein", "Protein", "g"), ("fat", "Fat", "g")):
        parts = [(food.values[key], grams) for food, grams in portions]
        known = [Fraction(str(value)) * grams / 100 for value, grams in parts if isinstance(value, int | float)]
        text = f"{number_text(sum(known), 1)} {unit}" if len(known) == len(parts) else "no data available"
        rows.append((label, text))
    return Answer("", pods=(Pod("result", rows[0][0], (rows[0][1],)), Pod("rest", "Also in it", rows=tuple(rows[1:]))))


def _body(values: Values, world: World) -> Answer:
    weight, height = _number(values, "weight", "Weight"), _number(values, "height", "Height")
    index = float(weight / (height / 100) ** 2)
    words = ((18.5, "underweight"), (25, "normal weight"), (30, "overweight"), (math.inf, "obese"))
    name = next(name for least, name in words if index < least)
    return Answer("", pods=(Pod("result", "Body-mass index", (f"{index:.1f}",)), Pod("rest", "Range", (name,))))


def _typed(*fields: tuple[str, str, str]) -> Callable[[World], tuple[Field, ...]]:
    made = tuple(Field(key, label, start) for key, label, start in fields)
    return lambda world: made


def _units(dimension: str) -> Callable[[World], tuple[Field, ...]]:
    def fields(world: World) -> tuple[Field, ...]:
        options = tuple((unit.name, unit.name) for unit in fits(world.units, dimension))
        return (
            Field("amount", "Amount", "1"),
            Field("from", "From", options[0][0], options),
            Field("to", "To", options[1][0], options),
        )

    return fields


def _date_fields(world: World) -> tuple[Field, ...]:
    days = tuple((str(day), str(day)) for day in range(1, 32))
    months = tuple((str(number), name) for number, name in enumerate(MONTHS, 1))
    years = tuple((str(year), str(year)) for year in YEARS)
    found = []
    for end, label in (("first", "First"), ("last", "Last")):
        found += [
            Field(f"{end}-day", f"{label} day", str(TODAY.day), days),
            Field(f"{end}-month", f"{label} month", str(TODAY.month), months),
            Field(f"{end}-year", f"{label} year", str(TODAY.year), years),
        ]
    return (*found, Field("count", "Count", "all", tuple(COUNTING.items())))


def _meal_fields(world: World) -> tuple[Field, ...]:
    foods = tuple((food.name, food.name) for food in world.of("food"))
    return (
        Field("food-1", "First food", foods[0][0], foods),
        Field("grams-1", "First grams", "100"),
        Field("food-2", "Second food", foods[1][0], foods),
        Field("grams-2", "Second grams", "100"),
    )


FORMS = {
    form.key: form
    for form in (
        Form("triangle", "Triangle solver", "Area and angles from three sides",
             _typed(("a", "Side a", ""), ("b", "Side b", ""), ("c", "Side c", "")), _triangle),
        Form("circle", "Circle", "Area and circumference", _typed(("radius", "Radius", "")), _circle),
        Form("length", "Length", "Metres, miles and old units", _units("length"), _converter("length")),
        Form("weight", "Weight", "Kilograms, pounds and old units", _units("weight"), _converter("weight")),
        Form("volume", "Volume", "Litres, gallons and old units", _units("volume"), _converter("volume")),
        Form("loan", "Loan payment", "What a loan costs every month",
             _typed(("amount", "Amount", ""), ("rate", "Interest rate %", ""), ("years", "Years", "")), _loan),
        Form("savings", "Savings plan", "What regular saving comes to",
             _typed(("start", "Start", "0"), ("monthly", "Monthly", ""), ("rate", "Interest rate %", ""),
                    ("years", "Years", "")), _savings),
        Form("tip", "Tip split", "A bill with a tip, divided fairly",
             _typed(("bill", "Bill", ""), ("tip", "Tip %", "10"), ("people", "People", "2")), _tip),
        Form("date-difference", "Date difference", "All days or working days", _date_fields, _apart),
        Form("meal", "Meal", "Energy of two foods together", _meal_fields, _meal),
        Form("body", "Body-mass index", "From weight and height",
             _typed(("weight", "Weight in kg", ""), ("height", "Height in cm", "")), _body),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the start page: its forms and, where it is about things, their kind."""

    key: str
    title: str
    blurb: str
    forms: tuple[str, ...] = ()
    kind: str = ""


TOPICS = {
    topic.key: topic
    for topic in (
        Topic("maths", "Mathematics", "Sums, roots, equations, plots", ("triangle", "circle")),
        Topic("units", "Units", "Length, weight, volume", ("length", "weight", "volume")),
        Topic("money", "Money", "Loans, savings, tips", ("loan", "savings", "tip")),
        Topic("dates", "Dates", "Spans and weekdays", ("date-difference",)),
        Topic("planet", "Planets", "Sizes, moons, years", kind="planet"),
        Topic("element", "Elements", "Melting points, hardness", kind="element"),
        Topic("food", "Food & body", "Energy, protein, meals", ("meal", "body"), kind="food"),
        Topic("country", "Countries", "People, land, rainfall", kind="country"),
    )
}
TOPIC_OF = {key: topic.key for topic in TOPICS.values() for key in topic.forms}
