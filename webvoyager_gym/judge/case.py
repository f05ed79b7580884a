"""What a judge is shown of an episode."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Self

from PIL import Image

from webvoyager_gym.types import Episode, Screenshot


@dataclass(frozen=True, slots=True)
class Shot:
    """A screenshot.

    Attributes:
        encoded: bytes of a picture file.
    """

    encoded: bytes

    @classmethod
    def of(cls, screenshot: Screenshot) -> Self:
        """Of (H, W, 3) uint8, RGB."""
        # Collecting loads the environments, which judging recorded episodes does without.
        from webvoyager_gym.collect import webp

        return cls(webp(screenshot))

    @property
    def image(self) -> Image.Image:
        """The picture. Raises OSError if it is none."""
        return Image.open(io.BytesIO(self.encoded)).convert("RGB")


@dataclass(frozen=True, slots=True)
class Reference:
    """A right answer by a task's authors.

    Attributes:
        golden: whether it was the only right one; others are one of several, and most of them have aged.
        answer: in words.
    """

    golden: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Case:
    """An episode to be judged.

    Attributes:
        goal: the task in words.
        answer: the agent's; "" if it gave none.
        shots: what it saw, oldest first; a judge is shown the last ones.
        reference: a right answer, where one is known.
    """

    goal: str
    answer: str
    shots: tuple[Shot, ...]
    reference: Reference | None = None


def case_of(episode: Episode, reference: Reference | None = None) -> Case:
    """A recorded episode as a case; one without screenshots is judged by its answer alone."""
    shots = [Shot(step.screenshot) for step in episode.steps if step.screenshot]
    # An answer changes nothing, so that its page is recorded twice.
    if len(shots) > 1 and shots[-1] == shots[-2]:
        shots.pop()
    return Case(episode.goal, episode.answer, tuple(shots), reference)
