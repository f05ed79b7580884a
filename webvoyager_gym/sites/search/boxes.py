"""Boxes above the results that answer at once: the weather of a town, and an amount of money in another currency."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from webvoyager_gym.sites.kit import TODAY
from webvoyager_gym.sites.kit.answers import fold
from webvoyager_gym.sites.search.world import Forecast, World

REASONS = ("Out of date", "Hard to read", "Wrong place or thing", "The numbers are wrong")
"""What may be wrong with a box."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """An amount of a currency and what it is in another."""

    amount: float
    source: str
    target: str
    result: float


def weekday(number: int) -> str:
    """The name of a day, counted from today."""
    return f"{TODAY + datetime.timedelta(days=number):%A}"


def weather(world: World, words: str) -> Forecast | None:
    """The forecast that a search asks for."""
    if not {"weather", "forecast"} & set(fold(words).split()):
        return None
    return next((world.forecast[thing.key] for thing in world.index.about(words) if thing.key in world.forecast), None)


def convert(world: World, amount: float, source: str, target: str) -> Conversion:
    """An amount of one currency in another; both are named as the world names them."""
    rates = dict(world.rates)
    return Conversion(amount, source, target, round(amount * rates[source] / rates[target], 2))


def conversion(world: World, words: str) -> Conversion | None:
    """The conversion that a search asks for: it names two currencies, the one to change first."""
    text = f" {fold(words)} "
    named = sorted((text.index(f" {fold(name)} "), name) for name, _ in world.rates if f" {fold(name)} " in text)
    if len(named) != 2:
        return None
    number = re.search(r"\d{1,9}(?:\.\d{1,4})?", words.replace(",", ""))
    return convert(world, float(number[0]) if number else 1.0, named[0][1], named[1][1])


def box_key(world: World, words: str) -> str:
    """The identifier of the box that a search shows, "" if it shows none."""
    forecast = weather(world, words)
    if forecast is not None:
        return f"weather-{forecast.town}"
    return "converter" if conversion(world, words) else ""
