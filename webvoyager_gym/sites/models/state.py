"""What the hub remembers of one visitor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from webvoyager_gym.sites.kit import State
from webvoyager_gym.sites.models.search import words_of
from webvoyager_gym.sites.models.world import World

LOADING = 2
"""How often one has to look again until a model that nobody used is loaded."""


@dataclass(frozen=True, slots=True)
class Access:
    """What was said to get at a gated model's files."""

    name: str
    country: str
    use: str


@dataclass(frozen=True, slots=True)
class Job:
    """Two sentences that a model was asked to compare."""

    key: str
    first: str
    second: str

    @property
    def result(self) -> int:
        """The similarity in per cent: shared words by all different words."""
        one, other = set(words_of(self.first)), set(words_of(self.second))
        return round(100 * len(one & other) / max(1, len(one | other)))


@dataclass
class HubState(State):
    """What one visitor has done.

    Attributes:
        likes: keys of liked items, in the order they were liked.
        collections: collection to the keys in it.
        threads: item key to (title, message) of the discussion the visitor started there.
        access: key of a gated model to what its form was filled in with.
        job: what the widget was asked last; `loading` is how often one still has to look again, by model.
    """

    world: World
    likes: list[str] = field(default_factory=list)
    collections: dict[str, list[str]] = field(default_factory=dict)
    threads: dict[str, tuple[str, str]] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    job: Job | None = None
    loading: dict[str, int] = field(default_factory=dict)

    def effects(self) -> dict[str, Any]:
        return {
            "likes": sorted(self.likes),
            "collections": {name: sorted(keys) for name, keys in self.collections.items()},
            "threads": {key: list(thread) for key, thread in self.threads.items()},
            "access": {key: asdict(access) for key, access in self.access.items()},
        }
