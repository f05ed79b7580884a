"""What the site remembers of a visitor, and what is in the bag."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from webvoyager_gym.sites.devices.world import Choice, Model, World
from webvoyager_gym.sites.kit import NotHere, State

MOST = 5
"""Highest quantity of one thing in the bag."""
LARGEST_BAG = 6
LONGEST_ENGRAVING = 24
STEPS = ("size", "finish", "storage", "care")
"""What a configuration chooses, in the order of the configurator."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A model with one option of each step, by their places."""

    model: Model
    size: int
    finish: int
    storage: int
    care: int

    @property
    def key(self) -> str:
        """Its name in the bag, such as "velano-pro.0.2.1.0"."""
        return ".".join([self.model.slug, *(str(getattr(self, step)) for step in STEPS)])

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Size, storage and care."""
        return self.model.sizes[self.size], self.model.storages[self.storage], self.model.care[self.care]

    @property
    def price(self) -> int:
        """In US dollars."""
        return self.model.price + sum(choice.adds for choice in self.choices)

    @property
    def available(self) -> bool:
        return (self.finish, self.storage) not in self.model.sold_out


def configuration(world: World, key: str) -> Configuration:
    """The configuration of a key. Raises NotHere."""
    name, *places = key.split(".")
    model = world.by_slug.get(name)
    if model is None or len(places) != len(STEPS) or not all(place.isdecimal() and len(place) == 1 for place in places):
        raise NotHere("There is no such configuration.")
    numbers = [int(place) for place in places]
    options = (model.sizes, model.finishes, model.storages, model.care)
    if any(number >= len(among) for number, among in zip(numbers, options, strict=True)):
        raise NotHere("There is no such configuration.")
    return Configuration(model, *numbers)


@dataclass(frozen=True, slots=True)
class Item:
    """How many of a configuration are in the bag, and what is engraved on them."""

    quantity: int = 1
    engraving: str = ""


@dataclass
class Visitor(State):
    """A visitor's own things.

    Attributes:
        bag: by the key of a configuration.
        saved: slugs of saved devices.
        comparisons: kind -> slugs of the models of the saved comparison, sorted.
        choices: "pickup" and "store" (slugs of stores), "trade-in" ("slug/condition") and "newsletter" (an e-mail
            address), where they are set.
        seen: paths of the pages that were opened.
        asked: whether the newsletter dialog was closed.
    """

    saved: dict[str, bool]
    bag: dict[str, Item] = field(default_factory=dict)
    comparisons: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    asked: bool = False

    @classmethod
    def of(cls, world: World) -> Visitor:
        """The state at the start of an episode."""
        return cls(dict.fromkeys(world.saved, True))

    def effects(self) -> dict[str, Any]:
        return {
            "bag": {key: asdict(item) for key, item in self.bag.items()},
            "saved": dict(self.saved),
            "comparisons": {kind: list(slugs) for kind, slugs in self.comparisons.items()},
            "choices": dict(self.choices),
        }
