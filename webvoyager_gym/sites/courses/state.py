"""What the place remembers of one visitor."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from webvoyager_gym.sites.courses.world import World
from webvoyager_gym.sites.kit import State


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a course: the session's key, a key of TRACKS, and how far one has got, in per cent."""

    session: str
    track: str
    done: int = 0


@dataclass
class LearnState(State):
    """What one visitor has done.

    Attributes:
        places: course slug to the visitor's place in it, in the order of enrolling.
        done: how far the visitor had got in courses that were left; who comes back goes on from there.
        wishes: slugs of the courses on the wish list, likewise.
        quizzes: course slug to the answers given in its practice quiz.
    """

    world: World
    signed_in: bool = True
    places: dict[str, Place] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    wishes: list[str] = field(default_factory=list)
    quizzes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def leave(self, slug: str) -> None:
        """Give up the place in a course, if there is one."""
        place = self.places.pop(slug, None)
        if place is not None:
            self.done[slug] = place.done

    def effects(self) -> dict[str, Any]:
        return {
            "places": {slug: asdict(place) for slug, place in self.places.items()},
            "wishes": sorted(self.wishes),
            "quizzes": {slug: list(answers) for slug, answers in self.quizzes.items()},
        }
