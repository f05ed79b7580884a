"""What the sports site remembers of a fan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from webvoyager_gym.sites.kit import State
from webvoyager_gym.sites.sports.world import World


@dataclass
class SportsState(State):
    """Followed teams, reminders of matches, predicted scores, the vote in the poll ("" for none)."""

    followed: set[str]
    reminders: set[str]
    predictions: dict[str, tuple[int, int]] = field(default_factory=dict)
    vote: str = ""
    notice: str = ""

    @classmethod
    def of(cls, world: World) -> SportsState:
        """The state at the start of an episode."""
        return cls(set(world.followed), set(world.reminders))

    def effects(self) -> dict[str, Any]:
        """Everything but the notice."""
        return {
            "followed": sorted(self.followed),
            "reminders": sorted(self.reminders),
            "predictions": {match: list(score) for match, score in sorted(self.predictions.items())},
            "vote": self.vote,
        }

    def take_notice(self) -> str:
        """The message for this page; it is shown once."""
        notice, self.notice = self.notice, ""
        return notice
