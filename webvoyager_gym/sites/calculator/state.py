"""What the site remembers of one visitor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from webvoyager_gym.sites.calculator.engine.answer import Manner
from webvoyager_gym.sites.calculator.understand import NotUnderstood, understand
from webvoyager_gym.sites.calculator.world import SHARING, World
from webvoyager_gym.sites.kit import State

SETTINGS: dict[str, tuple[str, ...]] = {
    "units": ("Metric", "Imperial"),
    "decimals": ("2", "4", "6", "8"),
    "angles": ("Degrees", "Radians"),
    "theme": ("Light", "Sand", "Mint"),
}
USUAL = {"units": "Metric", "decimals": "4", "angles": "Degrees", "theme": "Light"}
LABELS = {"units": "Units", "decimals": "Decimals", "angles": "Angles in", "theme": "Theme"}
MOST_NOTEBOOKS, MOST_ENTRIES, MOST_FAVOURITES, MOST_PINS, MOST_RECENT = 5, 5, 6, 3, 4
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook: its name, colour and who may see it."""

    name: str
    colour: str
    share: str = SHARING[0]


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept result: an input in the site's own words, and what an ambiguous name is taken for."""

    text: str
    kind: str = ""

    @property
    def key(self) -> str:
        """Both in one text."""
        return f"{self.text} [{self.kind}]" if self.kind else self.text


def saved_from(key: str) -> Saved:
    """What `Saved.key` was made from."""
    text, _, kind = key.removesuffix("]").partition(" [")
    return Saved(text, kind)


@dataclass
class Desk(State):
    """The visitor's own things.

    Attributes:
        notebooks: by id, "n1" and so on; a new one gets the lowest that is free.
        entries: what is in the notebooks, by (id of the notebook, name).
        favourites, pins: results and example inputs, in the order in which they came.
        settings: by the keys of SETTINGS.
        recent: what was typed last, the newest first; no effect.
    """

    world: World
    notebooks: dict[str, Notebook]
    entries: dict[tuple[str, str], Saved]
    favourites: dict[Saved, bool] = field(default_factory=dict)
    pins: dict[str, bool] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=lambda: dict(USUAL))
    recent: list[str] = field(default_factory=list)

    def effects(self) -> dict[str, Any]:
        return {
            "notebooks": {key: asdict(notebook) for key, notebook in sorted(self.notebooks.items())},
            "entries": {f"{book}/{name}": saved.key for (book, name), saved in self.entries.items()},
            "favourites": {saved.key: True for saved in self.favourites},
            "pins": dict(self.pins),
            "settings": dict(self.settings),
        }

    @property
    def manner(self) -> Manner:
        """How the settings want numbers."""
        return Manner(int(self.settings["decimals"]), self.settings["angles"] == "Degrees")

    def entries_of(self, book: str) -> dict[str, Saved]:
        """What is in a notebook, by name."""
        return {name: saved for (of, name), saved in self.entries.items() if of == book}

    def free_id(self) -> str:
        """The id of the next new notebook."""
        return next(key for key in (f"n{number}" for number in range(1, 99)) if key not in self.notebooks)


def saved_as(text: str, kind: str, world: World) -> Saved | None:
    """What is kept of an input; None if it means nothing."""
    answer = understand(text, world, kind)
    return None if isinstance(answer, NotUnderstood) else Saved(answer.meaning, answer.kind)


def new_desk(world: World) -> Desk:
    """The visitor's things at the start of an episode."""
    entries = {}
    for entry in world.entries:
        saved = saved_as(entry.text, entry.kind, world)
        if saved is None:
            raise ValueError(f"the entry {entry.text!r} means nothing")
        entries[entry.notebook, entry.name] = saved
    notebooks = {f"n{number}": Notebook(name, colour) for number, (name, colour) in enumerate(world.notebooks, 1)}
    return Desk(world, notebooks, entries)
