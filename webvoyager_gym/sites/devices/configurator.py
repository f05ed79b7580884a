"""The configurator: which steps there are, what was chosen, what can be chosen next, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from webvoyager_gym.sites.devices.state import STEPS, Configuration
from webvoyager_gym.sites.devices.world import Choice, Model
from webvoyager_gym.sites.kit import BadRequest

State = Literal["done", "now", "next"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the page shows it.

    Attributes:
        choices: what there is; none for the finish, which is drawn.
        chosen: the place of what was chosen.
        hrefs: where each choice leads; "" for what is sold out.
        back: where the step can be taken again.
    """

    key: str
    label: str
    state: State
    choices: tuple[Choice, ...]
    chosen: int
    hrefs: tuple[str, ...]
    back: str


@dataclass(frozen=True, slots=True)
class Shop:
    """The configurator at some point.

    Attributes:
        finish: the one that is drawn.
        total: the price of what was chosen so far.
        key: of the configuration, once every step is done.
    """

    steps: tuple[Step, ...]
    finish: int
    total: int
    key: str


def asked(model: Model) -> tuple[str, ...]:
    """The steps of a model: there is none where there is one size only."""
    return STEPS if len(model.sizes) > 1 else STEPS[1:]


def configurator(model: Model, query: Mapping[str, Sequence[str]]) -> Shop:
    """The configurator after the choices in an address. Raises BadRequest."""
    options = {"size": model.sizes, "finish": (), "storage": model.storages, "care": model.care}
    counts = {step: len(among) for step, among in options.items()} | {"finish": len(model.finishes)}
    labels = {
        "size": model.about.size_label, "finish": "Finish", "storage": model.about.storage_label, "care": "Care",
    }  # fmt: skip
    chosen: dict[str, int] = {}
    for step in asked(model):
        if step not in query:
            break
        chosen[step] = _place(query[step][-1], counts[step])
    finish, storage = chosen.get("finish", 0), chosen.get("storage", -1)
    if (finish, storage) in model.sold_out:
        raise BadRequest("This configuration is sold out.")

    def href(places: Mapping[str, int]) -> str:
        return f"/buy/{model.slug}?{urlencode(places)}"

    steps: list[Step] = []
    before: dict[str, int] = {}
    for number, step in enumerate(asked(model)):
        state: State = "done" if step in chosen else "now" if number == len(chosen) else "next"
        gone = [place for place in range(counts[step]) if step == "storage" and (finish, place) in model.sold_out]
        hrefs = tuple("" if place in gone else href(before | {step: place}) for place in range(counts[step]))
        steps.append(Step(step, labels[step], state, options[step], chosen.get(step, 0), hrefs, href(before)))
        before = before | ({step: chosen[step]} if step in chosen else {})
    adds = sum(options[step][place].adds for step, place in chosen.items() if step != "finish")
    whole = len(chosen) == len(steps)
    key = Configuration(model, **{step: chosen.get(step, 0) for step in STEPS}).key if whole else ""
    return Shop(tuple(steps), finish, model.price + adds, key)


def _place(text: str, count: int) -> int:
    if not (text.isdecimal() and len(text) == 1 and int(text) < count):
        raise BadRequest("There is no such option.")
    return int(text)
