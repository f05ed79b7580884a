"""What the search engine remembers of one user."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webvoyager_gym.sites.kit import State
from webvoyager_gym.sites.search.names import slug
from webvoyager_gym.sites.search.world import World

SETTINGS = {
    "language": ("Language", ("English", "Deutsch", "Español", "Français", "Italiano")),
    "results": ("Results per page", ("5", "10", "20")),
    "safe": ("SafeSearch", ("Blur", "Filter", "Off")),
    "region": ("Region", ("Any region", "North", "South", "East", "West")),
}
"""The preferences: how each is called and what may be chosen; the first is where everyone starts."""

FREQUENCIES = ("As it happens", "Once a day", "Once a week", "Once a month")
BETWEEN = "|"
"""Between a collection and what is in it, in a key of the effects."""


@dataclass
class Memory(State):
    """What one user has done.

    Attributes:
        collections: slug to name.
        saved: slug of a collection and key of an item in it.
        alerts: slug of a search to the search and how often it reports.
        forgotten: slugs of earlier searches that were removed.
        pins: keys of pages.
        feedback: key of an answer box to what is wrong with it.
        following: keys of things.
    """

    collections: dict[str, str] = field(default_factory=dict)
    saved: list[tuple[str, str]] = field(default_factory=list)
    settings: dict[str, str] = field(
        default_factory=lambda: {key: choices[0] for key, (_, choices) in SETTINGS.items()}
    )
    alerts: dict[str, tuple[str, str]] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    feedback: dict[str, str] = field(default_factory=dict)
    following: list[str] = field(default_factory=list)

    @property
    def page_size(self) -> int:
        return int(self.settings["results"])

    def items(self, collection: str) -> list[str]:
        """What is in a collection, in the order it came in."""
        return [item for of, item in self.saved if of == collection]

    def effects(self) -> dict[str, Any]:
        return {
            "collections": dict.fromkeys(self.collections, True),
            "saved": {f"{collection}{BETWEEN}{item}": True for collection, item in self.saved},
            "settings": dict(self.settings),
            "alerts": {key: frequency for key, (_, frequency) in self.alerts.items()},
            "forgotten": dict.fromkeys(self.forgotten, True),
            "pins": dict.fromkeys(self.pins, True),
            "feedback": dict(self.feedback),
            "following": dict.fromkeys(self.following, True),
        }


def fresh(world: World) -> Memory:
    """What is remembered when the user comes."""
    memory = Memory(following=list(world.following))
    for name, items in world.collections:
        memory.collections[slug(name)] = name
        memory.saved += [(slug(name), item) for item in items]
    memory.alerts = {slug(query): (query, frequency) for query, frequency in world.alerts}
    return memory
