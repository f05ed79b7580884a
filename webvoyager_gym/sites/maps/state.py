"""What the map site remembers of a visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from webvoyager_gym.sites.kit import State
from webvoyager_gym.sites.maps.world import World


@dataclass
class MapsState(State):
    """Starred places, lists of places and labels of one episode. `notice` is for the next page shown."""

    starred: set[str]
    lists: dict[str, set[str]]
    labels: dict[str, str]
    notice: str = ""

    @classmethod
    def of(cls, world: World) -> MapsState:
        """The state at the start of an episode."""
        return cls(set(world.starred), {name: set(places) for name, places in world.lists}, dict(world.labels))

    def effects(self) -> dict[str, Any]:
        """Starred places, lists, labels."""
        return {
            "starred": sorted(self.starred),
            "lists": {name: sorted(places) for name, places in sorted(self.lists.items())},
            "labels": dict(sorted(self.labels.items())),
        }

    def take_notice(self) -> str:
        """The message for this page; it is shown once."""
        notice, self.notice = self.notice, ""
        return notice
